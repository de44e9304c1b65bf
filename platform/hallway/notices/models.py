"""Tables of notices: what a member was told, by which ways, and what they may answer by text."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, belongs_to


class NoticePlan(TenantOwned, Base):
    """How a member wants to be told. `ways` is {event: [way, ...]}; an event that is missing goes the usual ways."""

    __tablename__ = "notice_plan"
    __table_args__ = (belongs_to("member", "member_id", ondelete="CASCADE"), UniqueConstraint("tenant_id", "member_id"))

    member_id: Mapped[uuid.UUID]
    ways: Mapped[Json] = mapped_column(default=dict)
    off_shift_too: Mapped[bool] = mapped_column(default=False)
    words_in_push: Mapped[bool] = mapped_column(default=False)
    fallback_minutes: Mapped[int] = mapped_column(default=5)  # a push unopened by then is followed by a text


class PushDevice(TenantOwned, Base):
    """A browser that takes web push for a member. The endpoint is an address that the browser gave us."""

    __tablename__ = "push_device"
    __table_args__ = (
        belongs_to("member", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "endpoint"),
        Index("ix_push_device_tenant_id_member_id", "tenant_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    label: Mapped[str]
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    off_at: Mapped[datetime | None]
    off_reason: Mapped[str | None]


class SlackHook(TenantOwned, Base):
    """The tenant's Slack channel, by its incoming webhook: `events` are posted there, those in `left_out` never.

    A kind in neither was made since. `left_out` is None where the channel was connected before it was kept.
    """

    __tablename__ = "slack_hook"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    label: Mapped[str]
    url_sealed: Mapped[str]
    events: Mapped[list[Any]] = mapped_column(default=list)
    left_out: Mapped[list[Any] | None]
    off_at: Mapped[datetime | None]
    off_reason: Mapped[str | None]


class Notice(TenantOwned, Base):
    """One thing told to one member, or to the Slack channel when there is no member. `times` counts a burst."""

    __tablename__ = "notice"
    __table_args__ = (
        belongs_to("member", "member_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_notice_tenant_id_member_id_told_at", "tenant_id", "member_id", "told_at"),
        Index(
            "ix_notice_unopened",
            "tenant_id",
            "member_id",
            "conversation_id",
            postgresql_where=text("opened_at IS NULL"),
        ),
    )

    member_id: Mapped[uuid.UUID | None]
    conversation_id: Mapped[uuid.UUID | None]
    event: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    url_path: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    quiet: Mapped[bool] = mapped_column(default=False)  # the member was off shift: kept in the app only
    times: Mapped[int] = mapped_column(default=1)
    told_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]


class NoticeDelivery(TenantOwned, Base):
    """One way one notice went: waiting, sent, failed, off. A text is followed by its message."""

    __tablename__ = "notice_delivery"
    __table_args__ = (
        belongs_to("notice", "notice_id", ondelete="CASCADE"),
        Index("ix_notice_delivery_tenant_id_notice_id", "tenant_id", "notice_id"),
    )

    notice_id: Mapped[uuid.UUID]
    way: Mapped[str]
    device_id: Mapped[uuid.UUID | None]
    message_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class LeadCard(TenantOwned, Base):
    """A conversation that one of the business's phones may answer by text, by its short code."""

    __tablename__ = "lead_card"
    __table_args__ = (
        belongs_to("phone", "phone_id", ondelete="CASCADE"),
        belongs_to("member", "member_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "phone_id", "conversation_id"),
        UniqueConstraint("tenant_id", "phone_id", "code"),
    )

    phone_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    code: Mapped[str]
    shown_at: Mapped[datetime]


class StaffDraft(TenantOwned, Base):
    """An answer texted by a member that waits for the code which says whom it is for."""

    __tablename__ = "staff_draft"
    __table_args__ = (belongs_to("phone", "phone_id", ondelete="CASCADE"), UniqueConstraint("tenant_id", "phone_id"))

    phone_id: Mapped[uuid.UUID]
    body: Mapped[str]
    at: Mapped[datetime]
