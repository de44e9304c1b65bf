"""Two entries of one person become one and two again: nothing lost, nobody written to twice, in any order."""

from __future__ import annotations

from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, UniqueConstraint, func, select

import hallway.models  # noqa: F401
from groundwork import clock, timers
from groundwork.database import Base, new_id
from groundwork.tables import Timer
from hallway import consent, contacts, followup
from hallway.calls.models import Alarm
from hallway.contacts import Contact, ContactMerge, ContactPoint
from hallway.conversations import Attachment, Conversation, Message, labels, snoozing
from hallway.followup import Enrollment
from hallway.leads.models import Lead, LeadField
from hallway.tidying import doubles, duplicates, merging, splitting
from tests import makers
from tests.followup.sequence import HELLO, make_sequence
from tests.makers import DANA, MARCUS, Author, World

BOB = Author(new_id(), "Bob Tran")
_lines = count(100)


def know(world: World, name: str, phone: str, words: str = "Hello") -> UUID:
    """Somebody who wrote to Alice's business; returns the conversation's id."""
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session, name, phone), source="text")
        makers.make_text_in(session, talk, words, business=world.plumber, sender=phone)
        return talk.id


def person(world: World, phone: str) -> Contact:
    with world.plumber.open() as session:
        found = contacts.find(session, phone)
        assert found
        return found


def merge(world: World, kept_phone: str, gone_phone: str) -> UUID:
    with world.plumber.open() as session:
        kept, gone = contacts.find(session, kept_phone), contacts.find(session, gone_phone)
        assert kept
        assert gone
        return merging.merge(session, kept, gone, BOB).id


def split(world: World, merge_id: UUID) -> None:
    with world.plumber.open() as session:
        splitting.split(session, session.get_one(ContactMerge, (world.plumber.id, merge_id)), BOB)


def test_every_way_to_belong_to_a_person_is_known_to_the_merge() -> None:
    """A new table that is unique by conversation or contact fails here until a merge knows what to do with doubles."""
    for parent in ("contact", "conversation"):
        for table, column in merging.holders(parent):
            unique = [[c.name for c in one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)]
            unique += [[c.name for c in index.columns] for index in table.indexes if index.unique]
            if any(column.name in names for names in unique):
                assert table.name in doubles.SETTLED, f"{table.name} is unique by {column.name}"
    loose = {
        table.name
        for table in Base.metadata.sorted_tables
        if "conversation_id" in table.c and table.name not in {t.name for t, _ in merging.holders("conversation")}
    }
    assert loose <= {"gate_decision"}, "these name a conversation without belonging to it"


