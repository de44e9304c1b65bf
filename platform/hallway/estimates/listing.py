"""Estimates as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from hallway.estimates.models import Estimate

PAGE = 50


@dataclass(frozen=True)
class Line:
    """An estimate and whose it is."""

    estimate: Estimate
    name: str | None
    address: str | None


@dataclass(frozen=True)
class Sum:
    """How many estimates of one state there are, and their amount in cents."""

    count: int = 0
    cents: int = 0


def sums(session: ScopedSession) -> dict[str, Sum]:
    """By state."""
    counted = select(Estimate.state, func.count(), func.sum(Estimate.amount_cents)).group_by(Estimate.state)
    return {state: Sum(count, int(total)) for state, count, total in session.execute(counted)}


def lines(session: ScopedSession, state: str | None = None, page: int = 0) -> tuple[Sequence[Line], bool]:
    """One page of estimates, those sent last first, and whether there are more."""
    address = (
        select(ContactPoint.value)
        .where(ContactPoint.contact_id == Contact.id)
        .order_by(ContactPoint.kind.desc(), ContactPoint.id)
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )
    query = (
        select(Estimate, Contact.name, address)
        .join(Conversation, Conversation.id == Estimate.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .order_by(Estimate.sent_at.desc(), Estimate.id)
    )
    if state:
        query = query.where(Estimate.state == state)
    rows = [Line(*row) for row in session.execute(query.offset(page * PAGE).limit(PAGE + 1))]
    return rows[:PAGE], len(rows) > PAGE


def of_conversation(session: ScopedSession, conversation_id: UUID) -> Sequence[Estimate]:
    """Their estimates, newest first."""
    mine = Estimate.conversation_id == conversation_id
    return session.scalars(select(Estimate).where(mine).order_by(Estimate.sent_at.desc()).limit(20)).all()
