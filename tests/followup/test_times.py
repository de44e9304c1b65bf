"""When a step is due: the wall clock where the person is, open hours of the business, and plans that make no sense."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hallway.followup import Plan, PlanError
from hallway.followup.planning import days_later
from tenants import hours
from tenants.models import Tenant
from tests.followup.sequence import AGAIN, HELLO, at, begin, make_sequence, touches, work
from tests.makers import PRIYA, WEEKDAYS, World

AUSTIN, PHOENIX = ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")


@pytest.mark.parametrize(
    ("zone", "due"), [(AUSTIN, "2026-03-08T15:00:00+00:00"), (PHOENIX, "2026-03-08T17:00:00+00:00")]
)
def test_ten_in_the_morning_stays_ten_over_a_change_of_the_clocks(zone: ZoneInfo, due: str) -> None:
    since = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)
    found = days_later(since, 1, "10:00", zone)
    assert found == datetime.fromisoformat(due)
    assert found.astimezone(zone).hour == 10


def test_an_hour_that_the_clocks_leave_out_is_the_one_after_it() -> None:
    found = days_later(datetime(2026, 3, 7, 20, 0, tzinfo=UTC), 1, "02:30", AUSTIN)
    assert found.astimezone(AUSTIN).isoformat() == "2026-03-08T03:30:00-05:00"


def test_an_hour_already_past_is_tomorrow_s() -> None:
    found = days_later(datetime(2026, 11, 24, 20, 0, tzinfo=UTC), 0, "10:00", AUSTIN)
    assert found.astimezone(AUSTIN).isoformat() == "2026-11-25T10:00:00-06:00"


def test_business_hours_pass_only_while_the_doors_are_open() -> None:
    shop = Tenant(timezone="America/Chicago", hours=WEEKDAYS, closed_days=[], observe_federal_holidays=False)
    friday = datetime.fromisoformat("2026-11-27T16:00:00-06:00")
    assert hours.after_open_hours(shop, friday, 4) == datetime.fromisoformat("2026-11-30T11:00:00-06:00")
    never = Tenant(timezone="America/Chicago", hours={}, closed_days=[], observe_federal_holidays=False)
    assert hours.after_open_hours(never, friday, 4) == datetime.fromisoformat("2026-11-27T20:00:00-06:00")


def test_each_person_s_own_clock_counts(world: World) -> None:
    make_sequence(world.plumber, AGAIN)
    with at("2026-11-24T14:00:00-06:00") as now:
        begin(world.plumber, phone=PRIYA, name="Priya Shah")
        now.to("2026-11-25T11:00:00-06:00", world.plumber)
    (text,) = touches(world.plumber)
    assert text.at.astimezone(ZoneInfo("America/Denver")).hour == 10


def test_a_sunday_in_texas_waits_for_the_hour_the_state_allows(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    with at("2026-11-29T08:30:00-06:00") as now:  # a Sunday
        begin(world.plumber)
        now.jump(minutes=5)
        work(world.plumber)
    (text,) = touches(world.plumber)
    assert text.due_at is not None
    assert (text.state, text.due_at.astimezone(AUSTIN).isoformat()) == ("held", "2026-11-29T12:00:00-06:00")


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"steps": []}, "between one and"),
        ({"steps": [HELLO, HELLO]}, "Two steps are called"),
        ({"steps": [{**HELLO, "body": " "}]}, "is empty"),
        ({"steps": [{**HELLO, "wait": {"minutes": 5, "days": 1}}]}, "A wait is minutes"),
        ({"steps": [{**HELLO, "wait": {"days": 1, "at": "25:00"}}]}, "hour of the day"),
        ({"steps": [HELLO, {"id": "b", "kind": "branch", "when": "replied", "then": "hello"}]}, "a later step"),
        ({"steps": [HELLO], "stop_on": ["reply"]}, "An opt-out always stops"),
        ({"steps": [HELLO], "purpose": "spam"}, "The purpose is one of"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_plain_words(plan: dict[str, object], words: str) -> None:
    with pytest.raises(PlanError, match=words):
        Plan.from_json(plan)


def test_a_plan_reads_back_as_it_was() -> None:
    plan = Plan.from_json({"steps": [HELLO, AGAIN], "stop_on": ["opt_out", "reply"]})
    assert Plan.from_json(plan.as_json()) == plan
