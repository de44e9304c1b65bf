"""Table of metered usage."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from groundwork.database import Base, TenantOwned


class UsageEvent(TenantOwned, Base):
    """A quantity used once: `metric` is segments, call_seconds or numbers; `source` is the row that caused it."""

    __tablename__ = "usage_event"
    __table_args__ = (
        UniqueConstraint("tenant_id", "metric", "source"),
        Index("ix_usage_event_tenant_id_metric_used_at", "tenant_id", "metric", "used_at"),
    )

    metric: Mapped[str]
    source: Mapped[str]
    quantity: Mapped[int]
    used_at: Mapped[datetime]
