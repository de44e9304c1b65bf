"""What a business writes by e-mail, and what it looks like afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from groundwork.database import new_id
from hallway import contacts, sending
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, Message, open_for
from tenants.models import Tenant
from tests.makers import Business

DANA_MAIL = "dana@example.com"


def know(business: Business, address: str = DANA_MAIL, phone: str | None = None) -> Conversation:
    """Somebody with an e-mail address (and a phone) and the conversation with them."""
    with business.open() as session:
        contact = contacts.reach(session, address, "email")
        contact.name = "Dana Whitfield"
        if phone:
            session.add(ContactPoint(id=new_id(), contact_id=contact.id, kind="phone", value=phone))
        return open_for(session, contact, "form")


def write(business: Business, conversation: Conversation, body: str, **more: Any) -> Message:
    """Queue an e-mail: an automatic one of a sequence unless told otherwise."""
    plain: dict[str, Any] = {"kind": "sequence", "purpose": "informational", "shelf_life": timedelta(hours=8)}
    with business.open() as session:
        here = session.get_one(Conversation, (business.id, conversation.id))
        return sending.queue(session, here, body, channel="email", **{**plain, **more})


def look(business: Business, message_id: UUID) -> Message:
    with business.open() as session:
        return session.get_one(Message, (business.id, message_id))


def settle(business: Business, **columns: object) -> None:
    """Set columns of the business itself."""
    with business.open() as session:
        tenant = session.get_one(Tenant, business.id)
        for name, value in columns.items():
            setattr(tenant, name, value)
