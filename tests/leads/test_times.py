"""Preferred times: a small grammar in the zone of the place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.leads.times import find_time, find_windows, window_of

CHICAGO = "America/Chicago"
WEDNESDAY = datetime(2026, 11, 25, 13, 0, tzinfo=ZoneInfo(CHICAGO))


def _said(text: str, now: datetime = WEDNESDAY, zone: str = CHICAGO) -> str | None:
    field = find_time(text, now=now, zone=zone)
    return field.label if field else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("today", "Wed, Nov 25, any time"),
        ("tonight", "Wed, Nov 25, night"),
        ("tmrw am or pm, whatever", "Thu, Nov 26, any time"),
        ("tommorow at 8", "Thu, Nov 26, 8 am"),
        ("tomorrow evening around 6", "Thu, Nov 26, around 6 pm"),
        ("tonight at 8", "Wed, Nov 25, 8 pm"),
        ("day after tomorrow", "Fri, Nov 27, any time"),
        ("Friday", "Fri, Nov 27, any time"),
        ("Wednesday", "Wed, Dec 2, any time"),
        ("next Monday", "Mon, Nov 30, any time"),
        ("next Friday at noon", "Fri, Dec 4, noon"),
        ("this weekend", "Sat, Nov 28 – Sun, Nov 29, any time"),
        ("next week", "Mon, Nov 30 – Fri, Dec 4, any time"),
        ("first thing tomorrow morning", "Thu, Nov 26, first thing"),
        ("between 2 and 4", "Wed, Nov 25, 2–4 pm"),
        ("from 9 to 11 on Friday", "Fri, Nov 27, 9–11 am"),
        ("10-2 tomorrow", "Thu, Nov 26, 10 am–2 pm"),
        ("9-1pm Friday", "Fri, Nov 27, 9 am–1 pm"),
        ("after 3", "Wed, Nov 25, after 3 pm"),
        ("after 3:30 pm", "Wed, Nov 25, after 3:30 pm"),
        ("at 2pm", "Wed, Nov 25, 2 pm"),
        ("before noon on Saturday", "Sat, Nov 28, before noon"),
        ("in two hours", "Wed, Nov 25, 3:00 pm"),
        ("in 3 days", "Sat, Nov 28, any time"),
        ("Dec 5", "Sat, Dec 5, any time"),
        ("December 5th after 1", "Sat, Dec 5, after 1 pm"),
        ("5 December", "Sat, Dec 5, any time"),
        ("12/5", "Sat, Dec 5, any time"),
        ("on 12/5/2026 at 9am", "Sat, Dec 5, 9 am"),
        ("the 5th at noon", "Sat, Dec 5, noon"),
        ("Jan 4", "Mon, Jan 4, any time"),
        ("Thursday, Dec 3 at 10", "Thu, Dec 3, 10 am"),
        ("Mon-Fri 8-5", "Wed, Nov 25 – Fri, Nov 27, 8 am–5 pm"),
        ("Mon to Tue", "Mon, Nov 30 – Tue, Dec 1, any time"),
        ("home by 5:30", "Wed, Nov 25, after 5:30 pm"),
        ("by Friday", "Wed, Nov 25 – Fri, Nov 27, any time"),
        ("after the 28th", "Sun, Nov 29 – Sat, Dec 5, any time"),
        ("not until Friday", "Fri, Nov 27, any time"),
        ("I'm not home until 5", "Wed, Nov 25, after 5 pm"),
        ("el viernes por la mañana", "Fri, Nov 27, morning"),
        ("mañana a las 3", "Thu, Nov 26, 3 pm"),
    ],
)
def test_a_wish_is_read_with_a_bias_to_the_future(text: str, label: str) -> None:
    assert _said(text) == label


@pytest.mark.parametrize(
    "text",
    [
        "and may need a new one",
        "it may 2 or 3",
        "1120 gallons",
        "a 3/4 inch pipe and 1/2 of another",
        "24/7",
        "the 2nd floor",
        "for the 3rd time",
        "2 toilets and 4 sinks",
        "call 512-555-0142",
        "$200 after 2 visits",
        "since Monday",
        "last Friday you were here",
        "it broke this morning",
        "I sat in the sun",
        "we wed in a church",
        "I march on",
        "can't do Friday",
        "Friday doesn't work",
        "version 2.30 of it",
        "built in 1998",
        "Toilet runs all night",
        "it makes noise at night",
        "leaking every night",
        "every morning the water is cold",
        "heat goes out in the evening",
        "se sale toda la noche",
    ],
)
def test_what_is_no_wish_yields_no_time(text: str) -> None:
    assert _said(text) is None


def test_a_window_opens_now_when_the_day_has_begun() -> None:
    field = find_time("today please", now=WEDNESDAY, zone=CHICAGO)
    assert field is not None
    start, end = window_of(field.value)
    assert start == WEDNESDAY
    assert end == datetime(2026, 11, 25, 20, 0, tzinfo=ZoneInfo(CHICAGO))


def test_an_hour_gone_by_today_means_tomorrow() -> None:
    assert _said("at 9am") == "Thu, Nov 26, 9 am"


def test_the_zone_of_the_place_decides_which_day_today_is() -> None:
    just_past_midnight_in_new_york = datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
    assert _said("today", just_past_midnight_in_new_york, "America/New_York") == "Thu, Nov 26, any time"
    assert _said("today", just_past_midnight_in_new_york, "America/Los_Angeles") == "Wed, Nov 25, any time"


def test_two_hours_stay_two_hours_across_a_clock_change() -> None:
    before_spring_forward = datetime(2027, 3, 14, 1, 30, tzinfo=ZoneInfo(CHICAGO))
    field = find_time("in two hours", now=before_spring_forward, zone=CHICAGO)
    assert field is not None
    start, _ = window_of(field.value)
    assert start.timestamp() - before_spring_forward.timestamp() == 7200
    assert start.hour == 4


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        find_time("today", now=datetime(2026, 11, 25), zone=CHICAGO)  # noqa: DTZ001


_WORDS = (
    "today tonight tomorrow next this weekend week Monday Fri sat at after before by between and 2 4 11 12 3pm 9am "
    "noon morning evening Dec March 5 5th the on in two hours 30 minutes 12/5 2/29 2027-02-29 - , . not until or"
)
_PIECES = st.sampled_from(_WORDS.split(" "))
_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001
_ZONES = st.sampled_from(["America/Chicago", "America/New_York", "Pacific/Honolulu", "America/Phoenix", "Pacific/Apia"])


@given(st.lists(_PIECES, max_size=9).map(" ".join), _MOMENTS, _ZONES)
def test_every_window_is_ahead_and_has_a_length(text: str, now: datetime, zone: str) -> None:
    for window in find_windows(text, now=now, zone=zone):
        start, end = window_of(window.value)
        assert start.timestamp() < end.timestamp()
        assert end.timestamp() > now.timestamp()
        assert start.timestamp() > now.timestamp() - 60
        assert text[slice(*window.span)].strip()


@given(st.integers(1, 700))
def test_a_written_date_is_read_back(days: int) -> None:
    day = date(2026, 11, 25) + timedelta(days=days)
    field = find_time(f"can you come {day:%B} {day.day}, {day.year}?", now=WEDNESDAY, zone=CHICAGO)
    assert field is not None
    assert window_of(field.value)[0].date() == day
