"""A text at a time one chooses: it waits in the thread, leaves at its time, and not blindly after they spoke."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from groundwork import clock
from groundwork.database import new_id
from hallway import consent, sending
from hallway.calls import outcomes
from hallway.channels import mail_addresses
from hallway.consent.models import GateDecision
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, Message, Task
from hallway.sending import claiming
from tenants.models import Tenant
from tests import makers
from tests.inbound.door import text_in
from tests.mail import door as mail_door
from tests.mail import letters
from tests.makers import DANA, World
from tests.ui.visitor import FRAGMENT, Visitor, words

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    """Ten in the morning of a working day: no quiet hours stand between today and tomorrow morning."""
    with time_machine.travel(datetime(2026, 12, 2, 10, tzinfo=CHICAGO), tick=True):
        yield


@pytest.fixture
def talk(world: World) -> UUID:
    """Dana's conversation; she texted just now."""
    with world.plumber.open() as session:
        conversation = makers.make_conversation(session, source="text")
        makers.make_text_in(session, conversation, business=world.plumber)
        return conversation.id


def send(visitor: Visitor, talk: UUID, later: str = "tomorrow", **more: str) -> Any:
    form = {"body": "Just checking in", "token": str(new_id()), "later": later, **more}
    return visitor.send(f"/inbox/{talk}/send", form, **FRAGMENT)


def decide(visitor: Visitor, text: Message, deed: str) -> Any:
    return visitor.send(f"/messages/{text.id}/later/{deed}", **FRAGMENT)


def only_text(world: World, *kinds: str) -> Message:
    written = select(Message).where(Message.direction == "out")
    with world.plumber.open() as session:
        return session.scalars(written.where(Message.kind.in_(kinds)) if kinds else written).one()


def claimed(world: World) -> list[str]:
    """The bodies that a worker would hand to the carrier now."""
    with world.plumber.open() as session:
        return [one.outgoing.body for one in claiming.claim(session, "now").to_send]


def open_tasks(world: World) -> list[Task]:
    with world.plumber.open() as session:
        return list(session.scalars(select(Task).where(Task.done_at.is_(None))))


def after(text: Message, **more: float) -> time_machine.travel:
    assert text.send_at
    return time_machine.travel(text.send_at + timedelta(**more), tick=True)


def they_write(world: World, talk: UUID) -> None:
    with world.plumber.open() as session:
        conversation = session.get_one(Conversation, (world.plumber.id, talk))
        makers.make_text_in(session, conversation, "Never mind, fixed it", business=world.plumber)


def test_it_waits_in_the_thread_and_leaves_at_its_time(world: World, bob: Visitor, talk: UUID) -> None:
    page = words(send(bob, talk))
    text = only_text(world)
    assert text.send_at
    assert (text.state, text.send_at.astimezone(CHICAGO).hour) == ("queued", 9)
    assert "Goes tomorrow 9:00 AM" in page
    with world.plumber.open() as session:
        assert session.get_one(Conversation, (world.plumber.id, talk)).waiting_since, "a promise is no answer"
    assert claimed(world) == []
    with after(text, seconds=2):
        assert claimed(world) == ["Just checking in"]
        with world.plumber.open() as session:
            conversation = session.get_one(Conversation, (world.plumber.id, talk))
            assert (conversation.waiting_since, conversation.preview) == (None, "Just checking in")
    assert only_text(world).at >= text.send_at, "it stands in the thread where it went"


@pytest.mark.parametrize("how", ["a talk on the phone", "an e-mail"])
def test_the_author_is_asked_at_once_when_they_speak_on_another_way(
    world: World, bob: Visitor, talk: UUID, how: str
) -> None:
    send(bob, talk)
    with world.plumber.open() as session:
        conversation = session.get_one(Conversation, (world.plumber.id, talk))
        if how == "an e-mail":
            session.add(
                ContactPoint(id=new_id(), contact_id=conversation.contact_id, kind="email", value=letters.DANA_MAIL)
            )
        else:
            call = makers.make_call(session, conversation, business=world.plumber, outcome=None, state="ringing")
            outcomes.answer(session, call, 75)
    if how == "an e-mail":
        key = world_key(world)
        mail_door.hand_in(world.plumber, mail_door.letter(mail_addresses.reply_address(key, talk), "Fixed it"))
    assert (only_text(world).state, only_text(world).held_rule) == ("held", "later.answered")
    assert [task.kind for task in open_tasks(world)] == ["later.answered"]


def world_key(world: World) -> str:
    with world.plumber.open() as session:
        return session.get_one(Tenant, world.plumber.id).mail_key


