"""Tables of setting up: how far a business is, and live tests of its lines."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, belongs_to


class Setup(TenantOwned, Base):
    """How far a business is. `done` is {step: moment in ISO}, `answers` those of the questionnaire."""

    __tablename__ = "setup"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id"))

    done: Mapped[Json] = mapped_column(default=dict)
    answers: Mapped[Json] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]


class LineTest(TenantOwned, Base):
    """A number watched for a call since `asked_at`: somebody calls it (`call`), or we call through their carrier's
    forwarding (`forwarding`). `call_id` is the call that proved it."""

    __tablename__ = "line_test"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        belongs_to("number", "number_id"),
        belongs_to("call", "call_id", ondelete="CASCADE"),
        Index("ix_line_test_number", "tenant_id", "number_id", "asked_at"),
    )

    number_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    call_id: Mapped[uuid.UUID | None]
    proved_at: Mapped[datetime | None]
    error: Mapped[str | None]
