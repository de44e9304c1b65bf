"""A text from one of the business's own phones: an OK to an alarm, or a question about how this works."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from groundwork import clock, config
from groundwork.database import ScopedSession
from hallway import consent, contacts, sending
from hallway.calls import Phone, acknowledge_from
from hallway.conversations import Conversation, Message, open_for
from hallway.inbound.told import Told
from hallway.inbound.writing import write_down
from tenants.models import Tenant

HELP_EVERY = timedelta(hours=1)
ALSO_OK = frozenset({"1"})  # shorter than OK, and what the screening asks for


def hear(session: ScopedSession, phone: Phone, text: Told) -> None:
    """Keep it in a thread of its own, which waits for nobody, and act on it."""
    conversation = _thread_of(session, phone)
    message = write_down(session, conversation, text)
    conversation.last_event_at, conversation.preview = text.at, text.body[:140]
    label = consent.classify_reply(text.body).label
    said = "OK" if text.body.strip() in ALSO_OK else text.body
    if label == "opt_out":
        sending.stop_texting(session, phone.e164, "opt_out", words=text.body, message_id=message.id)
    elif label == "opt_in" and consent.is_suppressed(session, phone.e164):
        consent.release_by_person(session, phone.e164, text.body, message.id)
    elif not acknowledge_from(session, phone.e164, said) and text.body.strip():
        _explain(session, conversation, phone, text)


def _thread_of(session: ScopedSession, phone: Phone) -> Conversation:
    contact = contacts.reach(session, phone.e164)
    contact.name = contact.name or phone.label
    conversation = open_for(session, contact, "staff")
    if conversation.source == "staff":
        conversation.status, conversation.unread = "closed", False
    return conversation


def _explain(session: ScopedSession, conversation: Conversation, phone: Phone, text: Told) -> None:
    """Once an hour at most: two machines may be talking."""
    since = clock.now() - HELP_EVERY
    lately = (Message.to_address == phone.e164, Message.kind == "staff_help", Message.at > since)
    if session.scalar(select(Message.id).where(*lately).limit(1)):
        return
    business = session.get_one(Tenant, session.tenant_id)
    words = f"{business.name}: reply OK to acknowledge an alarm. Customers are answered in the inbox: "
    words += f"{config.settings().tenant_url(business.slug)}/inbox"
    sending.queue(
        session,
        conversation,
        words,
        kind="staff_help",
        purpose="staff",
        to=phone.e164,
        from_=text.number,
        shelf_life=timedelta(minutes=10),
    )
