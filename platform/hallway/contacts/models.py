"""Tables of people and the addresses they are reached at."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, belongs_to


class Contact(TenantOwned, Base):
    """A lead or customer of one tenant."""

    __tablename__ = "contact"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        Index("ix_contact_list", "tenant_id", "list_id", "id", postgresql_where=text("list_id IS NOT NULL")),
    )

    name: Mapped[str | None]
    address: Mapped[str | None]
    state: Mapped[str | None]
    zip: Mapped[str | None]
    timezone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    blocked_at: Mapped[datetime | None]
    blocked_reason: Mapped[str | None]
    details: Mapped[Json] = mapped_column(default=dict, server_default="{}")  # company, last_job, tags, notes
    list_id: Mapped[uuid.UUID | None]  # the imported list they came from, while nobody else has told of them


class ContactPoint(TenantOwned, Base):
    """A phone number (E.164) or e-mail address (lower case) of a contact, unique in the tenant."""

    __tablename__ = "contact_point"
    __table_args__ = (
        belongs_to("contact", "contact_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "kind", "value"),
        Index("ix_contact_point_tenant_id_contact_id", "tenant_id", "contact_id"),
    )

    contact_id: Mapped[uuid.UUID]
    kind: Mapped[str]  # phone, email
    value: Mapped[str]
    line_type: Mapped[str | None]  # the carrier's word: mobile, landline, fixedVoip, tollFree, ... None: not asked yet
    line_checked_at: Mapped[datetime | None]
    invalid_reason: Mapped[str | None]


class ContactMerge(TenantOwned, Base):
    """Two people made one: what came from the other, so that a split can put it back.

    `before` holds the columns of both contacts and conversations as they were, `moved` the ids of rows by table.
    """

    __tablename__ = "contact_merge"
    __table_args__ = (
        belongs_to("contact", "kept_id", ondelete="CASCADE"),
        Index("ix_contact_merge_kept", "tenant_id", "kept_id"),
        Index("ix_contact_merge_gone", "tenant_id", "gone_conversation_id"),
    )

    kept_id: Mapped[uuid.UUID]
    gone_id: Mapped[uuid.UUID]
    kept_conversation_id: Mapped[uuid.UUID | None]
    gone_conversation_id: Mapped[uuid.UUID | None]
    merged_by: Mapped[str]
    before: Mapped[Json]
    moved: Mapped[Json]
    split_at: Mapped[datetime | None]
    split_by: Mapped[str | None]
