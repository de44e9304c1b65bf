"""Days that pass for a business: time is turned from one due thing to the next, and its workers do what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from groundwork import clock, intake, timers
from groundwork.tables import Timer
from hallway import appointments, sending
from hallway.appointments import Appointment, Reminder
from hallway.conversations import Conversation, Message, Task
from tests import makers
from tests.calls.door import Door, sid
from tests.makers import Business
from tests.sending.at_carrier import fresh_number
from workers import jobs

AUSTIN = ZoneInfo("America/Chicago")


def at(text: str, zone: str = "America/Chicago") -> datetime:
    """ "2026-11-19 08:00" on the wall clock of `zone`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass
class Days:
    """One business whose clock is turned by hand."""

    clock: time_machine.Traveller
    client: FlaskClient
    business: Business

    def person(self, name: str = "Dana Kowalski", **about: Any) -> Person:
        """A customer with a mobile that no test used before."""
        phone = fresh_number()
        while phone == self.business.cell:  # a text from it would be one of the crew's
            phone = fresh_number()
        with self.business.open() as session:
            contact = makers.make_contact(session, name, phone, line_type="mobile", **about)
            talk = makers.make_conversation(session, contact)
        return Person(self, phone, talk.id)

    def until(self, moment: datetime) -> None:
        """Turn to `moment`, stopping at each thing that falls due on the way."""
        for _ in range(200):
            self.work()
            due = self._next_due()
            if due is None or due > moment:
                break
            self.clock.move_to(max(due, clock.now()))
        else:
            raise AssertionError("there is always something due")
        self.clock.move_to(moment)
        self.work()

    def asleep_until(self, moment: datetime) -> None:
        """Everything is down; at `moment` it comes back."""
        self.clock.move_to(moment)
        self.work()

    def work(self) -> None:
        """What the workers do for all that is due now."""
        while timers.run_due(self.business.id, jobs.TIMERS):
            pass
        for lane in ("now", "soon", "bulk"):
            sending.deliver(self.business.id, lane)

    def _next_due(self) -> datetime | None:
        with self.business.open() as session:
            timer = session.scalar(select(func.min(Timer.due_at)).where(Timer.state == "ready"))
            waiting = Message.state.in_(("held", "queued"))
            message = session.scalar(select(func.min(Message.due_at)).where(waiting))
        return min((due for due in (timer, message) if due), default=None)


@dataclass
class Person:
    """A customer of the business."""

    days: Days
    phone: str
    talk: UUID

    def book(self, starts_at: datetime, **how: Any) -> UUID:
        with self.days.business.open() as session:
            talk = session.get_one(Conversation, (self.days.business.id, self.talk))
            how.setdefault("arrive_by", starts_at + timedelta(hours=2))
            made = appointments.book(session, talk, starts_at, **{"what": "Water heater repair", **how}).id
        self.days.work()
        return made

    def says(self, body: str) -> None:
        """They text; the carrier's request comes in by its door, signed, and is handled."""
        door = Door(self.days.client, self.days.business)
        told = {"MessageSid": sid("SM"), "From": self.phone, "To": self.days.business.number, "Body": body}
        answer = door.post("message", told | {"NumMedia": "0", "AccountSid": self.days.business.account_sid})
        assert answer.status_code == 200, answer.text
        intake.handle_new(self.days.business.id, jobs.EVENTS)
        self.days.work()

    def texts(self) -> list[tuple[str, str]]:
        """What left for them: kind and the moment on the business's clock, in order."""
        return [(m.kind.removeprefix("appointment_"), _local(m.claimed_at)) for m in self._messages() if m.claimed_at]

    def last(self) -> str:
        """The words of the last text that left for them."""
        return [m.body for m in self._messages() if m.claimed_at][-1]

    def fate(self) -> list[tuple[str, str]]:
        """Every text about a visit and what became of it."""
        return [(m.kind.removeprefix("appointment_"), m.state) for m in self._messages()]

    def _messages(self) -> Sequence[Message]:
        mine = (Message.conversation_id == self.talk, Message.direction == "out")
        with self.days.business.open() as session:
            return session.scalars(select(Message).where(*mine).order_by(Message.at, Message.id)).all()

    def tasks(self) -> list[Task]:
        open_ = (Task.conversation_id == self.talk, Task.done_at.is_(None))
        with self.days.business.open() as session:
            return list(session.scalars(select(Task).where(*open_)))

    def waits(self) -> bool:
        with self.days.business.open() as session:
            return session.get_one(Conversation, (self.days.business.id, self.talk)).waiting_since is not None


def change(business: Business, appointment_id: UUID, deed: str, *rest: Any, **how: Any) -> None:
    """One deed of the product on an appointment: change(plumber, id, "cancel", by="Alice")."""
    with business.open() as session:
        appointment = session.get_one(Appointment, (business.id, appointment_id))
        getattr(appointments, deed)(session, appointment, *rest, **how)


def show(business: Business, appointment_id: UUID) -> Appointment:
    with business.open() as session:
        return session.get_one(Appointment, (business.id, appointment_id))


def decisions(
    business: Business, appointment_id: UUID, version: int | None = None
) -> dict[str, tuple[str, str | None]]:
    """{kind: (state, rule)} of the reminders of one version, the present one unless told."""
    with business.open() as session:
        appointment = session.get_one(Appointment, (business.id, appointment_id))
        mine = (Reminder.appointment_id == appointment_id, Reminder.version == (version or appointment.version))
        return {one.kind: (one.state, one.rule) for one in session.scalars(select(Reminder).where(*mine))}


def _local(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(AUSTIN).strftime("%a %H:%M")
