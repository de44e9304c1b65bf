"""Table of a tenant's phone numbers."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned


class Number(TenantOwned, Base):
    """A phone number customers call and text. `mode` is direct, or forwarded: the carrier sends us unanswered calls."""

    __tablename__ = "number"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id", "e164"))

    e164: Mapped[str]
    provider_sid: Mapped[str]
    label: Mapped[str]
    mode: Mapped[str] = mapped_column(default="direct")
    ring_order: Mapped[str] = mapped_column(default="in_turn")  # in_turn, at_once
    ring_seconds: Mapped[int] = mapped_column(default=18)
    per_second: Mapped[float] = mapped_column(default=1.0)  # what the carrier takes from this number
    active: Mapped[bool] = mapped_column(default=True)