def test_the_gate_is_asked_for_its_time_and_again_when_it_goes(world: World, bob: Visitor, talk: UUID) -> None:
    send(bob, talk)
    text = only_text(world)
    with world.plumber.open() as session:
        consent.suppress(session, DANA, "staff")
    with after(text, seconds=2):
        assert claimed(world) == []
    assert only_text(world).state == "refused"
    with world.plumber.open() as session:
        decisions = session.scalars(select(GateDecision).order_by(GateDecision.id)).all()
    assert [(one.phase, one.answer) for one in decisions] == [("queue", "allow"), ("claim", "refuse")]
    assert decisions[0].asked_at < text.send_at if text.send_at else False


def test_a_time_in_quiet_hours_is_held_until_they_end_and_says_so(world: World, bob: Visitor, talk: UUID) -> None:
    page = words(send(bob, talk, "pick", later_at="2026-12-03T22:30"))
    text = only_text(world)
    assert text.state == "held"
    assert text.due_at
    assert text.send_at
    assert text.due_at > text.send_at
    assert "Held until Dec 4, 9:00 AM" in page


def test_an_opt_out_takes_it_back(world: World, bob: Visitor, talk: UUID) -> None:
    send(bob, talk)
    with world.plumber.open() as session:
        sending.stop_texting(session, DANA, "opt_out", words="stop")
    assert only_text(world).state == "cancelled"


def test_a_stop_that_takes_it_back_leaves_nothing_to_ask_its_author(world: World, bob: Visitor, talk: UUID) -> None:
    send(bob, talk)
    text_in(world.plumber, "Stop texting me")
    assert only_text(world, "person").state == "cancelled"
    assert open_tasks(world) == []


@pytest.mark.parametrize("by_call", [True, False])
def test_when_they_spoke_before_the_author_is_asked_and_nothing_goes_blindly(
    world: World, bob: Visitor, talk: UUID, by_call: bool
) -> None:
    send(bob, talk)
    text = only_text(world)
    if by_call:
        with world.plumber.open() as session:
            conversation = session.get_one(Conversation, (world.plumber.id, talk))
            makers.make_call(session, conversation, business=world.plumber, at=clock.now())
    else:
        they_write(world, talk)
    with after(text, seconds=2):
        assert claimed(world) == []
        assert [task.title for task in open_tasks(world)] == ["They spoke before your text went"]
        bob.log_in(world.bob.email)  # nobody stays logged in over a night away
        page = words(bob.get(f"/inbox/{talk}"))
        assert "Waits for you" in page
        decide(bob, text, "now")
        assert claimed(world) == ["Just checking in"]
    assert open_tasks(world) == []


def test_told_of_their_answer_at_once_it_is_held_before_its_time(world: World, bob: Visitor, talk: UUID) -> None:
    send(bob, talk)
    text = only_text(world)
    they_write(world, talk)
    with world.plumber.open() as session:
        assert sending.answered(session, talk) == 1
        assert sending.answered(session, talk) == 0
    assert len(open_tasks(world)) == 1
    decide(bob, text, "keep")
    kept = only_text(world)
    assert (kept.state, kept.due_at) == ("queued", text.send_at)
    with after(text, seconds=2):
        assert claimed(world) == ["Just checking in"]


def test_what_nobody_decides_about_is_never_sent(world: World, bob: Visitor, talk: UUID) -> None:
    send(bob, talk)
    text = only_text(world)
    they_write(world, talk)
    with after(text, seconds=2):
        assert claimed(world) == []
    with after(text, hours=13):
        assert claimed(world) == []
    assert only_text(world).state == "expired"


def test_it_is_taken_back_and_its_words_are_taken_up_to_be_changed(world: World, bob: Visitor, talk: UUID) -> None:
    send(bob, talk)
    text = only_text(world)
    page = decide(bob, text, "edit").get_data(as_text=True)
    assert ">Just checking in</textarea>" in page
    assert (only_text(world).state, only_text(world).error) == ("cancelled", "Taken back by Bob Tran.")
    answer = decide(bob, text, "now")
    assert "does not wait any more" in answer.headers["HX-Trigger"]
    with after(text, seconds=2):
        assert claimed(world) == []


@pytest.mark.parametrize(("later", "picked"), [("pick", ""), ("pick", "2001-01-01T09:00"), ("nonsense", "x")])
def test_a_time_that_makes_no_sense_keeps_the_words(
    world: World, bob: Visitor, talk: UUID, later: str, picked: str
) -> None:
    page = send(bob, talk, later, later_at=picked)
    assert ">Just checking in</textarea>" in page.get_data(as_text=True)
    with world.plumber.open() as session:
        assert session.scalars(select(Message).where(Message.direction == "out")).all() == []


def test_another_business_decides_about_none_of_it(world: World, bob: Visitor, charlie: Visitor, talk: UUID) -> None:
    send(bob, talk)
    assert decide(charlie, only_text(world), "now").status_code == 404
    assert only_text(world).state == "queued"
