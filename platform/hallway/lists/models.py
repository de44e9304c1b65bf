"""Tables of customer lists taken in, and of everything handed out."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to

STATES = ("chosen", "running", "done", "failed", "undoing", "undone")


class CustomerList(TenantOwned, Base):
    """One file of customers. `fields` says for each column what it is ("phone", "", ...); the counts grow as it runs.

    Each row ends as new, updated, merged (known already) or rejected.
    """

    __tablename__ = "customer_list"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_customer_list_tenant_id_created_at", "tenant_id", "created_at"),
    )

    name: Mapped[str]
    saved_as: Mapped[str]  # "CSV, UTF-8, separated by commas"
    heads: Mapped[list[Any]]
    fields: Mapped[list[Any]]
    consent: Mapped[str | None]  # how they agreed: customers, asked, written, unknown
    wording: Mapped[str | None]  # the words they agreed to, where they did in writing
    method: Mapped[str | None]  # paper, web_form
    state: Mapped[str] = mapped_column(default="chosen")
    rows: Mapped[int]
    pieces: Mapped[int]
    pieces_done: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    merged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    stopped: Mapped[int] = mapped_column(default=0)  # addresses that may not be written to any more
    granted: Mapped[int] = mapped_column(default=0)  # entries made in the consent ledger
    removed: Mapped[int] = mapped_column(default=0)  # people taken back by undoing
    added_by: Mapped[str]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ListPiece(TenantOwned, Base):
    """Some rows of a list, taken in as one. Its rows are dropped when it is done; `rejects` stay for a month."""

    __tablename__ = "customer_list_piece"
    __table_args__ = (
        belongs_to("customer_list", "list_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "list_id", "place"),
        Index("ix_customer_list_piece_open", "tenant_id", "list_id", "place", postgresql_where=text("done_at IS NULL")),
    )

    list_id: Mapped[uuid.UUID]
    place: Mapped[int]
    data: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # packed rows: [[number, cells], ...]
    rejects: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # packed: [[number, why, cells], ...]
    done_at: Mapped[datetime | None]


class TenantExport(TenantOwned, Base):
    """Everything of a business, written down file by file; `file` and `after` say how far it is."""

    __tablename__ = "tenant_export"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        CheckConstraint("state IN ('running', 'done', 'failed', 'gone')", name="state"),
        Index("ix_tenant_export_tenant_id_created_at", "tenant_id", "created_at"),
    )

    state: Mapped[str] = mapped_column(default="running")
    asked_by: Mapped[str]
    file: Mapped[int] = mapped_column(default=0)
    after: Mapped[uuid.UUID | None]
    rows: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes, packed
    ready_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class ExportPiece(TenantOwned, Base):
    """A stretch of one file of an export, packed."""

    __tablename__ = "tenant_export_piece"
    __table_args__ = (
        belongs_to("tenant_export", "export_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "export_id", "place"),
    )

    export_id: Mapped[uuid.UUID]
    place: Mapped[int]
    name: Mapped[str]  # of the file in the archive
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary))
