"""Tables of leads and the context drawn from their words."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to


class Lead(TenantOwned, Base):
    """An opportunity in a conversation: what they want, where, how soon."""

    __tablename__ = "lead"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_lead_tenant_id_conversation_id", "tenant_id", "conversation_id"),
        Index("ix_lead_open", "tenant_id", "conversation_id", unique=True, postgresql_where=text("status = 'open'")),
    )

    conversation_id: Mapped[uuid.UUID]
    source: Mapped[str]  # missed_call, text, call, voicemail, form, email, api
    status: Mapped[str] = mapped_column(default="open")  # open, booked, lost
    booked_at: Mapped[datetime | None]
    value_cents: Mapped[int | None]


class LeadField(TenantOwned, Base):
    """One thing known about a lead, with the words it came from; a person's correction outranks any later reading."""

    __tablename__ = "lead_field"
    __table_args__ = (
        belongs_to("lead", "lead_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "lead_id", "name"),
    )

    lead_id: Mapped[uuid.UUID]
    name: Mapped[str]  # service, urgency, address, zip, preferred_time, name
    value: Mapped[str]
    label: Mapped[str]
    source_words: Mapped[str | None]
    source_kind: Mapped[str | None]  # message, voicemail
    source_id: Mapped[uuid.UUID | None]
    confidence: Mapped[float] = mapped_column(default=1.0)
    corrected_by: Mapped[str | None]
    corrected_at: Mapped[datetime | None]


class Question(TenantOwned, Base):
    """What a lead was asked for, once for each field."""

    __tablename__ = "question"
    __table_args__ = (
        belongs_to("lead", "lead_id", ondelete="CASCADE"),
        belongs_to("message", "message_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "lead_id", "field"),
    )

    lead_id: Mapped[uuid.UUID]
    field: Mapped[str]
    message_id: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