def test_everything_of_both_stands_in_one_thread_and_goes_back_to_where_it_came_from(world: World) -> None:
    dana, other = know(world, "Dana Kowalski", DANA), know(world, "D. Kowalski", MARCUS)
    with world.plumber.open() as session:
        mine, theirs = (session.get_one(Conversation, (world.plumber.id, id_)) for id_ in (dana, other))
        tags = [labels.keep(session, None, name, "teal") for name in ("Both", "Hers")]
        labels.put_on(session, tags[0], [dana, other])
        labels.put_on(session, tags[1], [other])
        for talk, name in ((mine, "service"), (theirs, "address")):
            lead = Lead(id=new_id(), conversation_id=talk.id, source="text")
            session.add(lead)
            session.flush()
            session.add(LeadField(lead_id=lead.id, name=name, value="x", label=name))
            session.add(Alarm(id=new_id(), conversation_id=talk.id, reason="repeat_call", words="Twice"))
        snoozing.snooze(session, mine, clock.in_(days=1), BOB)
        text = session.scalars(select(Message).where(Message.conversation_id == other)).one()
        session.add(Attachment(message_id=text.id, source_url="x", content_type="image/png", state="stored"))
        point = session.scalars(select(ContactPoint).where(ContactPoint.value == MARCUS)).one()
        session.add(ContactPoint(contact_id=point.contact_id, kind="email", value="d@example.com"))
        theirs_since, gone_id = theirs.waiting_since, theirs.contact_id
        session.get_one(Contact, (world.plumber.id, gone_id)).address = "1120 Bluff Creek"
    merge_id = merge(world, DANA, MARCUS)

    kept = person(world, MARCUS)
    assert (kept.name, kept.address, person(world, DANA).id) == ("Dana Kowalski", "1120 Bluff Creek", kept.id)
    with world.plumber.open() as session:
        talk = session.scalars(select(Conversation)).one()
        assert (talk.id, talk.status, talk.snoozed_until) == (dana, "open", None)
        assert talk.waiting_since
        assert theirs_since
        assert talk.waiting_since <= theirs_since
        assert {row.conversation_id for row in session.scalars(select(Message))} == {dana}
        assert session.scalar(select(func.count()).select_from(Message)) == 2
        assert sorted(session.scalars(select(Lead.status))) == ["merged", "open"]
        open_lead = session.scalars(select(Lead).where(Lead.status == "open")).one()
        assert set(session.scalars(select(LeadField.name).where(LeadField.lead_id == open_lead.id))) == {
            "service", "address",
        }  # fmt: skip
        assert session.scalar(select(func.count()).where(Alarm.acknowledged_at.is_(None))) == 1
        assert contacts.now_in(session, other) == dana
        makers.make_text_in(session, talk, "And one more", business=world.plumber, sender=MARCUS)
        makers.make_text_in(session, talk, "Mine", business=world.plumber, sender=DANA)
    split(world, merge_id)
    with world.plumber.open() as session:
        assert set(session.scalars(select(Conversation.id))) == {dana, other}
        assert person(world, MARCUS).id == gone_id
        assert (person(world, MARCUS).name, person(world, DANA).address) == ("D. Kowalski", None)
        words = select(Message.body).where(Message.conversation_id == other)
        assert set(session.scalars(words)) == {"Hello", "And one more"}
        assert session.scalar(labels_on(other)) == 2
        assert session.scalar(select(func.count()).where(LeadField.name == "address")) == 1
        assert list(session.scalars(select(Lead.status))) == ["open", "open"]
        assert session.scalar(select(func.count()).select_from(Attachment)) == 1
        assert contacts.now_in(session, other) == other
        with pytest.raises(merging.MergeError, match="already"):
            splitting.split(session, session.get_one(ContactMerge, (world.plumber.id, merge_id)), BOB)


def labels_on(talk: UUID) -> Select[int]:
    table = Base.metadata.tables["conversation_label"]
    return select(func.count()).select_from(table).where(table.c.conversation_id == talk)


