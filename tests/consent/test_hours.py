"""Quiet hours by every place a person may be in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.rulebook.hours import CLOSING_MARGIN, Purpose, TenantWindow, decide, law_window
from hallway.rulebook.places import area_codes
from hallway.rulebook.state_rules import caps_for, holidays_known_through, is_holiday, rule_for

TUESDAY = date(2026, 11, 24)
TEXAS, ALABAMA, RHODE_ISLAND = "+15125550134", "+12055550134", "+14015550134"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("number", "opens", "closes"),
    [
        ("+18505550134", "2026-11-24T14:00Z", "2026-11-25T01:00Z"),
        ("+15415550134", "2026-11-24T16:00Z", "2026-11-25T03:00Z"),
        ("+12705550134", "2026-11-24T16:00Z", "2026-11-25T02:00Z"),
        ("+19285550134", "2026-11-24T15:00Z", "2026-11-25T04:00Z"),
        # No place known: inside 11:00-20:00 Eastern.
        ("+18005550134", "2026-11-24T16:00Z", "2026-11-25T01:00Z"),
    ],
)
def test_the_window_is_the_overlap_of_all_zones_and_states(number: str, opens: str, closes: str) -> None:
    assert law_window(number, TUESDAY) == (_at(opens), _at(closes))


def test_the_start_is_inside_and_the_end_is_outside() -> None:
    assert decide("+18505550134", "marketing", _at("2026-11-24T14:00:00Z")).decision == "allow"
    assert decide("+18505550134", "marketing", _at("2026-11-24T13:59:59Z")).until == _at("2026-11-24T14:00Z")
    assert decide("+18505550134", "marketing", _at("2026-11-25T00:59:59Z")).decision == "allow"
    late = decide("+18505550134", "marketing", _at("2026-11-25T01:00:00Z"))
    assert (late.decision, late.until, late.rule) == ("hold", _at("2026-11-25T14:00Z"), "hold.hours.FL")


def test_the_margin_stops_sending_before_the_law_does() -> None:
    at = _at("2026-11-25T00:45Z")
    assert decide("+18505550134", "marketing", at).closes == _at("2026-11-25T01:00Z")
    held = decide("+18505550134", "marketing", at, margin=CLOSING_MARGIN)
    assert (held.decision, held.rule) == ("hold", "hold.closing_margin")


def test_two_in_the_morning_is_held_until_the_morning() -> None:
    held = decide(TEXAS, "marketing", _at("2026-11-24T02:00-06:00"))
    assert (held.decision, held.until) == ("hold", _at("2026-11-24T09:00-06:00"))
    assert "2:00 AM in Chicago" in held.explanation


def test_an_answer_to_the_persons_own_message_goes_at_any_hour() -> None:
    assert decide(TEXAS, "reply", _at("2026-11-24T02:00-06:00")).decision == "allow"


def test_a_sunday_and_a_state_holiday_without_sending_are_skipped() -> None:
    sunday = decide(ALABAMA, "informational", _at("2026-11-29T12:00-06:00"))
    assert (sunday.rule, sunday.until) == ("hold.sunday.AL", _at("2026-11-30T08:00-06:00"))
    # Jefferson Davis' birthday, Alabama only.
    holiday = decide(ALABAMA, "marketing", _at("2026-06-01T12:00-05:00"))
    assert (holiday.rule, holiday.until) == ("hold.holiday.AL", _at("2026-06-02T08:00-05:00"))
    assert decide(TEXAS, "marketing", _at("2026-06-01T12:00-05:00")).decision == "allow"


def test_louisiana_also_keeps_the_federal_holidays_its_own_list_leaves_out() -> None:
    assert is_holiday("LA", date(2026, 10, 12))
    assert is_holiday("LA", date(2026, 2, 17))


def test_thanksgiving_and_the_day_after_are_off_in_pennsylvania() -> None:
    held = decide("+12155550134", "marketing", _at("2026-11-26T12:00-05:00"))
    assert held.until == _at("2026-11-28T08:00-05:00")


def test_the_strictest_of_area_code_and_address_counts() -> None:
    found = decide(TEXAS, "marketing", _at("2026-11-24T17:59-05:00"), address_state="RI")
    assert (found.decision, found.states) == ("allow", ["RI", "TX"])
    assert decide(TEXAS, "marketing", _at("2026-11-24T18:00-05:00"), address_state="RI").rule == "hold.hours.RI"


def test_an_address_in_another_state_adds_that_states_zones() -> None:
    found = decide("+12015550134", "marketing", _at("2026-11-24T18:00Z"), address_state="CA")
    assert found.zones == ["America/Los_Angeles", "America/New_York"]
    exact = decide(TEXAS, "marketing", _at("2026-11-24T18:00Z"), address_state="FL", address_zone="America/New_York")
    assert exact.zones == ["America/Chicago", "America/New_York"]


def test_arizona_stays_put_while_the_navajo_nation_turns_its_clocks() -> None:
    assert law_window("+16025550134", date(2026, 7, 14)) == (_at("2026-07-14T15:00Z"), _at("2026-07-15T04:00Z"))
    assert law_window("+19285550134", date(2026, 7, 14)) == (_at("2026-07-14T15:00Z"), _at("2026-07-15T03:00Z"))


def test_indiana_is_read_in_both_its_zones() -> None:
    assert law_window("+12195550134", TUESDAY) == (_at("2026-11-24T14:00Z"), _at("2026-11-25T02:00Z"))
    assert law_window("+13175550134", TUESDAY) == (_at("2026-11-24T13:00Z"), _at("2026-11-25T02:00Z"))


@pytest.mark.parametrize(
    ("day", "opens"), [(date(2026, 3, 7), "15:00"), (date(2026, 3, 9), "14:00"), (date(2026, 11, 2), "15:00")]
)
def test_the_clock_change_moves_the_instant_and_not_the_hour(day: date, opens: str) -> None:
    window = law_window(TEXAS, day)
    assert window is not None
    assert f"{window[0]:%H:%M}" == opens


def test_the_day_the_clocks_change_opens_at_the_right_instant() -> None:
    assert law_window("+13125550134", date(2026, 3, 8)) == (_at("2026-03-08T13:00Z"), _at("2026-03-09T02:00Z"))


def test_texas_begins_at_noon_on_sundays() -> None:
    assert decide(TEXAS, "marketing", _at("2026-11-29T11:59-06:00")).until == _at("2026-11-29T12:00-06:00")


def test_a_number_without_a_place_also_keeps_the_businesss_own_hours() -> None:
    found = decide("+18005550134", "marketing", _at("2026-11-24T17:00Z"), tenant_state="HI")
    assert (found.decision, found.rule) == ("hold", "hold.hours.HI")
    assert found.until == _at("2026-11-24T18:00Z")


@pytest.mark.parametrize(
    ("number", "purpose", "rule"),
    [
        ("+14165550134", "marketing", "refuse.canada"),
        ("+18765550134", "marketing", "refuse.outside_us"),
        ("+18765550134", "informational", "refuse.outside_us"),
        ("+447700900123", "marketing", "refuse.outside_us"),
        ("+15005550134", "marketing", "refuse.personal"),
        ("+19005550134", "reply", "refuse.premium"),
    ],
)
def test_a_number_that_may_not_be_written_to_is_refused_with_its_reason(
    number: str, purpose: Purpose, rule: str
) -> None:
    refused = decide(number, purpose, _at("2026-11-24T18:00Z"))
    assert (refused.decision, refused.rule, refused.until) == ("refuse", rule, None)
    assert refused.explanation.endswith(".")


def test_a_business_may_narrow_its_hours_but_not_widen_the_laws() -> None:
    assert decide(TEXAS, "marketing", _at("2026-11-24T20:30-06:00")).decision == "allow"
    own = decide(TEXAS, "marketing", _at("2026-11-24T20:30-06:00"), tenant_window=TenantWindow())
    assert (own.rule, own.until) == ("hold.hours.TENANT", _at("2026-11-25T09:00-06:00"))
    wide = TenantWindow(start=datetime.min.time(), end=datetime.max.time(), days=frozenset(range(7)))
    assert decide(TEXAS, "marketing", _at("2026-11-24T08:30-06:00"), tenant_window=wide).rule == "hold.hours.TX"


def test_no_opening_in_two_weeks_is_a_refusal() -> None:
    never = TenantWindow(days=frozenset())
    found = decide(TEXAS, "marketing", _at("2026-11-24T18:00Z"), tenant_window=never)
    assert (found.decision, found.rule) == ("refuse", "refuse.no_legal_window")


def test_a_rule_counts_from_the_day_it_took_effect() -> None:
    assert rule_for("OR", date(2025, 12, 31)).state == "US"
    assert rule_for("OR", date(2026, 1, 1)).state == "OR"


def test_past_the_end_of_the_holiday_calendar_a_holiday_state_is_silent() -> None:
    beyond = date(holidays_known_through() + 1, 3, 3)
    assert law_window(ALABAMA, beyond) is None
    assert law_window(TEXAS, beyond) is not None


def test_frequency_caps_come_from_the_states_that_set_them() -> None:
    caps = caps_for(["TX", "FL", "OR"], TUESDAY)
    assert [(cap.state, cap.count, cap.hours, cap.ebr_exempt) for cap in caps] == [
        ("FL", 3, 24, False),
        ("OR", 3, 24, True),
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"at": datetime(2026, 11, 24, 18)}, "offset"),  # noqa: DTZ001
        ({"purpose": "spam"}, "purpose"),
        ({"address_state": "ZZ"}, "state"),
        ({"address_state": "UNKNOWN"}, "state"),
        ({"contact_zone": "Mars/Base"}, "time zone"),
        ({"to": "12"}, "number"),
        ({"at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "years"),
    ],
)
def test_nonsense_is_told_in_plain_words(wrong: dict[str, object], message: str) -> None:
    asked: dict[str, object] = {"to": TEXAS, "purpose": "marketing", "at": _at("2026-11-24T18:00Z"), **wrong}
    with pytest.raises(ValueError, match=message):
        decide(**asked)  # type: ignore[arg-type]


@given(
    st.sampled_from(sorted(npa for npa, place in area_codes().items() if place.state)),
    st.integers(0, 60 * 24 * 400),
)
def test_a_held_message_may_go_at_the_instant_it_was_held_until_and_not_a_minute_before(npa: str, minute: int) -> None:
    number, at = f"+1{npa}5550134", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    found = decide(number, "marketing", at)
    if found.until:
        assert found.until > at
        assert decide(number, "marketing", found.until).decision == "allow"
        assert decide(number, "marketing", found.until - timedelta(minutes=1)).decision == "hold"
    else:
        assert found.decision == "allow"
        assert found.closes is not None
        assert decide(number, "marketing", found.closes).decision == "hold"
