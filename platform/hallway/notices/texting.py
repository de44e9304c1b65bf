"""Notices by text and e-mail to a member: in a lead's conversation the text is a card that can be answered."""

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
from tenants.models import Member, Tenant

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


def mail(session: ScopedSession, notice: Notice, delivery: NoticeDelivery, link: str) -> WayAnswer:
    """The notice as an e-mail to the member, in a thread of their own: an answer to it never reaches a customer."""
    member = session.get(Member, (session.tenant_id, notice.member_id)) if notice.member_id else None
    if member is None:
        return Failed("They no longer work here.")
    conversation = thread_of(session, member.email, member.name, "email")
    message = sending.queue(
        session,
        conversation,
        f"{notice.title}\n\n{notice.body}\n\n{link}",
        kind="notice",
        purpose="staff",
        channel="email",
        subject=notice.title,
        to=member.email,
        lane="now",
        shelf_life=GOOD_FOR,
    )
    delivery.message_id = message.id
    return Sent() if message.state != "refused" else Failed(message.error or "The e-mail was refused.")


def queue(session: ScopedSession, conversation: Conversation, cell: Cell, body: str, kind: str) -> Message:
    """One text to a member's phone, through the gate."""
    return sending.queue(
        session, conversation, body, kind=kind, purpose="staff", to=cell.e164, lane="now", shelf_life=GOOD_FOR
    )


def _conversation(session: ScopedSession, notice: Notice, cell: Cell) -> Conversation:
    if notice.conversation_id:
        return session.get_one(Conversation, (session.tenant_id, notice.conversation_id))
    return thread_of(session, cell.e164, cell.label)


def thread_of(session: ScopedSession, address: str, label: str, kind: str = "phone") -> Conversation:
    """The thread with one of our own phones or members: it is kept, and waits for nobody."""
    contact = contacts.reach(session, address, kind)
    contact.name = contact.name or label
    conversation = open_for(session, contact, "staff")
    if conversation.source == "staff":
        conversation.status, conversation.unread = "closed", False
    return conversation


def _plain(session: ScopedSession, notice: Notice, link: str) -> str:
    business = session.get_one(Tenant, session.tenant_id)
    return f"{business.name}: {notice.title}. {notice.body[:160]} {link}"
