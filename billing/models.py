"""Tables of billing: metered usage, what of it was reported, who pays, and what Stripe told us."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, new_id


class UsageEvent(TenantOwned, Base):
    """A quantity used once: segments, mms, mails, call_seconds or numbers; `source` is the row that caused it."""

    __tablename__ = "usage_event"
    __table_args__ = (
        UniqueConstraint("tenant_id", "metric", "source"),
        Index("ix_usage_event_tenant_id_metric_used_at", "tenant_id", "metric", "used_at"),
    )

    metric: Mapped[str]
    source: Mapped[str]
    quantity: Mapped[int]
    used_at: Mapped[datetime]


class UsageReport(TenantOwned, Base):
    """A part of the overage of one period, told to Stripe's meter once; its id is the meter event's identifier."""

    __tablename__ = "usage_report"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'sent', 'doubtful')", name="state"),
        Index("ix_usage_report_period", "tenant_id", "metric", "period_start"),
        Index("ix_usage_report_new", "tenant_id", postgresql_where=text("state = 'new'")),
    )

    metric: Mapped[str]
    period_start: Mapped[datetime]
    customer: Mapped[str]  # Stripe's id of who pays
    quantity: Mapped[int]
    used_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="new")
    tried_at: Mapped[datetime | None]  # the first time; Stripe knows an identifier again for a day only
    sent_at: Mapped[datetime | None]


class Payer(Base):
    """Who pays: one business for itself, or one agency for clients; with the subscription as last read from Stripe."""

    __tablename__ = "payer"
    __table_args__ = (CheckConstraint("num_nonnulls(tenant_id, agency_id) = 1", name="one_payer"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tenant.id"), unique=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), unique=True)
    customer: Mapped[str | None] = mapped_column(unique=True)  # Stripe's id
    subscription: Mapped[str | None]  # Stripe's id of the one that counts
    status: Mapped[str | None]  # in Stripe's words
    plan: Mapped[str | None]
    quantity: Mapped[int] = mapped_column(default=1)
    trial_end: Mapped[datetime | None]
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    cancel_at: Mapped[datetime | None]
    trouble_since: Mapped[datetime | None]  # when the payment that is missing was due
    details: Mapped[Json] = mapped_column(default=dict)  # card, discount, open invoice: for the page
    read_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]  # Stripe was away; not before this
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class BillingEvent(Base):
    """A verified event of Stripe's, kept as it came, once. It is a hint: what counts is read from Stripe."""

    __tablename__ = "billing_event"
    __table_args__ = (
        Index("ix_billing_event_new", "payer_id", postgresql_where=text("state = 'new'")),
        CheckConstraint("state IN ('new', 'done', 'ignored')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    event: Mapped[str] = mapped_column(unique=True)  # Stripe's id
    kind: Mapped[str]
    payer_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    raw: Mapped[str]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="new")
    handled_at: Mapped[datetime | None]
