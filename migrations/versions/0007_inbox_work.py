"""Notes with mentions, conversations put aside until a time, saved replies, texts for later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from groundwork import walls

revision = "0007"
down_revision = "0006"

TABLES = ("note", "mention", "saved_reply")


def upgrade() -> None:
    op.add_column("conversation", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("send_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_conversation_snoozed",
        "conversation",
        ["tenant_id", "snoozed_until", "id"],
        postgresql_where=sa.text("status = 'snoozed'"),
    )
    _notes()
    _saved_replies()
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def _notes() -> None:
    op.create_table(
        "note",
        *_owned(),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        _of("conversation", "conversation_id", "note", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_thread", "note", ["tenant_id", "conversation_id", "at", "id"])
    op.create_table(
        "mention",
        *_owned(),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        _of("note", "note_id", "mention", ondelete="CASCADE"),
        _of("conversation", "conversation_id", "mention", ondelete="CASCADE"),
        _of("member", "member_id", "mention", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_mention")),
        sa.UniqueConstraint("tenant_id", "note_id", "member_id", name=op.f("uq_mention_tenant_id_note_id_member_id")),
    )
    op.create_index("ix_mention_member", "mention", ["tenant_id", "member_id", "conversation_id"])
    op.create_index(
        "ix_mention_unseen",
        "mention",
        ["tenant_id", "member_id", "conversation_id"],
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    op.create_index("ix_mention_tenant_id_conversation_id", "mention", ["tenant_id", "conversation_id"])


def _saved_replies() -> None:
    op.create_table(
        "saved_reply",
        *_owned(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_saved_reply")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_saved_reply_tenant_id_name")),
    )


def _owned() -> tuple[sa.Column[object], ...]:
    """What every row of a business begins with."""
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def _of(parent: str, column: str, table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"], name=name, ondelete=ondelete
    )


def downgrade() -> None:
    op.drop_table("saved_reply")
    op.drop_table("mention")
    op.drop_table("note")
    op.drop_index("ix_conversation_snoozed", "conversation")
    op.drop_column("message", "send_at")
    op.drop_column("conversation", "snoozed_until")
