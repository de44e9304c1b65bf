"""Tables of appointments, their reminders, what happened to them, and the business's own rules for them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to

STATUSES = ("booked", "confirmed", "reschedule_asked", "cancel_asked", "cancelled", "done", "no_show")
AHEAD = ("booked", "confirmed", "reschedule_asked", "cancel_asked")  # it still stands
SOURCES = ("staff", "lead", "api", "csv", "field_service")
OWNERS = ("hallway", "dispatch", "nobody")


class Appointment(TenantOwned, Base):
    """One visit. `version` grows with each change of what was agreed, so that no message of an older one leaves.

    They arrive between `starts_at` and `arrive_by` (none: at `starts_at`); `zone` is the property's.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("arrive_by IS NULL OR arrive_by > starts_at", name="window"),
        Index(
            "ix_appointment_external",
            "tenant_id",
            "source",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_appointment_tenant_id_conversation_id", "tenant_id", "conversation_id"),
        Index("ix_appointment_tenant_id_starts_at", "tenant_id", "starts_at"),
    )

    conversation_id: Mapped[uuid.UUID]
    what: Mapped[str]
    address: Mapped[str | None]
    state: Mapped[str | None]
    zip: Mapped[str | None]
    zone: Mapped[str]
    starts_at: Mapped[datetime]
    arrive_by: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=60)  # how long the work takes, for calendars
    technician: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="booked")
    source: Mapped[str] = mapped_column(default="staff")
    external_id: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    booked_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    wish_words: Mapped[str | None]  # what they wrote when they asked for another time
    wish_starts_at: Mapped[datetime | None]
    wish_arrive_by: Mapped[datetime | None]
    over_at: Mapped[datetime | None]  # when it was cancelled, done or marked a no-show
    over_reason: Mapped[str | None]


class Reminder(TenantOwned, Base):
    """One message about one version of an appointment: when it is due, and what was decided about it and why."""

    __tablename__ = "appointment_reminder"
    __table_args__ = (
        belongs_to("appointment", "appointment_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "appointment_id", "version", "kind"),
        CheckConstraint("state IN ('waiting', 'sent', 'skipped', 'void')", name="state"),
    )

    appointment_id: Mapped[uuid.UUID]
    version: Mapped[int]
    kind: Mapped[str]  # booked, moved, day_before, morning_of, cancelled
    due_at: Mapped[datetime]
    good_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    rule: Mapped[str | None]
    reason: Mapped[str | None]  # why it was skipped, in plain words
    message_id: Mapped[uuid.UUID | None]  # the text
    mail_id: Mapped[uuid.UUID | None]  # the e-mail
    decided_at: Mapped[datetime | None]


class AppointmentEvent(TenantOwned, Base):
    """One thing that happened to an appointment, for its page and the thread."""

    __tablename__ = "appointment_event"
    __table_args__ = (
        belongs_to("appointment", "appointment_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_appointment_event_thread", "tenant_id", "conversation_id", "at", "id"),
        Index("ix_appointment_event_tenant_id_appointment_id", "tenant_id", "appointment_id"),
    )

    appointment_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    kind: Mapped[
        str
    ]  # booked, moved, changed, confirmed, reschedule_asked, cancel_asked, cancelled, done, no_show, skipped
    words: Mapped[str]
    by: Mapped[str | None]


class AppointmentQuestion(TenantOwned, Base):
    """Which of several visits a reply meant: asked by text, answered by a number or a day."""

    __tablename__ = "appointment_question"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_appointment_question_tenant_id_conversation_id", "tenant_id", "conversation_id"),
    )

    conversation_id: Mapped[uuid.UUID]
    label: Mapped[str]  # what the reply asked for
    words: Mapped[str]
    choices: Mapped[list[Any]]  # appointment ids, in the order of the numbers told
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class AppointmentRules(TenantOwned, Base):
    """How one business handles appointments: who sends what, when, and what customers may do themselves."""

    __tablename__ = "appointment_rules"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        *(
            CheckConstraint(f"{column} IN {OWNERS}", name=column)
            for column in ("confirmation_by", "day_before_by", "morning_of_by")
        ),
    )

    confirmation_by: Mapped[str] = mapped_column(default="hallway")
    day_before_by: Mapped[str] = mapped_column(default="hallway")
    morning_of_by: Mapped[str] = mapped_column(default="hallway")
    day_before_at: Mapped[str] = mapped_column(default="10:00")
    morning_of_at: Mapped[str] = mapped_column(default="08:00")
    leads_may_cancel: Mapped[bool] = mapped_column(default=False)
    mail_invites: Mapped[bool] = mapped_column(default=True)  # whoever has an e-mail address gets a calendar invite
    mail_reminders: Mapped[bool] = mapped_column(default=True)  # whoever cannot be texted is reminded by e-mail
    feed_key_sealed: Mapped[str | None]
