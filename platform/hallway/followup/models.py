"""Tables of follow-up: moments, sequences and their versions, enrollments, and the log of their steps."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, belongs_to

OUTCOMES = ("queued", "done", "waiting", "skipped", "missed", "failed", "stopped")


class Moment(TenantOwned, Base):
    """Something that may start follow-up, kept whether or not a sequence was there for it: what-if looks back at it."""

    __tablename__ = "moment"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "conversation_id", "key"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        Index("ix_moment_tenant_id_at", "tenant_id", "at"),
    )

    kind: Mapped[str]  # missed_call, form, estimate, chat, no_show, past_customer
    conversation_id: Mapped[uuid.UUID]
    key: Mapped[str]  # what it is about: the call's, submission's or estimate's id
    facts: Mapped[Json] = mapped_column(default=dict)  # plain values the wording and `only_if` may name
    at: Mapped[datetime]


class Sequence(TenantOwned, Base):
    """What one moment sets going: the trigger (moment, `only_if`) and the version that newcomers enter."""

    __tablename__ = "sequence"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index("ix_sequence_tenant_id_moment", "tenant_id", "moment"),
    )

    key: Mapped[str]  # stable name; a playbook's sequence keeps the playbook's
    name: Mapped[str]
    moment: Mapped[str]
    only_if: Mapped[Json] = mapped_column(default=dict)  # {fact: value or list of values}; empty: always
    enabled: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)  # number of the version in force
    archived_at: Mapped[datetime | None]


class SequenceVersion(TenantOwned, Base):
    """One edition of a sequence; never changed once it is there. `plan` is read by hallway.followup.steps."""

    __tablename__ = "sequence_version"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sequence_id", "number"),
        belongs_to("sequence", "sequence_id", ondelete="CASCADE"),
    )

    sequence_id: Mapped[uuid.UUID]
    number: Mapped[int]
    plan: Mapped[Json]
    moves: Mapped[bool] = mapped_column(default=False)  # people inside older versions move to it
    author_name: Mapped[str | None]  # None: the playbook's


class Enrollment(TenantOwned, Base):
    """One person in one sequence for one occasion. Its next step is a timer of kind `sequence_step`."""

    __tablename__ = "enrollment"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sequence_id", "contact_id", "key"),
        belongs_to("sequence", "sequence_id"),
        belongs_to("contact", "contact_id", ondelete="CASCADE"),
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        CheckConstraint("state IN ('running', 'finished', 'stopped')", name="state"),
        Index("ix_enrollment_running", "tenant_id", "conversation_id", postgresql_where=text("state = 'running'")),
        Index("ix_enrollment_conversation", "tenant_id", "conversation_id", "started_at"),
        Index("ix_enrollment_sequence", "tenant_id", "sequence_id", "started_at"),
    )

    sequence_id: Mapped[uuid.UUID]
    version: Mapped[int]
    contact_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    key: Mapped[str]
    facts: Mapped[Json] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="running")
    step: Mapped[str | None]  # id of the next step; None once it has ended
    due_at: Mapped[datetime | None]  # when that is
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None]  # reply, booking, opt_out, takeover, closed, person, edit
    stopped_why: Mapped[str | None]  # in plain words


class EnrollmentStep(TenantOwned, Base):
    """What became of one step for one person, and why. One row per enrollment and step: none happens twice."""

    __tablename__ = "enrollment_step"
    __table_args__ = (
        UniqueConstraint("tenant_id", "enrollment_id", "step"),
        belongs_to("enrollment", "enrollment_id", ondelete="CASCADE"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        Index("ix_enrollment_step_message", "tenant_id", "message_id"),
    )

    enrollment_id: Mapped[uuid.UUID]
    step: Mapped[str]
    kind: Mapped[str]
    version: Mapped[int]
    position: Mapped[int]  # the place it had in that version, from 1
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    outcome: Mapped[str]
    rule: Mapped[str]  # the rule that decided
    why: Mapped[str]  # in plain words
    message_id: Mapped[uuid.UUID | None]  # the text or mail it queued; its state says what became of it
