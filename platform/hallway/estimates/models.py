"""Tables of estimates and what became of them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to

STATES = ("sent", "accepted", "declined")


class Estimate(TenantOwned, Base):
    """A price given to somebody. Unique by the business's own number."""

    __tablename__ = "estimate"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_estimate_conversation", "tenant_id", "conversation_id"),
        Index("ix_estimate_state", "tenant_id", "state", "sent_at"),
    )

    conversation_id: Mapped[uuid.UUID]
    number: Mapped[str]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    link: Mapped[str | None]
    title: Mapped[str | None]  # what it is for
    state: Mapped[str] = mapped_column(default="sent")
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class EstimateEvent(TenantOwned, Base):
    """One thing that happened to an estimate; it stands in the thread."""

    __tablename__ = "estimate_event"
    __table_args__ = (
        belongs_to("estimate", "estimate_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_estimate_event_conversation", "tenant_id", "conversation_id", "at"),
    )

    estimate_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    kind: Mapped[str]  # sent, accepted, declined
    at: Mapped[datetime]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    said_by: Mapped[str]  # a person's name, "API" or "Import"
    note: Mapped[str | None]
