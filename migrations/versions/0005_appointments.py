"""Appointments and their reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0005"
down_revision = "0004"
TABLES = ("appointment", "appointment_event", "appointment_question", "appointment_reminder", "appointment_rules")


def upgrade() -> None:
    _appointment()
    _beside_it()
    # Neither is indexed or a foreign key: messages are many, and those of a visit are found through its reminders.
    op.add_column("message", sa.Column("appointment_id", sa.Uuid(), nullable=True))
    op.add_column("message", sa.Column("appointment_version", sa.Integer(), nullable=True))
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_column("message", "appointment_version")
    op.drop_column("message", "appointment_id")
    for table in ("appointment_rules", "appointment_question", "appointment_event", "appointment_reminder"):
        op.drop_table(table)
    op.drop_table("appointment")


def _own(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table of one tenant's rows."""
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    )


def _words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=name, ondelete="CASCADE"
    )


def _appointment() -> None:
    statuses = "('booked', 'confirmed', 'reschedule_asked', 'cancel_asked', 'cancelled', 'done', 'no_show')"
    _own(
        "appointment",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        _words("what"),
        *(_words(name, nullable=True) for name in ("address", "state", "zip")),
        _words("zone"),
        _time("starts_at"),
        _time("arrive_by", nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _words("technician", nullable=True),
        _words("status"),
        _words("source"),
        _words("external_id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _words("booked_by", nullable=True),
        _time("confirmed_at", nullable=True),
        _words("wish_words", nullable=True),
        _time("wish_starts_at", nullable=True),
        _time("wish_arrive_by", nullable=True),
        _time("over_at", nullable=True),
        _words("over_reason", nullable=True),
        sa.CheckConstraint(f"status IN {statuses}", name=op.f("ck_appointment_status")),
        sa.CheckConstraint("arrive_by IS NULL OR arrive_by > starts_at", name=op.f("ck_appointment_window")),
        _belongs("appointment", "conversation_id", "conversation"),
    )
    op.create_index(
        "ix_appointment_external",
        "appointment",
        ["tenant_id", "source", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index("ix_appointment_tenant_id_conversation_id", "appointment", ["tenant_id", "conversation_id"])
    op.create_index("ix_appointment_tenant_id_starts_at", "appointment", ["tenant_id", "starts_at"])


def _beside_it() -> None:
    _own(
        "appointment_reminder",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _words("kind"),
        _time("due_at"),
        _time("good_until"),
        _words("state"),
        _words("rule", nullable=True),
        _words("reason", nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        _time("decided_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'skipped', 'void')", name=op.f("ck_appointment_reminder_state")
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "appointment_id",
            "version",
            "kind",
            name=op.f("uq_appointment_reminder_tenant_id_appointment_id_version_kind"),
        ),
        _belongs("appointment_reminder", "appointment_id", "appointment"),
    )
    _own(
        "appointment_event",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        _time("at"),
        _words("kind"),
        _words("words"),
        _words("by", nullable=True),
        _belongs("appointment_event", "appointment_id", "appointment"),
        _belongs("appointment_event", "conversation_id", "conversation"),
    )
    op.create_index("ix_appointment_event_thread", "appointment_event", ["tenant_id", "conversation_id", "at", "id"])
    op.create_index(
        "ix_appointment_event_tenant_id_appointment_id", "appointment_event", ["tenant_id", "appointment_id"]
    )
    _own(
        "appointment_question",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        _words("label"),
        _words("words"),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _time("asked_at"),
        _time("answered_at", nullable=True),
        _belongs("appointment_question", "conversation_id", "conversation"),
    )
    op.create_index(
        "ix_appointment_question_tenant_id_conversation_id", "appointment_question", ["tenant_id", "conversation_id"]
    )
    owners = ("confirmation_by", "day_before_by", "morning_of_by")
    _own(
        "appointment_rules",
        *(_words(name) for name in (*owners, "day_before_at", "morning_of_at")),
        sa.Column("leads_may_cancel", sa.Boolean(), nullable=False),
        _words("feed_key_sealed", nullable=True),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_appointment_rules_tenant_id")),
        *(
            sa.CheckConstraint(
                f"{name} IN ('hallway', 'dispatch', 'nobody')", name=op.f(f"ck_appointment_rules_{name}")
            )
            for name in owners
        ),
    )
