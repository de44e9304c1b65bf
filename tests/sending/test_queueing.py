"""Queueing a text: what is written down, from which number, for how long, and what a second try is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from groundwork import jobs, redis
from groundwork.database import ScopedSession, new_id
from hallway import sending
from hallway.channels.models import Number
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, Message, Task
from hallway.sending.claiming import claim
from tests import makers
from tests.makers import DANA, Business, World

pytestmark = pytest.mark.usefixtures("clean", "workday")
WORKDAY = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, 11 am in Austin
DAY = timedelta(days=1)


@pytest.fixture
def workday() -> Iterator[None]:
    with time_machine.travel(WORKDAY, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return makers.make_world()


@pytest.fixture
def plumber(world: World) -> Business:
    return world.plumber


def wait_for_dana(session: ScopedSession, plumber: Business, at: datetime | None = None) -> Conversation:
    """Dana has written and waits."""
    conversation = makers.make_conversation(session)
    makers.make_text_in(session, conversation, business=plumber, at=at)
    return conversation


def by_hand(session: ScopedSession, plumber: Business, conversation: Conversation, **changes: Any) -> Message:
    how = {"kind": "person", "purpose": "reply", "author": plumber.people["owner"].author, "shelf_life": DAY}
    return sending.queue(session, conversation, changes.pop("body", "On my way"), **{**how, **changes})


def test_a_person_s_answer_ends_the_wait_and_rings_the_bell(plumber: Business) -> None:
    with plumber.open() as session:
        conversation = wait_for_dana(session, plumber)
        message = by_hand(session, plumber, conversation)
        assert (message.state, message.author_name, message.to_address) == ("queued", "Alice Romero", DANA)
        assert (conversation.waiting_since, conversation.preview) == (None, "On my way")
    assert redis.client().exists(jobs._bell(plumber.id, "deliver:now"))


def test_an_automatic_text_does_not_end_the_wait_and_a_refused_one_changes_nothing(plumber: Business) -> None:
    with plumber.open() as session:
        conversation = wait_for_dana(session, plumber)
        sending.queue(session, conversation, "Thanks", kind="sequence", purpose="reply", shelf_life=DAY)
        assert conversation.waiting_since
        refused = by_hand(session, plumber, conversation, body="  ")
        assert (refused.state, refused.held_rule) == ("refused", "content.empty")
        assert refused.error == "The message has no words."
        assert conversation.waiting_since


def test_the_answer_goes_out_from_the_number_they_wrote_to(plumber: Business) -> None:
    with plumber.open() as session:
        session.add(Number(id=new_id(), e164="+15125550101", provider_sid="PN2", label="Truck", per_second=1.0))
        conversation = wait_for_dana(session, plumber)
        session.execute(update(Message).values(to_address="+15125550101"))
        assert by_hand(session, plumber, conversation).from_address == "+15125550101"
        session.execute(update(Number).where(Number.e164 == "+15125550101").values(active=False))
        assert by_hand(session, plumber, conversation).from_address == plumber.number
        session.execute(update(Number).values(active=False))
        assert by_hand(session, plumber, conversation).held_rule == "sender.none"


def test_the_number_they_called_is_the_one_that_texts_back(plumber: Business) -> None:
    with plumber.open() as session:
        session.add(Number(id=new_id(), e164="+15125550101", provider_sid="PN2", label="Truck", per_second=1.0))
        conversation = makers.make_conversation(session)
        makers.make_call(session, conversation, business=plumber, to_address="+15125550101")
        assert sending.our_number(session, conversation.id) == "+15125550101"


def test_curly_quotes_are_straightened_before_they_cost_money(plumber: Business) -> None:
    with plumber.open() as session:
        message = by_hand(session, plumber, wait_for_dana(session, plumber), body="We’re here — see you “soon”…")
        assert message.body == 'We\'re here - see you "soon"...'
        assert (message.encoding, message.segments) == ("GSM-7", 1)


def test_the_same_form_sent_twice_is_one_text(plumber: Business) -> None:
    token = new_id()
    with plumber.open() as session:
        by_hand(session, plumber, wait_for_dana(session, plumber), id=token)
    with pytest.raises(IntegrityError), plumber.open() as session:
        by_hand(session, plumber, session.scalars(select(Conversation)).one(), id=token)


def test_a_text_held_at_night_is_asked_again_in_the_morning(plumber: Business) -> None:
    night = datetime(2026, 11, 19, 5, 0, tzinfo=UTC)
    with time_machine.travel(night, tick=True), plumber.open() as session:
        conversation = wait_for_dana(session, plumber, at=night - timedelta(hours=5))
        held = by_hand(session, plumber, conversation)
        assert (held.state, held.held_rule) == ("held", "hold.hours.TX")
        assert held.due_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
        assert claim(session, "now").taken == 0
    with time_machine.travel(held.due_at + timedelta(seconds=1), tick=True), plumber.open() as session:
        work = claim(session, "now")
        assert [one.outgoing.id for one in work.to_send] == [held.id]


def test_a_text_whose_time_ran_out_expires_and_a_person_is_asked_to_call(plumber: Business) -> None:
    with plumber.open() as session:
        conversation = makers.make_conversation(session)
        call = makers.make_call(session, conversation, business=plumber)
        message = sending.queue(
            session, conversation, "Sorry we missed you", kind="text_back", purpose="reply", call_id=call.id,
            shelf_life=makers.SOON,
        )  # fmt: skip
        assert message.state == "queued"
    with time_machine.travel(WORKDAY + timedelta(minutes=11), tick=True):
        with plumber.open() as session:
            assert claim(session, "now").to_send == []
        with plumber.open() as session:
            assert session.scalars(select(Message.state)).all() == ["expired"]
            assert session.scalars(select(Task.phone)).all() == [DANA]


def failed_text(plumber: Business) -> Message:
    with plumber.open() as session:
        message = by_hand(session, plumber, wait_for_dana(session, plumber))
        sending.apply_status(session, message.id, "SM1", "undelivered", "30007")
    return message


def test_a_second_try_by_hand_keeps_the_link_and_is_one_however_often_asked(plumber: Business) -> None:
    failed = failed_text(plumber)
    author = plumber.people["owner"].author
    with plumber.open() as session:
        first = session.get_one(Message, (plumber.id, failed.id))
        assert first.error == "The carrier filtered this text as spam. Change the wording before you try again."
        again = sending.retry(session, first, author)
        assert (again.state, again.retry_of, again.body) == ("queued", failed.id, "On my way")
        assert sending.retry(session, first, author).id == again.id
        assert sending.retry(session, again, author).id == again.id


@pytest.mark.parametrize(
    ("code", "suppressed", "line_type", "dead"),
    [("30006", False, "landline", False), ("30005", False, None, True), ("30004", True, None, False)],
)
def test_what_the_carrier_tells_of_a_number_is_remembered(
    plumber: Business, code: str, suppressed: bool, line_type: str | None, dead: bool
) -> None:
    with plumber.open() as session:
        message = by_hand(session, plumber, wait_for_dana(session, plumber))
        sending.apply_status(session, message.id, "SM1", "undelivered", code)
        point = session.scalars(select(ContactPoint)).one()
        session.refresh(point)
        assert (point.line_type, bool(point.invalid_reason)) == (line_type, dead)
        assert by_hand(session, plumber, session.scalars(select(Conversation)).one()).state == "refused"


def test_a_phone_out_of_reach_is_tried_again_later_while_the_text_is_good(plumber: Business) -> None:
    with plumber.open() as session:
        conversation = wait_for_dana(session, plumber)
        message = by_hand(session, plumber, conversation)
        sending.apply_status(session, message.id, "SM1", "undelivered", "30003")
        again = session.scalars(select(Message).where(Message.retry_of == message.id)).one()
        assert (again.state, again.held_rule) == ("held", "carrier.30003")
        assert again.due_at
        assert again.due_at - WORKDAY > timedelta(minutes=59)
        short = by_hand(session, plumber, conversation, shelf_life=timedelta(minutes=30))
        sending.apply_status(session, short.id, "SM2", "undelivered", "30003")
        assert session.scalar(select(Message.id).where(Message.retry_of == short.id)) is None


def test_a_text_back_that_will_not_arrive_becomes_a_call_back_task(plumber: Business) -> None:
    with plumber.open() as session:
        conversation = makers.make_conversation(session)
        call = makers.make_call(session, conversation, business=plumber)
        sent: dict[str, Any] = {"state": "accepted", "call_id": call.id, "expires_at": WORKDAY + makers.SOON}
        message = makers.make_text_out(session, conversation, business=plumber, **sent)
        for _ in range(2):
            sending.apply_status(session, message.id, "SM1", "undelivered", "30003")
        task = session.scalars(select(Task)).one()
        assert (task.kind, task.reason) == ("call_back", "Their phone is off or out of reach.")
