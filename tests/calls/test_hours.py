"""When a business is open, in its own zone, across holidays, nights and the change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tenants.hours import DAYS, closed_day_name, opens_next, reopens_in_words, situation
from tenants.models import Tenant

AUSTIN = ZoneInfo("America/Chicago")
WEEK = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def business(**columns: Any) -> Tenant:
    known = {"timezone": "America/Chicago", "hours": WEEK, "closed_days": [], "observe_federal_holidays": True}
    return Tenant(name="Bluff Creek Plumbing", **{**known, "busy_until": None, **columns})


def austin(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=AUSTIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (austin(18, 7, 59), "after_hours"),
        (austin(18, 8, 0), "open"),
        (austin(18, 16, 59), "open"),
        (austin(18, 17, 0), "after_hours"),
        (austin(21, 10), "after_hours"),  # a Saturday
        (austin(26, 10), "holiday"),  # Thanksgiving
        (austin(26, 23), "holiday"),
    ],
)
def test_the_hours_of_the_week(at: datetime, expected: str) -> None:
    assert situation(business(), at) == expected


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    night = business(hours={"fri": [["18:00", "02:00"]]})
    assert situation(night, austin(21, 1)) == "open"  # Saturday, one in the morning
    assert situation(night, austin(20, 1)) == "after_hours"
    closed_friday = business(hours=night.hours, closed_days=[{"date": "2026-11-20", "name": "Inventory"}])
    assert situation(closed_friday, austin(21, 1)) == "after_hours"


def test_round_the_clock() -> None:
    always = business(hours={day: [["00:00", "24:00"]] for day in DAYS})
    assert situation(always, austin(18, 23, 59)) == "open"
    assert situation(always, austin(19, 0, 0)) == "open"


def test_a_lunch_break_closes_the_doors() -> None:
    lunch = business(hours={"wed": [["13:00", "17:00"], ["08:00", "12:00"]]})
    assert [situation(lunch, austin(18, hour)) for hour in (9, 12, 14)] == ["open", "after_hours", "open"]
    assert opens_next(lunch, austin(18, 12, 30)) == austin(18, 13)


def test_busy_counts_only_while_open_and_until_its_end() -> None:
    busy = business(busy_until=austin(18, 12))
    assert [situation(busy, austin(18, hour)) for hour in (7, 9, 12)] == ["after_hours", "busy", "open"]


def test_holidays_can_be_worked() -> None:
    assert situation(business(observe_federal_holidays=False), austin(26, 10)) == "open"


def test_a_closed_day_has_its_name() -> None:
    tenant = business(closed_days=[{"date": "2026-12-24", "name": "Christmas Eve"}])
    assert closed_day_name(tenant, austin(24, 10, month=12).date()) == "Christmas Eve"
    assert closed_day_name(tenant, austin(25, 10, month=12).date()) == "Christmas Day"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (austin(18, 6), "today at 8 am"),
        (austin(18, 18), "tomorrow at 8 am"),
        (austin(20, 18), "Monday at 8 am"),
        (austin(25, 18), "Friday at 8 am"),  # over Thanksgiving
    ],
)
def test_the_next_opening_in_words(at: datetime, words: str) -> None:
    assert reopens_in_words(business(), at) == words


def test_half_hours_are_said_and_no_hours_are_not_guessed() -> None:
    assert reopens_in_words(business(hours={"thu": [["07:30", "12:00"]]}), austin(18, 18)) == "tomorrow at 7:30 am"
    assert reopens_in_words(business(hours={}), austin(18, 18)) is None


def test_on_the_day_clocks_go_forward_the_doors_open_by_the_wall_clock() -> None:
    sunday = business(hours={"sun": [["08:00", "17:00"]]})
    before = datetime(2026, 3, 8, 12, 59, tzinfo=UTC)  # 7:59 am, already daylight time
    assert situation(sunday, before) == "after_hours"
    assert situation(sunday, before + timedelta(minutes=1)) == "open"
    assert opens_next(sunday, before) == before + timedelta(minutes=1)
