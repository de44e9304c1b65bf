"""Table of what is filed with the carriers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned


class Registration(TenantOwned, Base):
    """One filing: `kind` is 10dlc (brand and campaign) or toll_free.

    `form` is what the owner wrote, `sids` what the carrier gave out so far, `reasons` why it was refused:
    [{"field", "words"}].
    """

    __tablename__ = "registration"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        UniqueConstraint("tenant_id", "kind"),
        CheckConstraint("state IN ('draft', 'submitting', 'pending', 'approved', 'refused')", name="state"),
    )

    kind: Mapped[str]
    form: Mapped[Json] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="draft")
    sids: Mapped[Json] = mapped_column(default=dict)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    tries: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
