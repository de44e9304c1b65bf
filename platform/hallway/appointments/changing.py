"""Move, cancel, confirm and end a visit. Each change of what was agreed makes a new version and voids the old words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from groundwork import clock
from groundwork.database import Json, ScopedSession
from hallway import followup
from hallway.appointments import events, reminders, words
from hallway.appointments.booking import AppointmentError, check
from hallway.appointments.models import AHEAD, Appointment
from hallway.conversations import Conversation, Task, finish_task


def reschedule(
    session: ScopedSession,
    appointment: Appointment,
    starts_at: datetime,
    *,
    arrive_by: datetime | None = None,
    by: str | None = None,
    untold: str | None = None,
) -> None:
    """Move it to another time; the same time again changes nothing but the wish. Raises AppointmentError."""
    lock(session, appointment)
    if appointment.status not in AHEAD:
        raise AppointmentError("status", "This appointment is over. Book a new one.")
    if (appointment.starts_at, appointment.arrive_by) == (starts_at, arrive_by):
        keep(session, appointment, by=by)
        return
    appointment.starts_at, appointment.arrive_by = starts_at, arrive_by
    check(appointment, ahead=untold is None)
    appointment.status, appointment.confirmed_at = "booked", None
    _renew(session, appointment, "The appointment was moved.", by)
    events.note(session, appointment, "moved", f"Moved to {words.when(appointment)}", by)
    reminders.tell(session, appointment, "moved", untold=untold)
    reminders.plan(session, appointment, moved=True)


def amend(session: ScopedSession, appointment: Appointment, *, by: str | None = None, **changed: object) -> bool:
    """Change what is done, who comes, where or how long: `what technician address state zip minutes`. False: no news.

    Moves no time and tells nobody; reminders to come are written with the new words. Raises AppointmentError.
    """
    lock(session, appointment)
    news = {name: value for name, value in changed.items() if getattr(appointment, name) != value}
    if appointment.status not in AHEAD:
        raise AppointmentError("status", "This appointment is over. Book a new one.")
    if not news:
        return False
    for name, value in news.items():
        setattr(appointment, name, value)
    check(appointment, ahead=False)
    _renew(session, appointment, "The appointment was changed.", by, decided=False)
    events.note(session, appointment, "changed", f"Changed: {', '.join(sorted(news))}", by)
    reminders.plan(session, appointment, moved=False)
    return True


def cancel(
    session: ScopedSession,
    appointment: Appointment,
    *,
    by: str | None = None,
    why: str | None = None,
    untold: str | None = None,
) -> None:
    """It will not take place. `by` is None when the customer did it. A second time changes nothing."""
    lock(session, appointment)
    if appointment.status not in AHEAD:
        return
    _end(session, appointment, "cancelled", why, by)
    events.note(session, appointment, "cancelled", f"Cancelled{': ' + why if why else ''}", by)
    reminders.tell(session, appointment, "cancelled", untold=untold)


def confirm(session: ScopedSession, appointment: Appointment, *, by: str | None = None) -> bool:
    """They will be there; by the customer unless `by` names a member. False when that was known, or it is over."""
    lock(session, appointment)
    if appointment.status not in AHEAD or appointment.status == "confirmed":
        return False
    _decided(session, appointment, by or "The customer")
    appointment.status, appointment.confirmed_at = "confirmed", clock.now()
    events.note(session, appointment, "confirmed", "Confirmed" if by else "They confirmed", by)
    return True


def keep(session: ScopedSession, appointment: Appointment, *, by: str | None = None) -> None:
    """A person decided that it stays as it is, whatever was asked."""
    lock(session, appointment)
    if appointment.status in reminders.ASKED:
        _decided(session, appointment, by or "The customer")
        appointment.status = "confirmed" if appointment.confirmed_at else "booked"
        events.note(session, appointment, "changed", "Stays as it was", by)


def done(session: ScopedSession, appointment: Appointment, *, by: str | None = None) -> None:
    """The visit took place."""
    lock(session, appointment)
    if appointment.status in (*AHEAD, "no_show"):
        _end(session, appointment, "done", None, by)
        events.note(session, appointment, "done", "Done", by)


def no_show(session: ScopedSession, appointment: Appointment, *, by: str | None = None) -> None:
    """Nobody was there. Raises AppointmentError before the visit has begun; a second time changes nothing."""
    lock(session, appointment)
    if appointment.status not in (*AHEAD, "done"):
        return
    if clock.now() < appointment.starts_at:
        raise AppointmentError("status", "It has not begun yet. Cancel it instead.")
    _end(session, appointment, "no_show", None, by)
    events.note(session, appointment, "no_show", "Nobody was there", by)
    conversation = session.get_one(Conversation, (session.tenant_id, appointment.conversation_id))
    facts: Json = {"what": appointment.what, "day": words.day(appointment)}
    followup.moment(session, "no_show", conversation, appointment.id, facts=facts)


def lock(session: ScopedSession, appointment: Appointment) -> None:
    """Read it again and hold it, so that two changes at once come one after the other."""
    session.flush()
    session.refresh(appointment, with_for_update=True)


def _end(session: ScopedSession, appointment: Appointment, status: str, why: str | None, by: str | None) -> None:
    appointment.status, appointment.over_at, appointment.over_reason = status, clock.now(), why
    _renew(session, appointment, "The appointment was cancelled." if status == "cancelled" else "It is over.", by)


def _renew(session: ScopedSession, appointment: Appointment, why: str, by: str | None, *, decided: bool = True) -> None:
    """A new version: nothing said about the old one leaves any more."""
    appointment.version += 1
    if decided:
        _decided(session, appointment, by or "The customer")
    session.flush()
    reminders.take_back(session, appointment, why)


def _decided(session: ScopedSession, appointment: Appointment, by: str) -> None:
    """What they had asked for is answered: the wish goes, and so does the task."""
    appointment.wish_words = appointment.wish_starts_at = appointment.wish_arrive_by = None
    mine = (Task.kind == "appointment", Task.key == str(appointment.id), Task.done_at.is_(None))
    for task in session.scalars(select(Task).where(*mine)):
        finish_task(session, task, by)
