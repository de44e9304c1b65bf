"""Labels on conversations, names of files, and the record of two people made one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0010"
down_revision = "0009"
TABLES = ("label", "conversation_label", "contact_merge")


def upgrade() -> None:
    op.add_column("attachment", sa.Column("name", sa.Text(), nullable=True))
    _labels()
    _merges()
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def _labels() -> None:
    op.create_table(
        "label",
        *_owned(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_label_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_label")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_label_tenant_id_name")),
    )
    op.create_table(
        "conversation_label",
        *_owned(),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        _of("conversation", "conversation_id", "conversation_label"),
        _of("label", "label_id", "conversation_label"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conversation_label")),
        sa.UniqueConstraint(
            "tenant_id",
            "conversation_id",
            "label_id",
            name=op.f("uq_conversation_label_tenant_id_conversation_id_label_id"),
        ),
    )
    op.create_index("ix_conversation_label_label", "conversation_label", ["tenant_id", "label_id", "conversation_id"])


def _merges() -> None:
    json = postgresql.JSONB()
    op.create_table(
        "contact_merge",
        *_owned(),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("gone_id", sa.Uuid(), nullable=False),
        sa.Column("kept_conversation_id", sa.Uuid(), nullable=True),
        sa.Column("gone_conversation_id", sa.Uuid(), nullable=True),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("before", json, nullable=False),
        sa.Column("moved", json, nullable=False),
        sa.Column("split_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("split_by", sa.Text(), nullable=True),
        _of("contact", "kept_id", "contact_merge"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact_merge")),
    )
    op.create_index("ix_contact_merge_kept", "contact_merge", ["tenant_id", "kept_id"])
    op.create_index("ix_contact_merge_gone", "contact_merge", ["tenant_id", "gone_conversation_id"])


def _owned() -> tuple[sa.Column[object], ...]:
    """What every row of a business begins with."""
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def _of(parent: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"], name=name, ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("attachment", "name")
