"""How leads stand, for other programs: who, from where, what they want, who has them, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message
from hallway.leads.models import Lead, LeadField
from tenants.models import Member

STATUSES = ("open", "booked", "lost")


@dataclass(frozen=True)
class LeadState:
    """A lead with its person (E.164, lower-case e-mail), and its fields by name.

    `member` has it; `answered_at` is when one of ours first wrote to them after it began.
    """

    lead: Lead
    conversation: Conversation
    contact: Contact
    member: str | None
    answered_at: datetime | None
    phone: str | None
    email: str | None
    fields: dict[str, LeadField] = field(default_factory=dict)


def one(session: ScopedSession, lead_id: UUID) -> LeadState | None:
    return next(iter(_states(session, _query().where(Lead.id == lead_id))), None)


def page(
    session: ScopedSession, status: str | None, after: UUID | None, most: int
) -> tuple[Sequence[LeadState], UUID | None]:
    """Up to `most`, the newest first, and the id after which the next page begins."""
    query = _query().order_by(Lead.id.desc()).limit(most + 1)
    if status:
        query = query.where(Lead.status == status)
    if after:
        query = query.where(Lead.id < after)
    found = _states(session, query)
    return found[:most], found[most - 1].lead.id if len(found) > most else None


def _query() -> Any:
    ours = (Message.conversation_id == Lead.conversation_id, Message.author_id.is_not(None), Message.purpose != "staff")
    answered = select(func.min(Message.at)).where(*ours, Message.at >= Lead.created_at).correlate(Lead)
    columns = (Lead, Conversation, Contact, Member.name, answered.scalar_subquery(), _point("phone"), _point("email"))
    return (
        select(*columns)
        .join(Conversation, Conversation.id == Lead.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Member, Member.id == Conversation.assigned_to)
    )


def _point(kind: str) -> Any:
    mine = (ContactPoint.contact_id == Contact.id, ContactPoint.kind == kind)
    first = select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1)
    return first.correlate(Contact).scalar_subquery()


def _states(session: ScopedSession, query: Any) -> list[LeadState]:
    found = [LeadState(*row) for row in session.execute(query)]
    known = {one.lead.id: one for one in found}
    for row in session.scalars(select(LeadField).where(LeadField.lead_id.in_(known))):
        known[row.lead_id].fields[row.name] = row
    return found
