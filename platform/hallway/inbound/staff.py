"""A text from one of the business's own phones: an OK to an alarm, an answer to a lead, a booking, or a question."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from groundwork import clock, config, phones
from groundwork.database import ScopedSession
from hallway import consent, conversations, notices, sending
from hallway.calls import Phone, acknowledge_from
from hallway.conversations import Conversation, Message
from hallway.inbound import staff_answers
from hallway.inbound.told import Told
from hallway.inbound.writing import write_down
from hallway.notices import texting
from tenants.models import Tenant

HELP_EVERY = timedelta(hours=1)
ALSO_OK = frozenset({"1"})  # shorter than OK, and what the screening asks for


def hear(session: ScopedSession, phone: Phone, text: Told) -> None:
    """Keep it in a thread of its own, which waits for nobody, and act on it."""
    conversation = texting.thread_of(session, phone.e164, phone.label)
    message = write_down(session, conversation, text)
    conversation.last_event_at, conversation.preview = text.at, text.body[:140]
    if _wants_no_more(session, phone, text):
        _stop(session, phone, text, message)
    elif consent.classify_reply(text.body).label == "opt_in" and consent.is_suppressed(session, phone.e164):
        consent.release_by_person(session, phone.e164, text.body, message.id)
    elif acknowledge_from(session, phone.e164, "OK" if text.body.strip() in ALSO_OK else text.body):
        return
    elif text.body.strip() and not staff_answers.answer(session, phone, conversation, text):
        _explain(session, conversation, phone, text)


def _wants_no_more(session: ScopedSession, phone: Phone, text: Told) -> bool:
    """The exact word always stops; plain words do too, unless they may be meant for a customer."""
    if text.keyword == "STOP":
        return True
    meant_for_us = not staff_answers.may_answer(session, phone)
    return meant_for_us and consent.classify_reply(text.body).label == "opt_out"


def _stop(session: ScopedSession, phone: Phone, text: Told, message: Message) -> None:
    """Their own notices end, nobody else's; and the business hears of it, for alarms may now reach nobody."""
    sending.stop_texting(session, phone.e164, "opt_out", words=text.body, message_id=message.id)
    title = f"{phone.label} gets no more texts from Hallway"
    reason = (
        f"STOP was texted from {phones.pretty(phone.e164)}. Lead cards and alarms no longer reach it; customers are"
    )
    reason += " not affected. To undo it, text START from that phone to your number."
    conversations.add_task(
        session,
        "fix_sending",
        f"staff_stop:{phone.id}",
        title=title,
        reason=reason,
        rule="staff.stop",
        occasion=text.at,
    )
    notices.tell_managers(session, title=title, body=reason, url_path="/tasks", urgent=True)


def _explain(session: ScopedSession, conversation: Conversation, phone: Phone, text: Told) -> None:
    """Once an hour at most: two machines may be talking."""
    since = clock.now() - HELP_EVERY
    lately = (Message.to_address == phone.e164, Message.kind == "staff_help", Message.at > since)
    if session.scalar(select(Message.id).where(*lately).limit(1)):
        return
    business = session.get_one(Tenant, session.tenant_id)
    words = f"{business.name}: reply OK to acknowledge an alarm, or answer a lead card. Customers are answered in the"
    words += f" inbox: {config.settings().tenant_url(business.slug)}/inbox"
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
