"""The two tables of the kernel: timers that fall due, and requests received from outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned


class Timer(TenantOwned, Base):
    """One thing to do at one time. Unique by kind and key; never run after `expires_at`."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "key"),
        Index("ix_timer_queue_due", "tenant_id", "queue", "due_at", "id", postgresql_where=text("state = 'ready'")),
    )

    kind: Mapped[str]
    key: Mapped[str]
    queue: Mapped[str] = mapped_column(default="now", server_default="now")  # now, soon, bulk: who waits for whom
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="ready")  # ready, done, missed, void, failed
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    payload: Mapped[Json] = mapped_column(default=dict)
    error: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class InboundEvent(TenantOwned, Base):
    """A verified request from a provider, stored before anything is done with it. Unique by the provider's own id."""

    __tablename__ = "inbound_event"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "dedupe_key"),
        Index("ix_inbound_event_tenant_new", "tenant_id", "id", postgresql_where=text("state = 'new'")),
    )

    provider: Mapped[str]
    kind: Mapped[str]
    dedupe_key: Mapped[str]
    params: Mapped[Json]
    context: Mapped[Json] = mapped_column(default=dict)
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="new")  # new, done, failed
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    error: Mapped[str | None]
    handled_at: Mapped[datetime | None]