def test_who_is_in_a_sequence_by_both_entries_is_written_to_once(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    for name, phone in (("Dana", DANA), ("Dana K", MARCUS)):
        talk = know(world, name, phone)
        with world.plumber.open() as session:
            followup.moment(session, "form", session.get_one(Conversation, (world.plumber.id, talk)), "the-same-key")
    merge_id = merge(world, DANA, MARCUS)
    with world.plumber.open() as session:
        rows = session.scalars(select(Enrollment).order_by(Enrollment.started_at)).all()
        assert [(one.state, one.conversation_id) for one in rows] == [
            ("running", rows[0].conversation_id), ("stopped", rows[0].conversation_id),
        ]  # fmt: skip
        assert rows[1].stopped_why == doubles.TWICE
        ready = session.scalars(select(Timer.key).where(Timer.state == "ready", Timer.kind == followup.STEP)).all()
        assert ready == [f"{rows[0].id}:hello"]
    split(world, merge_id)
    with world.plumber.open() as session:
        assert {one.key for one in session.scalars(select(Enrollment))} == {"the-same-key"}


def test_the_strictest_holds_a_stop_stays_on_its_phone_and_blocked_is_blocked(world: World) -> None:
    know(world, "Dana", DANA)
    know(world, "Dana", MARCUS)
    with world.plumber.open() as session:
        consent.suppress(session, MARCUS, "opt_out", "all", "STOP", "x")
        other = contacts.find(session, MARCUS)
        assert other
        contacts.block(other, "Spam")
    merge_id = merge(world, DANA, MARCUS)
    assert person(world, DANA).blocked_at
    with world.plumber.open() as session:
        assert consent.file(session, MARCUS).suppressed
        assert not consent.file(session, DANA).suppressed
    split(world, merge_id)
    assert person(world, MARCUS).blocked_at
    assert person(world, DANA).blocked_at is None


def test_a_timer_of_their_conversation_goes_on_in_the_one_that_stays(world: World) -> None:
    dana, other = know(world, "Dana", DANA), know(world, "Dana", MARCUS)
    with world.plumber.open() as session:
        timers.put(session, "escalate", other, clock.in_(minutes=5), payload={"step": 1})
    merge(world, DANA, MARCUS)
    with world.plumber.open() as session:
        ready = session.execute(select(Timer.kind, Timer.key, Timer.payload).where(Timer.state == "ready")).all()
        assert ("escalate", str(dana), {"step": 1}) in ready
        assert not any(row.key == str(other) for row in ready)


def test_likely_doubles_are_found_in_one_business_alone(world: World) -> None:
    know(world, "Dana Kowalski", DANA)
    know(world, "dana kowalski", MARCUS)
    with world.charlie.open() as session:
        makers.make_contact(session, "Dana Kowalski", DANA)
    with world.plumber.open() as session:
        dana = contacts.find(session, DANA)
        assert dana
        assert [(one.address, one.why) for one in duplicates.alike(session, dana)] == [(MARCUS, "The same name")]
        assert [one.address for one in duplicates.sought(session, dana, "0162")] == [MARCUS]
        assert duplicates.sought(session, dana, "%") == []
        assert sum(number for number, _ in duplicates.side(session, dana).counts) == 1


MOVES = st.lists(st.tuples(st.sampled_from(["merge", "split", "text", "form"]), st.integers(0, 2), st.integers(0, 2)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(moves=MOVES)
def test_no_order_of_merges_and_texts_loses_anything(world: World, moves: list[tuple[str, int, int]]) -> None:  # noqa: C901
    with world.plumber.open() as session:
        if not session.scalar(select(func.count()).select_from(followup.Sequence)):
            session.commit()
            make_sequence(world.plumber, HELLO)
    phones = [f"+1512555{next(_lines):04d}" for _ in range(3)]
    for number, phone in enumerate(phones):
        know(world, f"Person {number}", phone)
    merges: list[UUID] = []
    said = dict.fromkeys(phones, 1)
    for move, first, second in moves:
        with world.plumber.open() as session:
            one, other = (contacts.find(session, phones[place]) for place in (first, second))
            assert one
            assert other
            talk = session.scalars(select(Conversation).where(Conversation.contact_id == one.id)).one()
            if move == "merge" and one.id != other.id:
                merges.append(merging.merge(session, one, other, BOB).id)
            elif move == "split" and merges:
                splitting.split(session, session.get_one(ContactMerge, (world.plumber.id, merges.pop())), BOB)
            elif move == "text":
                makers.make_text_in(session, talk, business=world.plumber, sender=phones[first])
                said[phones[first]] += 1
            elif move == "form":
                followup.moment(session, "form", talk, "key")
    with world.plumber.open() as session:
        for phone, number in said.items():
            assert session.scalar(select(func.count()).where(Message.from_address == phone)) == number
        running = select(Enrollment.conversation_id, func.count()).where(Enrollment.state == "running")
        assert all(number == 1 for _, number in session.execute(running.group_by(Enrollment.conversation_id)))
        for merge_id in reversed(merges):
            splitting.split(session, session.get_one(ContactMerge, (world.plumber.id, merge_id)), BOB)
    with world.plumber.open() as session:
        for phone in phones:
            mine = contacts.find(session, phone)
            assert mine
            talk = session.scalars(select(Conversation).where(Conversation.contact_id == mine.id)).one()
            where = set(session.scalars(select(Message.conversation_id).where(Message.from_address == phone)))
            assert where == {talk.id}
