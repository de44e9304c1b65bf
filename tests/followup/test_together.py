"""A crowd of steps done together comes to the same as each step done alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select, update

from groundwork import jobs, timers
from groundwork.database import Json, engine
from hallway import consent
from hallway.consent.models import GateDecision
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Task
from hallway.followup import Enrollment, EnrollmentStep, Sequence
from tests.cleaning import Cleaner
from tests.followup.sequence import AGAIN, CALL, HELLO, at, begin, make_sequence, touches, work
from tests.inbound.door import text_in
from tests.makers import Business, World, make_world

MORNING = "2026-11-24T11:00:00-06:00"
CROWD = [f"+1512555{number:04d}" for number in range(200, 215)]
MAIL: Json = {"id": "mail", "kind": "email", "wait": {"minutes": 0}, "subject": "Hello", "body": "Still there?"}
OFFER: Json = {**HELLO, "id": "offer", "body": "{{ business.name }}: {{ moment.what }}?"}
MESSAGE = ("channel", "body", "subject", "state", "held_rule", "error", "due_at", "expires_at", "segments",
           "from_address", "lane", "at")  # fmt: skip
STEP = ("step", "kind", "position", "outcome", "rule", "why", "due_at", "at")
PERSON = ("state", "step", "due_at", "ended_at", "stopped_by", "stopped_why")
DECISION = ("address", "phase", "answer", "rule", "explanation", "until", "saw", "asked_at")
TASK = ("kind", "title", "reason", "phone")
TALK = ("preview", "preview_direction", "last_event_at", "status")
Line = tuple[tuple[Any, ...], object, tuple[str, ...]]  # who, what, and what is told of it
Story = dict[str, list[str]]


def test_together_comes_to_the_same_as_alone(cleaner: Cleaner, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "TURN", 60.0)  # a slow machine does no less
    monkeypatch.setattr(jobs, "LONGEST_TURN", 60.0)
    together = _story(world.plumber)
    cleaner.empty()
    monkeypatch.setattr(timers, "SLICE", 1)
    alone = _story(make_world().plumber)
    assert len(together["messages"]) > len(CROWD)
    for part, lines in together.items():
        assert lines == alone[part], part


def test_a_crowd_of_steps_asks_the_database_no_more_often_than_a_few(world: World) -> None:
    few, crowd = _asked(world.plumber, CROWD[:3]), _asked(world.charlie, CROWD)
    assert len(crowd) <= len(few) + 2, crowd


def _asked(business: Business, phones: list[str]) -> list[str]:
    """How often the database is asked when the first touch of these people is due."""
    make_sequence(business, HELLO, AGAIN)
    statements: list[str] = []

    def record(*call: Any) -> None:
        statements.append(" ".join(call[2].split())[:90])

    with at(MORNING) as now:
        for phone in phones:
            begin(business, phone=phone)
        now.jump(minutes=6)
        event.listen(engine("web"), "before_cursor_execute", record)
        work(business)
        event.remove(engine("web"), "before_cursor_execute", record)
    assert len(touches(business)) == len(phones)
    return statements


def _story(plumber: Business) -> Story:
    """A crowd in several sequences: some have too many touches, some stopped, some answered, some have no consent."""
    make_sequence(plumber, HELLO, MAIL, AGAIN, CALL)
    for kind in ("estimate", "chat", "no_show"):
        make_sequence(plumber, HELLO, AGAIN, moment=kind, stop_on=["opt_out"])
    make_sequence(plumber, OFFER, moment="past_customer", purpose="marketing")
    with at(MORNING) as now:
        for place, phone in enumerate(CROWD):
            for kind in ("form", "estimate", "chat", "no_show", "past_customer")[: 1 + place % 5]:
                begin(plumber, kind=kind, phone=phone)
                now.jump(seconds=1)  # who is due first is no matter of chance
        with plumber.open() as session:
            for phone in CROWD[::7]:
                consent.suppress(session, phone, "opt_out")
            session.execute(update(Contact).where(Contact.id.in_(_some(session))).values(language="es"))
        now.jump(minutes=3)
        text_in(plumber, "Call me", sender=CROWD[3])
        now.jump(minutes=3)
        work(plumber)
        now.to("2026-11-26T12:00:00-06:00", plumber)
    return _told(plumber)


def _some(session: Any) -> list[Any]:
    return list(session.scalars(select(Contact.id).order_by(Contact.id)))[::4]


def _told(plumber: Business) -> Story:
    """Everything that came of it, without ids, in an order that does not depend on who was first."""
    with plumber.open() as session:
        phones = {one.contact_id: one.value for one in session.scalars(select(ContactPoint))}
        names = {one.id: one.moment for one in session.scalars(select(Sequence))}
        people = session.scalars(select(Enrollment)).all()
        who = {one.id: (phones[one.contact_id], names[one.sequence_id]) for one in people}
        told: dict[str, list[Line]] = {
            "messages": [(who[one.enrollment_id], one, MESSAGE) for one in touches(plumber) if one.enrollment_id],
            "steps": [(who[one.enrollment_id], one, STEP) for one in session.scalars(select(EnrollmentStep))],
            "people": [(who[one.id], one, PERSON) for one in people],
            "decisions": [((), one, DECISION) for one in session.scalars(select(GateDecision))],
            "tasks": [((), one, TASK) for one in session.scalars(select(Task))],
            "talks": [((), one, TALK) for one in session.scalars(select(Conversation))],
        }
    return {
        part: sorted(repr((*key, *(getattr(one, name) for name in names))) for key, one, names in lines)
        for part, lines in told.items()
    }
