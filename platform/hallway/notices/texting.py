"""Notices by text, to the phone of the member: in a lead's conversation a card that can be answered."""

from __future__ import annotations

from datetime import timedelta

from groundwork.database import ScopedSession
from hallway import contacts, sending
from hallway.conversations import Conversation, Message, open_for
from hallway.notices import cards, plans
from hallway.notices.answers import Failed, Sent, WayAnswer
from hallway.notices.events import EVENTS
from hallway.notices.models import Notice, NoticeDelivery
from hallway.notices.plans import Cell
from tenants.models import Tenant

GOOD_FOR = timedelta(minutes=30)


def text(session: ScopedSession, notice: Notice, delivery: NoticeDelivery, link: str) -> WayAnswer:
    """Queue the text; what becomes of it then stands in the message the delivery points to."""
    cell = plans.cell_of(session, notice.member_id) if notice.member_id else None
    if cell is None:
        return Failed("No phone is theirs yet. They choose one under Settings, Notices.")
    conversation = _conversation(session, notice, cell)
    card = EVENTS[notice.event].card and notice.conversation_id is not None
    body = cards.words(session, notice, conversation, cell) if card else _plain(session, notice, link)
    message = queue(session, conversation, cell, body, "lead_card" if card else "notice")
    delivery.message_id = message.id
    return Sent() if message.state != "refused" else Failed(message.error or "The text was refused.")


def queue(session: ScopedSession, conversation: Conversation, cell: Cell, body: str, kind: str) -> Message:
    """One text to a member's phone, through the gate."""
    return sending.queue(
        session, conversation, body, kind=kind, purpose="staff", to=cell.e164, lane="now", shelf_life=GOOD_FOR
    )


def _conversation(session: ScopedSession, notice: Notice, cell: Cell) -> Conversation:
    if notice.conversation_id:
        return session.get_one(Conversation, (session.tenant_id, notice.conversation_id))
    return thread_of(session, cell.e164, cell.label)


def thread_of(session: ScopedSession, e164: str, label: str) -> Conversation:
    """The thread with one of our own phones: it is kept, and waits for nobody."""
    contact = contacts.reach(session, e164)
    contact.name = contact.name or label
    conversation = open_for(session, contact, "staff")
    if conversation.source == "staff":
        conversation.status, conversation.unread = "closed", False
    return conversation


def _plain(session: ScopedSession, notice: Notice, link: str) -> str:
    business = session.get_one(Tenant, session.tenant_id)
    return f"{business.name}: {notice.title}. {notice.body[:160]} {link}"
