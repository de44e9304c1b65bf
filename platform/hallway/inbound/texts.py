"""A text comes in: it is written down, understood, and either answered as the law asks or put before a person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from groundwork.database import ScopedSession
from groundwork.tables import InboundEvent
from hallway import consent, contacts, sending
from hallway.calls import Phone
from hallway.consent import classify_reply
from hallway.conversations import Message, note_event, open_for
from hallway.inbound import following_up, staff
from hallway.inbound.answers import ANSWERS, Heard, listen
from hallway.inbound.told import told
from hallway.inbound.writing import write_down

PHOTO = "Photo"


def receive_text(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `text_in`. The same text told twice changes nothing; its effects commit together or not at all."""
    text = told(event)
    if session.scalar(select(Message.id).where(Message.provider_sid == text.sid)):
        return
    phone = session.scalar(select(Phone).where(Phone.e164 == text.sender))
    if phone:
        staff.hear(session, phone, text)
        return
    contact = contacts.reach(session, text.sender)
    conversation = open_for(session, contact, "text")
    reply = classify_reply(text.body)
    message = write_down(session, conversation, text, label=reply.label, rule=reply.rule)
    waited_since = conversation.waiting_since
    note_event(session, conversation, text.body or PHOTO, "in", at=text.at)
    consent.record_once(session, text.sender, "conversational", "inbound_text", {"message_id": str(message.id)})
    following_up.heard(session, conversation.id, reply)
    heard = Heard(text, reply, contact, conversation, message, waited_since)
    ANSWERS.get(reply.label, listen)(session, heard)
    sending.answered(session, conversation.id)  # after a stop has taken back what waited: nothing is left to ask about


def receive_status(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `text_status`: the carrier's news of a text of ours."""
    news = event.params
    status = news.get("MessageStatus") or news.get("SmsStatus", "")
    message_id = _uuid(event.context.get("m") or news.get("m"))
    sending.apply_status(
        session, message_id, news["MessageSid"], status, news.get("ErrorCode") or None, event.received_at
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
