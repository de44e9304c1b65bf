"""A sequence for tests, what happened to people in it, and workers that do what is due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import time_machine
from sqlalchemy import select

from groundwork import clock, scope
from groundwork.database import Json, open_session
from hallway import followup
from hallway.conversations import Conversation, Message
from hallway.followup import Enrollment, EnrollmentStep, Sequence, SequenceVersion
from tests.makers import DANA, Business, make_contact, make_conversation
from workers import due, jobs

AT_ONCE: Json = {"minutes": 0}
HELLO: Json = {"id": "hello", "kind": "sms", "wait": {"minutes": 5}, "body": "{{ business.name }} here. Need a hand?"}
AGAIN: Json = {"id": "again", "kind": "sms", "wait": {"days": 1, "at": "10:00"}, "body": "{{ business.name }} again?",
               "good_for_hours": 10}  # fmt: skip
CALL: Json = {"id": "call", "kind": "task", "wait": {"days": 1, "at": "09:00"}, "title": "Call {{ contact.name }}"}


class Logged(NamedTuple):
    """One line of the log."""

    step: str
    outcome: str
    rule: str


def make_sequence(business: Business, *steps: Json, moment: str = "form", **plan: Any) -> None:
    """A sequence of the business's own for this moment, instead of its trade's."""
    with business.open() as session:
        sequence = Sequence(key=moment, name="After a form", moment=moment, enabled=True, version=1)
        session.add(sequence)
        session.flush()
        checked = followup.Plan.from_json({"steps": list(steps), **plan})
        session.add(SequenceVersion(sequence_id=sequence.id, number=1, plan=checked.as_json()))


def begin(business: Business, key: str = "one", kind: Any = "form", phone: str = DANA, **contact: Any) -> None:
    """The moment happens to Dana (or whoever is at `phone`)."""
    with business.open() as session:
        conversation = make_conversation(session, make_contact(session, phone=phone, **contact))
        followup.moment(session, kind, conversation, key)


def stop(business: Business, event: Any, why: str = "Because.") -> int:
    with business.open() as session:
        return followup.stop(session, session.scalars(select(Conversation.id)).one(), event, why)


@contextmanager
def at(moment: str) -> Iterator[Clock]:
    """The world stands still at `moment` (ISO, with its offset) and is moved by hand."""
    with time_machine.travel(datetime.fromisoformat(moment), tick=False) as traveller:
        yield Clock(traveller)


class Clock:
    """Moves the world on, and does what is due meanwhile, as workers do."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def jump(self, **span: float) -> None:
        """Time passes and nobody works."""
        self._traveller.shift(timedelta(**span))

    def to(self, moment: str, business: Business) -> None:
        """Time passes until `moment`; every hour what is due is done."""
        end = datetime.fromisoformat(moment)
        while clock.now() < end:
            self._traveller.shift(min(timedelta(hours=1), end - clock.now()))
            work(business)


def work(business: Business) -> None:
    """Answer what the clock rings for, until it rings no more for this business (texts excepted)."""
    for _ in range(20):
        with open_session(scope.SYSTEM) as session:
            waiting = list(due.bells(session))
        bells = [kind for tenant, kind in waiting if tenant == business.id and kind.startswith("timers")]
        for kind in bells:
            jobs.answer(str(business.id), kind)
        if not bells:
            return


def touches(business: Business) -> list[Message]:
    """Messages of sequences, in the order they were written."""
    with business.open() as session:
        ours = Message.enrollment_id.is_not(None)
        return list(session.scalars(select(Message).where(ours).order_by(Message.at, Message.id)))


def logged(business: Business) -> list[Logged]:
    with business.open() as session:
        rows = session.scalars(select(EnrollmentStep).order_by(EnrollmentStep.id))
        return [Logged(row.step, row.outcome, row.rule) for row in rows]


def enrolled(business: Business) -> list[Enrollment]:
    with business.open() as session:
        return list(session.scalars(select(Enrollment).order_by(Enrollment.id)))
