"""What pages show of appointments: a week, one person's, one with its reminders and history, and how many stay away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway.appointments.models import AHEAD, Appointment, AppointmentEvent, Reminder
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message

MOST = 500
SHOWN_WITH_THREAD = 6
LOOK_BACK = timedelta(days=90)


class Visit(NamedTuple):
    """An appointment and the name of whom it is with."""

    appointment: Appointment
    name: str | None


class Decided(NamedTuple):
    """A reminder and the text it became, if it became one."""

    reminder: Reminder
    message: Message | None


class Shown(NamedTuple):
    """Of visits that are over: how many took place and how many met nobody, of confirmed ones and of the others."""

    confirmed: int
    confirmed_away: int
    other: int
    other_away: int

    @property
    def total(self) -> int:
        return self.confirmed + self.other

    @property
    def away(self) -> int:
        return self.confirmed_away + self.other_away


def between(session: ScopedSession, start: datetime, end: datetime) -> list[Visit]:
    """Visits that begin in [start, end), in their order."""
    statement = (
        select(Appointment, Contact.name)
        .join(Conversation, Conversation.id == Appointment.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Appointment.starts_at >= start, Appointment.starts_at < end)
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MOST)
    )
    return [Visit(*row) for row in session.execute(statement)]


def of_conversation(session: ScopedSession, conversation_id: UUID, now: datetime) -> list[Appointment]:
    """Theirs that still stand, the next first, then the latest that are over; those around `now`."""
    mine = select(Appointment).where(Appointment.conversation_id == conversation_id)
    order = (Appointment.status.in_(AHEAD).desc(), func.abs(func.extract("epoch", Appointment.starts_at - now)))
    found = session.scalars(mine.order_by(*order).limit(SHOWN_WITH_THREAD)).all()
    ahead = sorted((one for one in found if one.status in AHEAD), key=lambda one: one.starts_at)
    return ahead + [one for one in found if one.status not in AHEAD]


def reminders(session: ScopedSession, appointment_id: UUID) -> list[Decided]:
    """Every message planned for any version of it, in the order they are due."""
    statement = (
        select(Reminder, Message)
        .outerjoin(Message, Message.id == func.coalesce(Reminder.message_id, Reminder.mail_id))
        .where(Reminder.appointment_id == appointment_id)
        .order_by(Reminder.version, Reminder.due_at, Reminder.id)
    )
    return [Decided(*row) for row in session.execute(statement)]


def history(session: ScopedSession, appointment_id: UUID) -> Sequence[AppointmentEvent]:
    """What happened to it, the latest first; skipped messages stand with the reminders instead."""
    mine = (AppointmentEvent.appointment_id == appointment_id, AppointmentEvent.kind != "skipped")
    statement = select(AppointmentEvent).where(*mine)
    return session.scalars(statement.order_by(AppointmentEvent.at.desc(), AppointmentEvent.id.desc())).all()


def shown_up(session: ScopedSession, now: datetime) -> Shown:
    """Done and no-show of the last 90 days, by whether they had confirmed."""
    confirmed = Appointment.confirmed_at.is_not(None)
    away = Appointment.status == "no_show"
    over = (Appointment.status.in_(("done", "no_show")), Appointment.starts_at > now - LOOK_BACK)
    counts = [func.count().filter(one) for one in (confirmed, confirmed & away, ~confirmed, ~confirmed & away)]
    row = session.execute(select(*counts).where(*over, Appointment.starts_at <= now)).one()
    return Shown(row[0], row[1], row[2], row[3])
