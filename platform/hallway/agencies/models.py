"""Tables of an agency's playbook and of what it pushed to its clients."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, new_id

STATES = ("applied", "merged", "same", "conflict", "refused", "failed", "kept", "undone")
KINDS = ("sequence", "wording", "reply", "label", "form")


class PlaybookPiece(Base):
    """One piece as the agency wants its clients to have it: `body` is a plan, {"source"}, {"color"}, a form's fields.

    `origin` is the trade's own that it grew from, or what a client had where no trade has such a thing: at a client of
    another trade only what differs from it comes in.
    """

    __tablename__ = "playbook_piece"
    __table_args__ = (
        UniqueConstraint("agency_id", "kind", "key"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    key: Mapped[str]  # the moment of a sequence, the key of a wording, the name of all others
    name: Mapped[str]
    edition: Mapped[int] = mapped_column(default=1)
    body: Mapped[Json]
    origin: Mapped[Json]
    author_name: Mapped[str]
    changed_at: Mapped[datetime]


class PlaybookPush(Base):
    """One edition of a piece on its way to clients. `wanted` are their ids, those who get it first in front.

    `on_way` are those of them it was let go to, `going_back` those it is to be taken back from; what became of each
    stands in its PushedPiece.
    """

    __tablename__ = "playbook_push"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_playbook_push_agency_id", "agency_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    edition: Mapped[int]
    body: Mapped[Json]
    origin: Mapped[Json]
    author_name: Mapped[str]
    moves: Mapped[bool] = mapped_column(default=False)  # people inside a sequence go on in the new version
    wanted: Mapped[list[Any]]
    on_way: Mapped[list[Any]] = mapped_column(default=list)
    going_back: Mapped[list[Any]] = mapped_column(default=list)
    opening: Mapped[bool] = mapped_column(default=False)  # part of opening a client's account


class PushedPiece(TenantOwned, Base):
    """What one push did at one client. The last `offered` that holds is what the next push merges from.

    `words` say in plain words what conflicts, was refused, went wrong (`failed`), or could not be taken back (`kept`).
    `before` is what taking it back goes back to.
    """

    __tablename__ = "pushed_piece"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        ForeignKeyConstraint(["push_id"], ["playbook_push.id"]),
        UniqueConstraint("tenant_id", "push_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_pushed_piece_key", "tenant_id", "kind", "key", "pushed_at"),
    )

    push_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    key: Mapped[str]
    state: Mapped[str]
    offered: Mapped[Json]
    before: Mapped[Json]
    after: Mapped[Json]
    words: Mapped[list[Any]] = mapped_column(default=list)
    author_name: Mapped[str]
    pushed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
