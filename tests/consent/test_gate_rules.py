"""Each rule of the gate, asked alone; and what holds for any facts whatever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.consent import Decision, Facts, decide
from hallway.consent.rules import LONGEST_BODY

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # Tuesday noon in Austin
NIGHT = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)  # half past eleven at night in Austin
JUST_NOW = timedelta(seconds=20)


def facts(**known: Any) -> Facts:
    """A text-back to Dana at Tuesday noon, to which nothing stands against."""
    at = known.get("at", NOON)
    plain: dict[str, Any] = {
        "address": "+15125550148",
        "purpose": "reply",
        "kind": "text_back",
        "at": at,
        "expires_at": at + timedelta(minutes=20),
        "sender": "+15125550100",
        "length": 90,
        "says_stop": True,
        "names_sender": True,
        "tenant_state": "TX",
        "tenant_zone": "America/Chicago",
        "heard_at": at - JUST_NOW,
        "call_missed_at": at - JUST_NOW,
        "call_is_theirs": True,
    }
    return Facts(**{**plain, **known})


def offer(**known: Any) -> Facts:
    """A marketing text to Dana, who agreed to offers in writing."""
    agreed = {"consent_action": "granted", "consent_method": "web_form", "consent_worded": True}
    tomorrow = known.get("at", NOON) + timedelta(days=3)
    return facts(
        **{"kind": "campaign", "purpose": "marketing", "lane": "bulk", "expires_at": tomorrow, **agreed, **known}
    )


def answer(decision: Decision) -> tuple[str, str]:
    return decision.answer, decision.rule


def test_a_text_back_to_a_caller_just_missed_may_go_at_any_hour() -> None:
    assert answer(decide(facts())) == ("allow", "allow.reply")
    assert answer(decide(facts(at=NIGHT))) == ("allow", "allow.reply")


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"address": "anonymous"}, "number.anonymous"),
        ({"address": "+266696687"}, "number.anonymous"),
        ({"address": ""}, "number.anonymous"),
        ({"address": "+18005550123"}, "number.toll_free"),
        ({"address": "+19005550123"}, "number.premium"),
        ({"address": "+447911123456"}, "number.foreign"),
        ({"address": "+18765550123"}, "number.other_nanp"),
        ({"address": "+14165550123"}, "number.canada"),
        ({"address": "55512"}, "number.invalid"),
        ({"address": "+15125550100", "our_number": True}, "number.our_own"),
        ({"sender": None}, "sender.none"),
        ({"blank": True}, "content.empty"),
        ({"length": LONGEST_BODY + 1}, "content.too_long"),
        ({"shortener": "bit.ly"}, "content.shortener"),
        ({"expires_at": NOON}, "shelf_life"),
        ({"suppressed_reason": "opt_out"}, "suppressed.opt_out"),
        ({"suppressed_reason": "carrier_block"}, "suppressed.carrier_block"),
        ({"suppressed_reason": "wrong_number"}, "suppressed.wrong_number"),
        ({"blocked_at": NOON}, "contact.blocked"),
        ({"line_type": "landline"}, "number.landline"),
        ({"invalid_reason": "This number is not in service."}, "number.dead"),
        ({"purpose": "staff", "kind": "alert"}, "staff.not_ours"),
        ({"paused_reason": "a doubtful reply."}, "automation.paused"),
        ({"automatic_10m": 4}, "automation.loop"),
        ({"text_back_on": False}, "text_back.off"),
        ({"call_is_theirs": False}, "text_back.no_missed_call"),
        ({"call_missed_at": None}, "text_back.no_missed_call"),
        ({"call_missed_at": NOON - timedelta(minutes=31)}, "text_back.late"),
        ({"texted_back": True}, "text_back.already"),
    ],
)
def test_the_gate_refuses_a_text_back(known: dict[str, Any], rule: str) -> None:
    decision = decide(facts(**known))
    assert answer(decision) == ("refuse", rule)
    assert decision.explanation[0].isupper()
    assert decision.explanation.endswith(".")


def test_a_mobile_an_internet_line_and_an_unknown_line_may_be_tried() -> None:
    for line in ("mobile", "fixedVoip", "nonFixedVoip", None):
        assert decide(facts(line_type=line)).answer == "allow"


def test_a_stopped_account_holds_what_is_still_good_later() -> None:
    stopped = facts(stopped_reason="the carrier refused our password.")
    assert answer(decide(stopped)) == ("hold", "tenant.stopped")
    assert decide(stopped).until == NOON + timedelta(minutes=2)
    soon_stale = replace(stopped, expires_at=NOON + timedelta(minutes=1))
    assert answer(decide(soon_stale)) == ("refuse", "tenant.stopped")


def test_an_opted_out_person_still_gets_their_one_confirmation_but_only_at_once() -> None:
    confirmation = facts(purpose="compliance", kind="opt_out_confirmation", suppressed_reason="opt_out", at=NIGHT)
    assert answer(decide(confirmation)) == ("allow", "allow.compliance")
    late = replace(confirmation, heard_at=NIGHT - timedelta(minutes=6))
    assert answer(decide(late)) == ("refuse", "compliance.late")
    assert decide(replace(confirmation, suppressed_reason="carrier_block")).answer == "refuse"


def test_an_alarm_reaches_our_own_phone_at_night_unless_that_phone_opted_out() -> None:
    alarm = facts(purpose="staff", kind="alert", staff_phone=True, at=NIGHT)
    assert answer(decide(alarm)) == ("allow", "allow.staff")
    assert answer(decide(replace(alarm, suppressed_reason="opt_out"))) == ("refuse", "suppressed.opt_out")


def test_a_person_may_write_while_automatic_texts_are_paused() -> None:
    by_hand = facts(kind="person", by_person=True, paused_reason="a doubtful reply.", automatic_10m=9)
    assert decide(by_hand).answer == "allow"
    assert answer(decide(replace(by_hand, suppressed_reason="opt_out"))) == ("refuse", "suppressed.opt_out")


def test_a_person_may_answer_at_night_only_in_a_live_conversation() -> None:
    by_hand = facts(kind="person", by_person=True, at=NIGHT, expires_at=NIGHT + timedelta(days=1))
    assert answer(decide(replace(by_hand, heard_at=NIGHT - timedelta(hours=1)))) == ("allow", "allow.reply")
    cold = decide(replace(by_hand, heard_at=NIGHT - timedelta(hours=3)))
    assert answer(cold) == ("hold", "hold.hours.TX")
    assert cold.until == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # 9:00 in Texas


def test_an_automatic_answer_that_is_no_longer_prompt_waits_for_the_morning() -> None:
    late = facts(
        kind="sequence", at=NIGHT, heard_at=NIGHT - timedelta(minutes=11), expires_at=NIGHT + timedelta(days=1)
    )
    assert decide(late).answer == "hold"
    assert decide(replace(late, expires_at=NIGHT + timedelta(hours=2))).answer == "refuse"


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"consent_action": None}, "consent.missing"),
        ({"consent_action": "revoked"}, "consent.revoked"),
        ({"consent_method": "verbal"}, "consent.not_written"),
        ({"consent_method": "inbound_call"}, "consent.not_written"),
        ({"consent_worded": False}, "consent.not_written"),
        ({"marketing_stopped": True}, "suppressed.marketing"),
    ],
)
def test_marketing_needs_written_consent(known: dict[str, Any], rule: str) -> None:
    assert answer(decide(offer())) == ("allow", "allow.hours.TX")
    assert answer(decide(offer(**known))) == ("refuse", rule)


AGREED = NOON - timedelta(days=10)


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({}, "allow.hours.TX"),
        ({"heard_at": None}, "allow.hours.TX"),
        ({"follow_up_agreed_at": None}, "follow_up.not_agreed"),
        ({"follow_up_agreed_at": NOON - timedelta(days=91), "heard_at": None}, "follow_up.too_old"),
        ({"follow_up_agreed_at": NOON - timedelta(days=91)}, "allow.hours.TX"),  # heard of since
        ({"follow_up_agreed_at": None, "consent_action": "revoked"}, "consent.revoked"),
        ({"follow_up_agreed_at": None, "marketing_stopped": True}, "suppressed.marketing"),
        ({"follow_up_agreed_at": None, "consent_action": "granted", "consent_method": "verbal"}, "consent.not_written"),
        ({"suppressed_reason": "opt_out"}, "suppressed.opt_out"),
    ],
)
def test_a_follow_up_on_an_estimate_is_an_offer_unless_they_asked_and_agreed(known: dict[str, Any], rule: str) -> None:
    plain = {"consent_action": None, "purpose": "follow_up", "kind": "sequence", "follow_up_agreed_at": AGREED}
    decision = decide(offer(**{**plain, **known}))
    assert answer(decision) == ("allow" if rule.startswith("allow") else "refuse", rule)
    agreed = decide(offer(**{**plain, "follow_up_agreed_at": None, "consent_action": "granted"}))
    assert answer(agreed) == ("allow", "allow.hours.TX")


def test_nobody_gets_more_than_a_few_automatic_texts_a_day_and_a_week() -> None:
    morning = NOON - timedelta(hours=4)
    day = decide(offer(touches_24h=3, touches_7d=3, oldest_touch_24h=morning, oldest_touch_7d=morning))
    assert (day.answer, day.rule, day.until) == ("hold", "cap.day", morning + timedelta(days=1))
    monday = NOON - timedelta(days=6)
    week = decide(offer(touches_24h=1, touches_7d=8, oldest_touch_24h=morning, oldest_touch_7d=monday))
    assert (week.answer, week.rule, week.until) == ("hold", "cap.week", monday + timedelta(days=7))


def test_florida_allows_three_offers_in_a_day_even_when_people_send_them() -> None:
    first = NOON - timedelta(hours=3)
    sent = {"marketing_24h": 3, "oldest_marketing_24h": first, "by_person": True}
    assert answer(decide(offer(address="+13055550148", **sent))) == ("hold", "cap.state.FL")
    assert answer(decide(offer(state="FL", **sent))) == ("hold", "cap.state.FL")
    assert decide(offer(**sent)).answer == "allow"


def test_offers_keep_the_business_s_own_hours_inside_the_law_s() -> None:
    evening = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)  # 20:30 in Austin: Texas allows it until 21:00
    assert answer(decide(offer(at=evening))) == ("hold", "hold.hours.TENANT")
    reminder = facts(kind="reminder", purpose="informational", at=evening, expires_at=evening + timedelta(days=1))
    assert answer(decide(reminder)) == ("allow", "allow.hours.TX")


def test_an_allowed_offer_says_when_the_carrier_must_have_delivered_it() -> None:
    assert decide(offer()).send_by == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 20:00 in Austin
    assert decide(facts()).send_by is None


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
ADDRESSES = st.sampled_from(
    ["+15125550148", "+13055550148", "+12705550148", "+18505550148", "+18005550100", "+14165550100", "+442079460000"]
) | st.text(max_size=14)
ANY_FACTS = st.builds(
    Facts,
    address=ADDRESSES,
    purpose=st.sampled_from(["reply", "informational", "follow_up", "marketing", "compliance", "staff"]),
    kind=st.sampled_from(["text_back", "person", "campaign", "reminder", "opt_out_confirmation", "alert"]),
    at=MOMENTS,
    by_person=st.booleans(),
    expires_at=st.none() | MOMENTS,
    sender=st.none() | st.just("+15125550100"),
    tenant_state=st.none() | st.sampled_from(["TX", "FL"]),
    tenant_zone=st.none() | st.just("America/Chicago"),
    marketing_start=st.sampled_from(["09:00", "8", "", "25:00"]),
    suppressed_reason=st.none() | st.sampled_from(["opt_out", "carrier_block", "staff", "something new"]),
    marketing_stopped=st.booleans(),
    blocked_at=st.none() | MOMENTS,
    line_type=st.none() | st.sampled_from(["mobile", "landline"]),
    staff_phone=st.booleans(),
    state=st.none() | st.sampled_from(["FL", "KY", "AZ"]),
    zone=st.none() | st.just("Pacific/Honolulu"),
    consent_action=st.none() | st.sampled_from(["granted", "revoked"]),
    consent_method=st.none() | st.sampled_from(["web_form", "verbal"]),
    consent_worded=st.booleans(),
    follow_up_agreed_at=st.none() | MOMENTS,
    paused_reason=st.none() | st.just("a doubtful reply."),
    heard_at=st.none() | MOMENTS,
    touches_24h=st.integers(0, 9),
    oldest_touch_24h=st.none() | MOMENTS,
    marketing_24h=st.integers(0, 5),
    oldest_marketing_24h=st.none() | MOMENTS,
    call_missed_at=st.none() | MOMENTS,
    call_is_theirs=st.booleans(),
)


@given(ANY_FACTS)
def test_the_gate_always_answers_and_never_lets_the_wrong_thing_pass(any_facts: Facts) -> None:
    decision = decide(any_facts)
    if decision.answer == "allow":
        assert any_facts.suppressed_reason is None or any_facts.purpose == "compliance"
        assert not any_facts.blocked_at
        assert any_facts.line_type != "landline"
        assert any_facts.expires_at is None or any_facts.at < any_facts.expires_at
        assert any_facts.purpose != "marketing" or any_facts.consent_action == "granted"
        agreed = any_facts.consent_action == "granted" or any_facts.follow_up_agreed_at is not None
        assert any_facts.purpose != "follow_up" or agreed
        assert decision.send_by is None or decision.send_by > any_facts.at
    if decision.answer == "hold":
        assert decision.until is not None
        assert any_facts.expires_at is None or decision.until < any_facts.expires_at
    assert decision.explanation


@given(ANY_FACTS)
def test_what_was_stored_gives_the_same_answer_again(any_facts: Facts) -> None:
    decision = decide(any_facts)
    assert decide(Facts.from_json(decision.saw)) == decision
