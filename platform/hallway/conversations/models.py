"""Tables of the inbox: conversations, their messages, attachments, tasks, notes and labels."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to

# The tenant is a word of the index too: a search meets only its tenant's postings, however common the word.
SEARCH_WORDS = "to_tsvector('english'::regconfig, body) || array_to_tsvector(ARRAY['tenant:'::text || tenant_id::text])"

STATES = (
    "received",
    "held",
    "queued",
    "claimed",
    "accepted",
    "sent",
    "delivered",
    "failed",
    "undelivered",
    "expired",
    "cancelled",
    "refused",
    "unknown",
)


class Conversation(TenantOwned, Base):
    """Everything said between a tenant and one contact."""

    __tablename__ = "conversation"
    __table_args__ = (
        belongs_to("contact", "contact_id", ondelete="CASCADE"),
        belongs_to("member", "assigned_to"),
        UniqueConstraint("tenant_id", "contact_id"),
        Index("ix_conversation_all", "tenant_id", "last_event_at", "id"),
        Index("ix_conversation_open", "tenant_id", "last_event_at", "id", postgresql_where=text("status = 'open'")),
        Index(
            "ix_conversation_waiting",
            "tenant_id",
            "waiting_since",
            "id",
            postgresql_where=text("waiting_since IS NOT NULL AND status = 'open'"),
        ),
        Index("ix_conversation_closed", "tenant_id", "last_event_at", "id", postgresql_where=text("status = 'closed'")),
        Index(
            "ix_conversation_snoozed",
            "tenant_id",
            "snoozed_until",
            "id",
            postgresql_where=text("status = 'snoozed'"),
        ),
        Index(
            "ix_conversation_mine",
            "tenant_id",
            "assigned_to",
            "last_event_at",
            "id",
            postgresql_where=text("status = 'open'"),
        ),
    )

    contact_id: Mapped[uuid.UUID]
    status: Mapped[str] = mapped_column(default="open")  # open, snoozed, closed
    snoozed_until: Mapped[datetime | None]
    assigned_to: Mapped[uuid.UUID | None]
    urgent_reason: Mapped[str | None]
    waiting_since: Mapped[datetime | None]  # a person wrote or called and no person of ours has answered since
    automation_paused_reason: Mapped[str | None]
    last_event_at: Mapped[datetime]
    preview: Mapped[str] = mapped_column(default="")
    preview_direction: Mapped[str] = mapped_column(default="in")
    source: Mapped[str] = mapped_column(default="call")
    unread: Mapped[bool] = mapped_column(default=True)


class Message(TenantOwned, Base):
    """One text in or out. Outbound states move forward only; see hallway.sending.states."""

    __tablename__ = "message"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        belongs_to("message", "retry_of"),
        UniqueConstraint("tenant_id", "provider_sid"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_message_thread", "tenant_id", "conversation_id", "at", "id"),
        Index(
            "ix_message_lane_due",
            "tenant_id",
            "lane",
            "due_at",
            postgresql_where=text("state IN ('held', 'queued', 'claimed', 'unknown')"),
        ),
        Index("ix_message_tenant_id_to_at", "tenant_id", "to_address", "at"),
        Index(
            "ix_message_pace",
            "tenant_id",
            "from_address",
            "claimed_at",
            postgresql_where=text("claimed_at IS NOT NULL"),
        ),
        Index("ix_message_search", "search", postgresql_using="gin"),
    )

    conversation_id: Mapped[uuid.UUID]
    at: Mapped[datetime]  # its place in the thread: when it was received or queued
    direction: Mapped[str]  # in, out
    channel: Mapped[str] = mapped_column(default="sms")
    kind: Mapped[str]  # inbound, text_back, person, help, opt_out_confirmation, opt_in_confirmation, alert
    purpose: Mapped[str]  # reply, informational, follow_up, marketing, compliance, staff
    lane: Mapped[str] = mapped_column(default="now")  # now, soon, bulk
    state: Mapped[str]
    from_address: Mapped[str | None]
    to_address: Mapped[str]
    body: Mapped[str]
    segments: Mapped[int] = mapped_column(default=0)
    encoding: Mapped[str] = mapped_column(default="GSM-7")
    provider_sid: Mapped[str | None]
    author_id: Mapped[uuid.UUID | None]
    author_name: Mapped[str | None]
    call_id: Mapped[uuid.UUID | None]
    appointment_id: Mapped[uuid.UUID | None]  # it tells of this visit, as agreed in this version
    appointment_version: Mapped[int | None]
    enrollment_id: Mapped[uuid.UUID | None]  # the follow-up sequence it is a touch of
    retry_of: Mapped[uuid.UUID | None]
    due_at: Mapped[datetime | None]  # next moment this message needs a worker, while it is not settled
    send_at: Mapped[datetime | None]  # the later time that its author chose
    expires_at: Mapped[datetime | None]  # its shelf life: never sent after this
    lease: Mapped[uuid.UUID | None]  # who holds the claim
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    error_code: Mapped[str | None]
    error: Mapped[str | None]  # in plain words, for the thread
    held_rule: Mapped[str | None]
    label: Mapped[str | None]  # inbound: how the reply was understood
    label_rule: Mapped[str | None]
    subject: Mapped[str | None]  # e-mail
    # Inbound: [{"url", "content_type"}] as the provider told; outbound: [{"attachment", "content_type", "name"}].
    media: Mapped[list[Any]] = mapped_column(default=list)
    search: Mapped[Any] = deferred(mapped_column(TSVECTOR, Computed(SEARCH_WORDS, persisted=True)))


class Mail(TenantOwned, Base):
    """What an e-mail has beyond a message of the same id. `message_id` and `references` are its headers, with <>."""

    __tablename__ = "mail"
    __table_args__ = (
        belongs_to("message", "id", ondelete="CASCADE"),
        Index("ix_mail_tenant_id_message_id", "tenant_id", "message_id"),
    )

    message_id: Mapped[str]
    references: Mapped[str] = mapped_column(default="")
    whole: Mapped[str | None]  # inbound: all that came, where the message's body leaves out what was quoted
    sender_name: Mapped[str | None]
    unverified: Mapped[bool] = mapped_column(default=False)  # it came from an address that is not the contact's
    notes: Mapped[str | None]  # in plain words: attachments left out, an automatic answer, ...
    calendar: Mapped[str | None]  # outbound: an iCalendar object that goes along, with its METHOD


class Attachment(TenantOwned, Base):
    """A photo or recording, kept in the database so that every web host can show it."""

    __tablename__ = "attachment"
    __table_args__ = (
        belongs_to("message", "message_id", ondelete="CASCADE"),
        Index("ix_attachment_tenant_id_message_id", "tenant_id", "message_id"),
        UniqueConstraint("tenant_id", "source_url"),
    )

    message_id: Mapped[uuid.UUID | None]
    call_id: Mapped[uuid.UUID | None]
    source_url: Mapped[str]
    content_type: Mapped[str]
    name: Mapped[str | None]  # of a file that a member sends
    size: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="pending")  # pending, stored, failed
    error: Mapped[str | None]
    data: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))


class Task(TenantOwned, Base):
    """Something a person has to do, such as calling somebody back whom we may not text. One per kind and key."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "key"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_task_open", "tenant_id", "created_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_task_tenant_id_conversation_id", "tenant_id", "conversation_id"),
    )

    kind: Mapped[str]  # call_back, review_reply, fix_sending
    key: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str]
    rule: Mapped[str]
    phone: Mapped[str | None]
    conversation_id: Mapped[uuid.UUID | None]
    call_id: Mapped[uuid.UUID | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]


