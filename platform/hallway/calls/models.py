"""Tables of calls, the phones that ring, voicemail, and the one text per caller."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to


class Phone(TenantOwned, Base):
    """A phone of the contractor's that may ring; `on_call` also gets alarms by text."""

    __tablename__ = "phone"
    __table_args__ = (UniqueConstraint("tenant_id", "e164"), belongs_to("member", "member_id"))

    label: Mapped[str]
    e164: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    rings: Mapped[bool] = mapped_column(default=True)
    on_call: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[uuid.UUID | None]


class Call(TenantOwned, Base):
    """One phone call. `state` moves forward only: ringing, connected | missed, ended.

    Missed means that no human of ours accepted; `outcome` says so for good: answered, missed, blocked.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provider_sid"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        belongs_to("number", "number_id"),
        belongs_to("phone", "answered_by"),
        Index("ix_call_thread", "tenant_id", "conversation_id", "started_at", "id"),
        Index("ix_call_day", "tenant_id", "started_at"),
        Index("ix_call_caller", "tenant_id", "from_address", "started_at"),
    )

    conversation_id: Mapped[uuid.UUID | None]
    number_id: Mapped[uuid.UUID | None]
    provider_sid: Mapped[str | None]
    direction: Mapped[str] = mapped_column(default="in")
    from_address: Mapped[str]
    to_address: Mapped[str]
    caller_kind: Mapped[str] = mapped_column(default="ordinary")  # ordinary, anonymous, toll_free, foreign, ...
    forwarded_from: Mapped[str | None]
    situation: Mapped[str | None]  # open, after_hours, holiday, busy: what held when the call came in
    state: Mapped[str] = mapped_column(default="ringing")
    outcome: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)  # which phone of the ring plan is ringing
    started_at: Mapped[datetime]
    missed_at: Mapped[datetime | None]
    missed_reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[uuid.UUID | None]
    ended_at: Mapped[datetime | None]
    duration: Mapped[int | None]  # seconds, as the carrier told
    text_back: Mapped[str | None]  # sent, skipped, refused, held: what became of the text
    text_back_reason: Mapped[str | None]
    text_back_message_id: Mapped[uuid.UUID | None]
    requested_by: Mapped[str | None]  # outbound: who asked to call back


class CallLeg(TenantOwned, Base):
    """One of the contractor's phones ringing for a call; `accepted_at` is set when a human pressed 1."""

    __tablename__ = "call_leg"
    __table_args__ = (
        UniqueConstraint("tenant_id", "provider_sid"),
        belongs_to("call", "call_id", ondelete="CASCADE"),
        Index("ix_call_leg_tenant_id_call_id", "tenant_id", "call_id"),
    )

    call_id: Mapped[uuid.UUID]
    phone_id: Mapped[uuid.UUID | None]
    provider_sid: Mapped[str]
    picked_up_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    digits: Mapped[str | None]


class TextBackClaim(TenantOwned, Base):
    """The right to text one caller once per window; its unique key is what makes two texts impossible."""

    __tablename__ = "text_back_claim"
    __table_args__ = (UniqueConstraint("tenant_id", "caller"),)

    caller: Mapped[str]
    claimed_at: Mapped[datetime]
    call_id: Mapped[uuid.UUID]


class Voicemail(TenantOwned, Base):
    """What a caller said after the tone."""

    __tablename__ = "voicemail"
    __table_args__ = (
        UniqueConstraint("tenant_id", "call_id"),
        belongs_to("call", "call_id", ondelete="CASCADE"),
        belongs_to("attachment", "attachment_id"),
    )

    call_id: Mapped[uuid.UUID]
    recording_sid: Mapped[str | None]
    duration: Mapped[int] = mapped_column(default=0)
    attachment_id: Mapped[uuid.UUID | None]
    transcript: Mapped[str | None]
    transcript_state: Mapped[str] = mapped_column(default="waiting")  # waiting, done, failed
    heard_at: Mapped[datetime | None]


class Alarm(TenantOwned, Base):
    """Something the on-call person is paged about until somebody acknowledges it."""

    __tablename__ = "alarm"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_alarm_tenant_id_conversation_id", "tenant_id", "conversation_id"),
        Index(
            "ix_alarm_open",
            "tenant_id",
            "conversation_id",
            "reason",
            unique=True,
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
    )

    conversation_id: Mapped[uuid.UUID]
    reason: Mapped[str]  # repeat_call, emergency_words, unanswered
    words: Mapped[str]
    pages: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
