"""The list of the inbox: which conversations stand in which view, and paging through them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from groundwork import clock, database
from groundwork.database import ScopedSession
from hallway.consent.models import Suppression
from hallway.conversations import Conversation, handling, inbox
from hallway.conversations.search import START, STOP, search
from tests import makers
from tests.makers import Business, World

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def world() -> World:
    return makers.make_world()


def conversation(session: ScopedSession, name: str, phone: str, at: datetime, **columns: Any) -> Conversation:
    """Somebody who texted at `at` and waits, unless told otherwise."""
    contact = makers.make_contact(session, name, phone)
    return makers.make_conversation(session, contact, last_event_at=at, **{"waiting_since": at, **columns})


def names(page: inbox.Page) -> list[str | None]:
    return [line.name for line in page.lines]


def crowd(business: Business, how_many: int) -> None:
    """Many conversations, in pairs of the same moment, which a page must neither lose nor repeat."""
    with business.open() as session:
        for n in range(how_many):
            at = clock.now() - timedelta(minutes=n // 2)
            conversation(session, f"Caller {n}", f"+151255502{n:02d}", at, urgent_reason="Leak" if n % 5 == 0 else None)


@pytest.mark.parametrize(("missed", "source"), [((True, False), "missed_call"), ((False, True), "call")])
def test_a_conversation_that_began_with_a_missed_call_says_so(
    world: World, missed: tuple[bool, bool], source: str
) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        for minutes, lost in zip((30, 10), missed, strict=True):
            at = clock.now() - timedelta(minutes=minutes)
            makers.make_call(session, talk, business=world.plumber, missed=lost, at=at)
        line = inbox.line(session, talk.id)
    assert line
    assert line.source == source


@pytest.mark.parametrize("view", ["all", "waiting", "unassigned"])
def test_paging_shows_each_conversation_once(world: World, view: str) -> None:
    crowd(world.plumber, 25)
    with world.plumber.open() as session:
        page = inbox.page(session, view, None, limit=4)
        seen: list[UUID] = [line.id for line in page.lines]
        while page.next:
            page = inbox.page(session, view, None, limit=4, cursor=page.next)
            seen += [line.id for line in page.lines]
    assert len(seen) == len(set(seen)) == 25


def test_a_conversation_that_moves_up_between_pages_is_not_shown_twice(world: World) -> None:
    crowd(world.plumber, 12)
    with world.plumber.open() as session:
        first = inbox.page(session, "all", None, limit=6)
        moved = session.get(Conversation, (world.plumber.id, first.lines[-1].id))
        assert moved
        moved.last_event_at = clock.now()
        session.flush()
        second = inbox.page(session, "all", None, limit=6, cursor=first.next)
    assert not {line.id for line in first.lines} & {line.id for line in second.lines}


def test_the_urgent_stand_first_in_waiting_and_then_who_waits_longest(world: World) -> None:
    now = clock.now()
    with world.plumber.open() as session:
        conversation(session, "Short", "+15125550201", now - timedelta(minutes=2))
        conversation(session, "Long", "+15125550202", now - timedelta(hours=5))
        conversation(session, "Urgent", "+15125550203", now - timedelta(minutes=1), urgent_reason="Gas smell")
        assert names(inbox.page(session, "waiting", None)) == ["Urgent", "Long", "Short"]


def test_each_view_holds_what_its_name_says(world: World) -> None:
    now, bob = clock.now(), world.bob.member
    with world.plumber.open() as session:
        conversation(session, "Bobs", "+15125550201", now, assigned_to=bob, waiting_since=None)
        conversation(session, "Free", "+15125550202", now - timedelta(minutes=1))
        conversation(session, "Done", "+15125550203", now - timedelta(minutes=2), status="closed", waiting_since=None)
        conversation(session, "Later", "+15125550204", now - timedelta(minutes=3), status="snoozed",
                     snoozed_until=now + timedelta(hours=1))  # fmt: skip
        views = {view: names(inbox.page(session, view, bob)) for view in inbox.VIEWS}
        counts = inbox.counts(session, bob)
    assert views == {
        "all": ["Bobs", "Free", "Done", "Later"],
        "waiting": ["Free"],
        "mine": ["Bobs"],
        "unassigned": ["Free"],
        "snoozed": ["Later"],
        "mentioned": [],
        "closed": ["Done"],
    }
    assert counts == inbox.Counts(waiting=1, mine=1, unassigned=1)


def test_agency_staff_who_are_no_members_have_nothing_of_their_own(world: World) -> None:
    with world.plumber.open() as session:
        conversation(session, "Free", "+15125550202", clock.now())
        assert inbox.page(session, "mine", None).lines == []
        assert inbox.counts(session, None).mine == 0


def test_counts_stop_at_a_hundred(world: World) -> None:
    with world.plumber.open() as session:
        for n in range(104):
            conversation(session, f"Caller {n}", f"+1512556{n:04d}", clock.now())
        assert inbox.counts(session, None).waiting == inbox.CAP


def test_a_line_says_whether_they_asked_us_to_stop(world: World) -> None:
    with world.plumber.open() as session:
        conversation(session, "Walter", "+15125550201", clock.now())
        session.add(Suppression(channel="sms", address="+15125550201", scope="all", reason="opt_out"))
        session.flush()
        assert [line.stopped for line in inbox.page(session, "all", None).lines] == [True]


@pytest.mark.parametrize(
    "cursor", ["x", "bm90IGpzb24", "W10", "WzEsMiwzXQ", "W2ZhbHNlLCAiMjAyNi0wMS0wMSIsICJ4Il0", "é"]
)
def test_a_made_up_cursor_is_refused_in_plain_words(world: World, cursor: str) -> None:
    with world.plumber.open() as session, pytest.raises(inbox.BadCursorError, match="Open the inbox again"):
        inbox.page(session, "all", None, cursor=cursor)


def test_another_business_sees_none_of_it(world: World) -> None:
    crowd(world.plumber, 3)
    with world.charlie.open() as session:
        assert inbox.page(session, "all", None).lines == []
        assert search(session, "Caller") == []


def test_a_page_of_the_list_is_one_query(world: World) -> None:
    crowd(world.plumber, 12)
    statements: list[str] = []
    with world.plumber.open() as session:
        session.connection()
        engine = database.engine("web")
        record = lambda *arguments: statements.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", record)
        inbox.page(session, "all", None)
        event.remove(engine, "before_cursor_execute", record)
    assert len(statements) == 1


def test_words_are_found_in_texts_and_marked(world: World) -> None:
    with world.plumber.open() as session:
        thread = makers.make_conversation(session)
        makers.make_text_in(session, thread, "There is water leaking from the heater", business=world.plumber)
        (hit,) = search(session, "leaking heater")
    assert hit.conversation_id == thread.id
    assert f"{START}leaking{STOP}" in hit.excerpt


@pytest.mark.parametrize("words", ["dana", "Kowal", "(512) 555-0148", "5550148", "1120 bluff"])
def test_a_person_is_found_by_name_number_and_place(world: World, words: str) -> None:
    with world.plumber.open() as session:
        makers.make_conversation(session, makers.make_contact(session, address="1120 Bluff Creek Dr"))
        assert [hit.name for hit in search(session, words)] == ["Dana Kowalski"]


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "the", "'", "\\", "zzz"])
def test_words_that_say_nothing_find_nobody(world: World, words: str) -> None:
    with world.plumber.open() as session:
        thread = makers.make_conversation(session)
        makers.make_text_in(session, thread, "My water heater is leaking", business=world.plumber)
        assert search(session, words) == []


def test_a_conversation_is_given_only_to_somebody_who_works_here(world: World) -> None:
    with world.plumber.open() as session:
        thread = makers.make_conversation(session)
        handling.assign(session, thread, world.bob.member)
        assert thread.assigned_to == world.bob.member
        with pytest.raises(handling.NobodyThereError, match="no longer a member"):
            handling.assign(session, thread, world.charles.member)


def test_closing_ends_the_wait_and_a_new_text_opens_it_again(world: World) -> None:
    with world.plumber.open() as session:
        thread = makers.make_conversation(session)
        makers.make_text_in(session, thread, business=world.plumber)
        handling.close(session, thread)
        assert (thread.status, thread.waiting_since, thread.unread) == ("closed", None, False)
        makers.make_text_in(session, thread, "One more thing", business=world.plumber)
        assert (thread.status, thread.unread) == ("open", True)
