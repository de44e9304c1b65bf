"""A wish for another time or to cancel waits for a person; and the short answers that go back at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from groundwork import clock, phones
from groundwork.database import ScopedSession
from hallway import playbooks, sending
from hallway.appointments import changing, events, planning, words
from hallway.appointments.models import Appointment
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message, add_task
from hallway.leads.times import find_time, window_of
from tenants.models import Tenant

ANSWER_WITHIN = timedelta(hours=2)
LONGEST_ARRIVAL = timedelta(hours=4)  # a longer stretch is when they are free, not when somebody arrives
LONGEST_WORDS = 200


def wish_for_another_time(session: ScopedSession, appointment: Appointment, said: str, message: Message) -> None:
    """Mark it, propose what they asked for as understood on the property's clock, and ask a person."""
    changing.lock(session, appointment)
    appointment.status, appointment.wish_words = "reschedule_asked", said.strip()[:LONGEST_WORDS]
    wish = _wish(appointment, said, message.at)
    appointment.wish_starts_at, appointment.wish_arrive_by = wish or (None, None)
    events.note(session, appointment, "reschedule_asked", f"They asked for another time than {words.when(appointment)}")
    ask_a_person(
        session,
        appointment,
        "Find another time",
        f"They asked for another time than {words.when(appointment)}: “{appointment.wish_words}”",
        message,
    )
    answer(session, appointment, "asked_reschedule", message)


def wish_to_cancel(session: ScopedSession, appointment: Appointment, said: str, message: Message) -> None:
    """Mark it and ask a person: it stands until somebody cancels it."""
    changing.lock(session, appointment)
    appointment.status, appointment.wish_words = "cancel_asked", said.strip()[:LONGEST_WORDS]
    appointment.wish_starts_at = appointment.wish_arrive_by = None
    events.note(session, appointment, "cancel_asked", f"They asked to cancel {words.when(appointment)}")
    ask_a_person(
        session,
        appointment,
        "Cancel the visit?",
        f"They asked to cancel {words.when(appointment)}: “{appointment.wish_words}”",
        message,
    )
    answer(session, appointment, "asked_cancel", message)


def ask_a_person(session: ScopedSession, appointment: Appointment, title: str, reason: str, message: Message) -> None:
    """One task per visit; one done before this text is to be done again."""
    address = message.from_address or ""
    add_task(
        session,
        "appointment",
        appointment.id,
        title=f"{title} {phones.pretty(address)}",
        reason=reason,
        rule=message.label_rule or "",
        phone=address or None,
        conversation_id=appointment.conversation_id,
        occasion=message.at,
    )


def answer(
    session: ScopedSession, appointment: Appointment, key: str, message: Message, *, choices: str | None = None
) -> None:
    """Answer at once, on the number they wrote to, or by e-mail where they wrote one."""
    tenant = session.get_one(Tenant, session.tenant_id)
    conversation = session.get_one(Conversation, (session.tenant_id, appointment.conversation_id))
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    said = words.variables(appointment, person)
    said["appointment"]["choices"] = choices
    by_mail = message.channel == "email"
    language, number = person.language, None if by_mail else message.to_address
    body = playbooks.say(session, tenant, f"appointment.{key}", language=language, phone=number, **said)
    sending.queue(
        session,
        conversation,
        body,
        kind="appointment_reply",
        purpose="reply",
        channel="email" if by_mail else "sms",
        to=message.from_address,
        from_=number,
        shelf_life=ANSWER_WITHIN,
        appointment=(appointment.id, appointment.version),
    )


def _wish(appointment: Appointment, said: str, at: datetime) -> tuple[datetime, datetime | None] | None:
    """The time to propose: the stretch they named, or the same hours as now on the day they named."""
    found = find_time(said, now=at, zone=appointment.zone)
    if found is None:
        return None
    proposal = _proposal(appointment, *window_of(found.value))
    return proposal if proposal[0] > clock.now() and proposal[0] != appointment.starts_at else None


def _proposal(appointment: Appointment, start: datetime, end: datetime) -> tuple[datetime, datetime | None]:
    if end - start <= LONGEST_ARRIVAL:
        return start, end
    length = appointment.arrive_by - appointment.starts_at if appointment.arrive_by else None
    local = start.astimezone(ZoneInfo(appointment.zone))
    same = planning.wall(local.date(), words.starts(appointment).strftime("%H:%M"), appointment.zone)
    begin = same if start <= same < end else start
    return begin, begin + length if length else None
