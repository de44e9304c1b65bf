"""What was measured once and is read often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from groundwork.database import Base, TenantOwned


class LeakCount(TenantOwned, Base):
    """How many of the eight signs leak, and the largest of them; one row for each client of an agency."""

    __tablename__ = "leak_count"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id"))

    measured_at: Mapped[datetime]
    leaks: Mapped[int]
    worst: Mapped[str | None]  # its title
    worst_count: Mapped[int]
    worst_total: Mapped[int]
