"""A conversation put aside until a time, and what brings it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from groundwork import clock, timers
from hallway.conversations import Conversation, inbox, snoozing
from tenants.models import Tenant
from tests import makers
from tests.makers import World
from tests.ui.visitor import FRAGMENT, Visitor, words
from workers.jobs import TIMERS

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def talk(world: World) -> UUID:
    with world.plumber.open() as session:
        conversation = makers.make_conversation(session, source="text")
        makers.make_text_in(session, conversation, business=world.plumber)
        return conversation.id


def conversation(world: World, talk: UUID) -> Conversation:
    with world.plumber.open() as session:
        return session.get_one(Conversation, (world.plumber.id, talk))


def snooze(visitor: Visitor, talk: UUID, **form: str) -> str:
    answer = visitor.send(f"/inbox/{talk}/snooze", form, **FRAGMENT)
    return answer.headers.get("HX-Trigger", "")


def test_a_snoozed_conversation_leaves_the_work_and_waits_in_its_own_list(
    world: World, bob: Visitor, talk: UUID
) -> None:
    assert '"tone": "good"' in snooze(bob, talk, until="tomorrow")
    asleep = conversation(world, talk)
    assert asleep.snoozed_until
    assert asleep.snoozed_until.astimezone(CHICAGO).hour == 8
    assert "Dana Kowalski" not in words(bob.get("/inbox/list?view=waiting"))
    assert "Dana Kowalski" not in words(bob.get("/inbox/list?view=unassigned"))
    assert "Dana Kowalski" in words(bob.get("/inbox/list?view=snoozed"))
    page = words(bob.get(f"/inbox/{talk}"))
    assert "Put aside until tomorrow 8:00 AM." in page
    assert "Bob Tran" in page


def test_the_timer_brings_it_back_on_top_and_unread(
    world: World, bob: Visitor, talk: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited_since = conversation(world, talk).waiting_since
    snooze(bob, talk, until="tomorrow")
    later = clock.now() + timedelta(days=2)
    timers.run_due(world.plumber.id, TIMERS)
    assert conversation(world, talk).status == "snoozed", "not before its time"
    monkeypatch.setattr(clock, "now", lambda: later)
    timers.run_due(world.plumber.id, TIMERS)
    awake = conversation(world, talk)
    assert (awake.status, awake.unread, awake.snoozed_until) == ("open", True, None)
    assert (awake.last_event_at, awake.waiting_since) == (later, waited_since)


def test_a_word_from_them_wakes_it_at_once_and_the_timer_then_does_nothing(
    world: World, bob: Visitor, talk: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    snooze(bob, talk, until="tomorrow")
    with world.plumber.open() as session:
        makers.make_text_in(
            session, session.get_one(Conversation, (world.plumber.id, talk)), "Hello?", business=world.plumber
        )
    assert conversation(world, talk).status == "open"
    bob.send(f"/inbox/{talk}/close")
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    timers.run_due(world.plumber.id, TIMERS)
    assert conversation(world, talk).status == "closed"


def test_it_is_woken_by_hand(world: World, bob: Visitor, talk: UUID) -> None:
    snooze(bob, talk, until="tomorrow")
    page = words(bob.send(f"/inbox/{talk}/reopen", **FRAGMENT))
    assert "Put aside" not in page
    assert conversation(world, talk).status == "open"


@pytest.mark.parametrize("picked", ["", "yesterday", "2001-01-01T10:00", "9999-12-31T23:59", "2027-01-01T10:00+05:00"])
def test_a_time_that_makes_no_sense_is_refused_in_plain_words(
    world: World, bob: Visitor, talk: UUID, picked: str
) -> None:
    assert '"tone": "bad"' in snooze(bob, talk, at=picked)
    assert conversation(world, talk).status == "open"


def test_a_picked_time_is_meant_by_the_business_s_clock(world: World, bob: Visitor, talk: UUID) -> None:
    day = (clock.now() + timedelta(days=9)).date()
    snooze(bob, talk, at=f"{day}T09:30")
    until = conversation(world, talk).snoozed_until
    assert until
    assert until.astimezone(CHICAGO).replace(tzinfo=None) == datetime.fromisoformat(f"{day}T09:30")


def test_who_wakes_first_stands_first_and_pages_lose_nobody(world: World) -> None:
    now = clock.now()
    with world.plumber.open() as session:
        for n in range(7):
            contact = makers.make_contact(session, f"Caller {n}", f"+151255502{n:02d}")
            until = now + timedelta(hours=1 + (n * 3) % 7 // 2)
            makers.make_conversation(session, contact, status="snoozed", snoozed_until=until)
        seen, cursor = [], None
        while True:
            page = inbox.page(session, "snoozed", None, limit=2, cursor=cursor)
            seen += page.lines
            cursor = page.next
            if cursor is None:
                break
    assert len({line.id for line in seen}) == len(seen) == 7
    moments = [line.snoozed_until for line in seen if line.snoozed_until]
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        ("2026-11-25T10:20", ["today", "tomorrow", "monday"]),  # a Wednesday morning
        ("2026-11-25T19:00", ["tomorrow", "monday"]),  # in the evening no hours are left
        ("2026-11-29T10:00", ["today", "tomorrow"]),  # on Sunday tomorrow is Monday
    ],
)
def test_the_usual_times_fit_the_day(now: str, keys: list[str]) -> None:
    tenant = Tenant(timezone="America/Chicago")
    at = datetime.fromisoformat(now).replace(tzinfo=CHICAGO)
    found = snoozing.choices(tenant, at)
    assert [choice.key for choice in found] == keys
    assert all(choice.at > at for choice in found)


def test_later_today_is_never_in_the_small_hours() -> None:
    at = datetime(2026, 11, 25, 1, 10, tzinfo=CHICAGO)
    assert snoozing.choices(Tenant(timezone="America/Chicago"), at)[0].at.hour == 12


def test_an_hour_that_the_spring_skips_is_moved_on() -> None:
    tenant = Tenant(timezone="America/Chicago")
    now = datetime(2027, 3, 13, 12, tzinfo=CHICAGO)
    at = snoozing.wall_clock(tenant, now, "2027-03-14T02:30")
    assert at == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)