class Note(TenantOwned, Base):
    """What members say to each other in a thread; the customer never sees it."""

    __tablename__ = "note"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_note_thread", "tenant_id", "conversation_id", "at", "id"),
    )

    conversation_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    kind: Mapped[str]  # note, hand_over, snooze, merge
    body: Mapped[str]
    about: Mapped[str | None]  # what was done with it: "Handed over to Alice Romero"
    author_id: Mapped[uuid.UUID | None]
    author_name: Mapped[str]


class Mention(TenantOwned, Base):
    """A member named in a note; `seen_at` is when they opened the thread after that."""

    __tablename__ = "mention"
    __table_args__ = (
        belongs_to("note", "note_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        belongs_to("member", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "note_id", "member_id"),
        Index("ix_mention_member", "tenant_id", "member_id", "conversation_id"),
        Index(
            "ix_mention_unseen",
            "tenant_id",
            "member_id",
            "conversation_id",
            postgresql_where=text("seen_at IS NULL"),
        ),
        Index("ix_mention_tenant_id_conversation_id", "tenant_id", "conversation_id"),
    )

    note_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    seen_at: Mapped[datetime | None]


class Label(TenantOwned, Base):
    """A word the business sorts its conversations by. `color` is one of hallway.conversations.labels.COLORS."""

    __tablename__ = "label"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id", "name"))

    name: Mapped[str]
    color: Mapped[str]


class ConversationLabel(TenantOwned, Base):
    """A label on a conversation."""

    __tablename__ = "conversation_label"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        belongs_to("label", "label_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "conversation_id", "label_id"),
        Index("ix_conversation_label_label", "tenant_id", "label_id", "conversation_id"),
    )

    conversation_id: Mapped[uuid.UUID]
    label_id: Mapped[uuid.UUID]
