"""Messages about an appointment: planned as timers, decided when due by reading the appointment again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock, timers
from groundwork.database import ScopedSession, new_id
from groundwork.tables import Timer
from hallway import sending
from hallway.appointments import events, planning, rules, telling
from hallway.appointments.models import AHEAD, Appointment, AppointmentRules, Reminder

TIMER = "appointment_reminder"
ASKED = ("reschedule_asked", "cancel_asked")
LATER = ("day_before", "morning_of")
NAMES = {
    "booked": "confirmation",
    "moved": "news of the new time",
    "day_before": "reminder of the day before",
    "morning_of": "reminder of the morning",
    "cancelled": "news of the cancellation",
}
Verdict = tuple[str, str]


def plan(session: ScopedSession, appointment: Appointment, *, moved: bool) -> None:
    """Timers for the reminders of this version. Unless it `moved`, what was said of the same time stays said."""
    ours, now = rules.of(session), clock.now()
    said = frozenset[str]() if moved else _said(session, appointment.id)
    hours = (ours.day_before_at, ours.morning_of_at)
    for one in planning.plan(appointment.starts_at, appointment.zone, now, *hours):
        if one.kind in said:
            continue
        reminder = _add(session, appointment, one.kind, one.due_at, one.good_until)
        if one.rule:
            _skip(session, appointment, reminder, one.rule, one.reason or "")
        else:
            timers.put(session, TIMER, reminder.id, one.due_at)


def tell(session: ScopedSession, appointment: Appointment, kind: str, *, untold: str | None = None) -> None:
    """Say at once that it was booked, moved or cancelled; `untold` is why the person is not told."""
    reminder = _add(session, appointment, kind, clock.now(), appointment.starts_at)
    if untold:
        _skip(session, appointment, reminder, "reminder.untold", untold)
    else:
        _decide(session, appointment, reminder)


def take_back(session: ScopedSession, appointment: Appointment, why: str) -> None:
    """Void what is still planned for this appointment, and cancel its messages that have not left."""
    mine = (Reminder.tenant_id == session.tenant_id, Reminder.appointment_id == appointment.id)
    values = {"state": "void", "rule": "reminder.void", "reason": why, "decided_at": clock.now()}
    waiting = update(Reminder).where(*mine, Reminder.state == "waiting").values(**values).returning(Reminder.id)
    for reminder_id in session.scalars(waiting.execution_options(synchronize_session="fetch")):
        timers.void(session, TIMER, reminder_id)
    sent = session.execute(select(Reminder.message_id, Reminder.mail_id).where(*mine)).all()
    sending.cancel_messages(session, [id_ for row in sent for id_ in row if id_], why)


def remind(session: ScopedSession, timer: Timer) -> None:
    """Handler of `appointment_reminder`: the appointment is read again, locked, in the transaction that queues."""
    reminder = session.get(Reminder, (session.tenant_id, UUID(timer.key)))
    if reminder is None:
        return
    # The appointment's lock comes first, as in every deed that changes it.
    appointment = session.get_one(Appointment, (session.tenant_id, reminder.appointment_id), with_for_update=True)
    session.refresh(reminder, with_for_update=True)
    if reminder.state == "waiting":
        _decide(session, appointment, reminder)


def _decide(session: ScopedSession, appointment: Appointment, reminder: Reminder) -> None:
    now = clock.now()
    against = _against(appointment, reminder, rules.of(session), now)
    if against:
        _skip(session, appointment, reminder, *against)
        return
    reminder.state, reminder.decided_at = "sent", now
    session.flush()
    refused = telling.tell(session, appointment, reminder, rules.of(session))
    if refused:
        _skip(session, appointment, reminder, refused.held_rule or "refused", refused.error or "It was not allowed.")


def _against(appointment: Appointment, reminder: Reminder, ours: AppointmentRules, now: datetime) -> Verdict | None:
    """The rule and reason why this reminder is not sent; None when it is."""
    if reminder.version != appointment.version or (appointment.status not in AHEAD and reminder.kind != "cancelled"):
        return "reminder.void", "The appointment had changed."
    if reminder.kind in LATER and appointment.status in ASKED:
        return "reminder.asked", "They asked to change it, and nobody had decided yet."
    whose = rules.owner(ours, reminder.kind)
    if whose == "dispatch":
        return "reminder.dispatch", "Your dispatch software sends this one."
    if whose == "nobody":
        return "reminder.off", "This message is switched off under Settings, Appointments."
    if now >= reminder.good_until:
        return "reminder.late", "It could not go out when it was due, and later it no longer made sense."
    return None


def _said(session: ScopedSession, appointment_id: UUID) -> frozenset[str]:
    """Kinds of reminder that an earlier version has sent, or skipped for a reason of its own."""
    settled = (Reminder.appointment_id == appointment_id, Reminder.state.in_(("sent", "skipped")))
    return frozenset(session.scalars(select(Reminder.kind).where(*settled)))


def _add(
    session: ScopedSession, appointment: Appointment, kind: str, due_at: datetime, good_until: datetime
) -> Reminder:
    row = {"appointment_id": appointment.id, "version": appointment.version, "kind": kind, "state": "waiting"}
    reminder = Reminder(id=new_id(), due_at=due_at, good_until=good_until, **row)
    session.add(reminder)
    session.flush()
    return reminder


def _skip(session: ScopedSession, appointment: Appointment, reminder: Reminder, rule: str, reason: str) -> None:
    reminder.state, reminder.rule, reminder.reason, reminder.decided_at = "skipped", rule, reason, clock.now()
    events.note(session, appointment, "skipped", f"No {NAMES[reminder.kind]}: {reason}")
