"""What bears on a missed call, read in one round trip: the caller waits for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from groundwork import clock
from groundwork.database import ScopedSession
from hallway.calls.models import Call
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from tenants.models import Tenant

REPEAT_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Around:
    """`missed_lately`: how many other calls of theirs were missed within ten minutes. Nobody is known of a hidden
    number, then `conversation` and `person` are None."""

    tenant: Tenant
    conversation: Conversation | None
    person: Contact | None
    line_type: str | None
    line_checked_at: datetime | None
    missed_lately: int


def look(session: ScopedSession, call: Call) -> Around:
    """Everything about the business and the caller that decides what becomes of this call."""
    mine = (Call.conversation_id == call.conversation_id, Call.direction == "in", Call.id != call.id)
    lately = select(func.count()).where(*mine, Call.missed_at >= clock.now() - REPEAT_WITHIN).scalar_subquery()
    their_phone = and_(ContactPoint.kind == "phone", ContactPoint.value == call.from_address)
    found = session.execute(
        select(Tenant, Conversation, Contact, ContactPoint.line_type, ContactPoint.line_checked_at, lately)
        .select_from(Tenant)
        .outerjoin(Conversation, Conversation.id == call.conversation_id)
        .outerjoin(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(ContactPoint, their_phone)
        .where(Tenant.id == session.tenant_id)
    ).one()
    return Around(*found)
