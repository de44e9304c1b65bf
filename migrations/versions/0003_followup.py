"""Sequences, their versions, enrollments and the log of their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0003"
down_revision = "0002"

TABLES = ("moment", "sequence", "sequence_version", "enrollment", "enrollment_step")


def upgrade() -> None:
    _sequences()
    _enrollments()
    # Nullable, or with a constant: neither is rewritten.
    op.add_column("message", sa.Column("enrollment_id", sa.Uuid(), nullable=True))
    op.add_column("timer", sa.Column("queue", sa.Text(), server_default="now", nullable=False))
    op.drop_index("ix_timer_tenant_due", table_name="timer")
    op.create_index(
        "ix_timer_queue_due",
        "timer",
        ["tenant_id", "queue", "due_at"],
        postgresql_where=sa.text("state = 'ready'"),
    )
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def _own(*columns: sa.Column[object]) -> list[sa.Column[object]]:
    """The columns every tenant's row has, then its own."""
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *columns,
    ]


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def _keys(table: str, *unique: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", *unique, name=op.f(f"uq_{table}_tenant_id_{'_'.join(unique)}")),
    ]


def _belongs(table: str, other: str, *, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    mine, theirs = ["tenant_id", f"{other}_id"], [f"{other}.tenant_id", f"{other}.id"]
    return sa.ForeignKeyConstraint(mine, theirs, name=op.f(f"fk_{table}_tenant_id_{other}_id"), ondelete=ondelete)


def _sequences() -> None:
    op.create_table(
        "moment",
        *_own(_text("kind"), _uuid("conversation_id"), _text("key"), _json("facts"), _time("at")),
        *_keys("moment", "kind", "conversation_id", "key"),
        _belongs("moment", "conversation"),
    )
    op.create_index("ix_moment_tenant_id_at", "moment", ["tenant_id", "at"])
    op.create_table(
        "sequence",
        *_own(_text("key"), _text("name"), _text("moment"), _json("only_if")),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _time("archived_at", nullable=True),
        *_keys("sequence", "key"),
    )
    op.create_index("ix_sequence_tenant_id_moment", "sequence", ["tenant_id", "moment"])
    op.create_table(
        "sequence_version",
        *_own(_uuid("sequence_id"), sa.Column("number", sa.Integer(), nullable=False), _json("plan")),
        *(sa.Column("moves", sa.Boolean(), nullable=False), _text("author_name", nullable=True)),
        *_keys("sequence_version", "sequence_id", "number"),
        _belongs("sequence_version", "sequence"),
    )


def _enrollments() -> None:
    op.create_table(
        "enrollment",
        *_own(_uuid("sequence_id"), sa.Column("version", sa.Integer(), nullable=False)),
        *(_uuid("contact_id"), _uuid("conversation_id"), _text("key"), _json("facts"), _text("state")),
        *(_text("step", nullable=True), _time("due_at", nullable=True), _time("started_at")),
        *(_time("ended_at", nullable=True), _text("stopped_by", nullable=True), _text("stopped_why", nullable=True)),
        *_keys("enrollment", "sequence_id", "contact_id", "key"),
        *(_belongs("enrollment", "sequence", ondelete=None), _belongs("enrollment", "contact")),
        _belongs("enrollment", "conversation"),
        sa.CheckConstraint("state IN ('running', 'finished', 'stopped')", name=op.f("ck_enrollment_state")),
    )
    running = sa.text("state = 'running'")
    op.create_index("ix_enrollment_running", "enrollment", ["tenant_id", "conversation_id"], postgresql_where=running)
    op.create_index("ix_enrollment_conversation", "enrollment", ["tenant_id", "conversation_id", "started_at"])
    op.create_index("ix_enrollment_sequence", "enrollment", ["tenant_id", "sequence_id", "started_at"])
    outcomes = "'queued', 'done', 'waiting', 'skipped', 'missed', 'failed', 'stopped'"
    op.create_table(
        "enrollment_step",
        *_own(_uuid("enrollment_id"), _text("step"), _text("kind")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(_time("at"), _time("due_at"), _text("outcome"), _text("rule"), _text("why")),
        _uuid("message_id", nullable=True),
        *_keys("enrollment_step", "enrollment_id", "step"),
        _belongs("enrollment_step", "enrollment"),
        sa.CheckConstraint(f"outcome IN ({outcomes})", name=op.f("ck_enrollment_step_outcome")),
    )
    op.create_index("ix_enrollment_step_message", "enrollment_step", ["tenant_id", "message_id"])


def downgrade() -> None:
    op.drop_index("ix_timer_queue_due", table_name="timer")
    op.create_index(
        "ix_timer_tenant_due", "timer", ["tenant_id", "due_at"], postgresql_where=sa.text("state = 'ready'")
    )
    op.drop_column("timer", "queue")
    op.drop_column("message", "enrollment_id")
    for table in reversed(TABLES):
        op.drop_table(table)
