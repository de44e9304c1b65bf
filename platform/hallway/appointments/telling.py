"""Words about a visit on their way: a text to whoever can be texted, an e-mail with an invite for their calendar."""

from __future__ import annotations

from sqlalchemy import select

from groundwork import clock
from groundwork.database import Json, ScopedSession
from hallway import playbooks, sending
from hallway.appointments import ical, words
from hallway.appointments.models import Appointment, AppointmentRules, Reminder
from hallway.channels import mail_addresses
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message
from tenants.models import Tenant

INVITED = ("booked", "moved", "cancelled")
# Of a refused text's rules, those that say nothing about an e-mail: the number, a stop of texts, no number of ours.
OF_TEXTS = ("number.", "suppressed.", "sender.")
SUBJECTS = {
    "en": {
        "booked": "Your visit: {when}",
        "moved": "New time for your visit: {when}",
        "day_before": "Tomorrow: your visit, {when}",
        "morning_of": "Today: your visit, {when}",
        "cancelled": "Cancelled: your visit, {when}",
    },
    "es": {
        "booked": "Su cita: {when}",
        "moved": "Nueva hora de su cita: {when}",
        "day_before": "Mañana: su cita, {when}",
        "morning_of": "Hoy: su cita, {when}",
        "cancelled": "Cancelada: su cita, {when}",
    },
}


def tell(
    session: ScopedSession, appointment: Appointment, reminder: Reminder, ours: AppointmentRules
) -> Message | None:
    """Queue what this reminder says on every way that fits; the refused message when it reaches them on none."""
    conversation = session.get_one(Conversation, (session.tenant_id, appointment.conversation_id))
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    invited = ours.mail_invites and reminder.kind in INVITED
    address = _first(session, person, "email") if invited or ours.mail_reminders else None
    text = mail = None
    if not address or _first(session, person, "phone"):
        text = _text(session, appointment, reminder, conversation, person)
    untextable = text is None or (text.state == "refused" and (text.held_rule or "").startswith(OF_TEXTS))
    if address and (invited or untextable):
        mail = _mail(session, appointment, reminder, conversation, person, address)
    gone = [one for one in (text, mail) if one is not None and one.state != "refused"]
    reminder.message_id = text.id if text and (text in gone or not gone) else None
    reminder.mail_id = mail.id if mail else None
    return None if gone else text or mail


def _first(session: ScopedSession, person: Contact, kind: str) -> str | None:
    mine = (ContactPoint.contact_id == person.id, ContactPoint.kind == kind)
    return session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1))


def _text(
    session: ScopedSession, appointment: Appointment, reminder: Reminder, conversation: Conversation, person: Contact
) -> Message:
    phone = sending.our_number(session, conversation.id)
    body = _said(session, appointment, reminder.kind, person, phone)
    return sending.queue(session, conversation, body, **_stands(appointment, reminder))


def _mail(
    session: ScopedSession,
    appointment: Appointment,
    reminder: Reminder,
    conversation: Conversation,
    person: Contact,
    address: str,
) -> Message:
    """The same words, with a subject; what was booked, moved or cancelled goes into their calendar by itself."""
    tenant = session.get_one(Tenant, session.tenant_id)
    organizer = mail_addresses.reply_address(tenant.mail_key, conversation.id)
    invite = ical.invite(session, appointment, organizer, address).decode() if reminder.kind in INVITED else None
    subjects = SUBJECTS.get(person.language, SUBJECTS["en"])
    subject = subjects[reminder.kind].format(when=words.when(appointment, person.language))
    body = _said(session, appointment, reminder.kind, person, None)
    more: Json = {"channel": "email", "subject": subject, "calendar": invite, "to": address}
    return sending.queue(session, conversation, body, **_stands(appointment, reminder), **more)


def _said(session: ScopedSession, appointment: Appointment, kind: str, person: Contact, phone: str | None) -> str:
    tenant = session.get_one(Tenant, session.tenant_id)
    said = words.variables(appointment, person)
    return playbooks.say(session, tenant, f"appointment.{kind}", language=person.language, phone=phone, **said)


def _stands(appointment: Appointment, reminder: Reminder) -> Json:
    """What text and e-mail have in common at the gate."""
    common = {"kind": f"appointment_{reminder.kind}", "purpose": "informational", "lane": "soon"}
    shelf_life = reminder.good_until - clock.now()
    return {**common, "shelf_life": shelf_life, "appointment": (appointment.id, appointment.version)}
