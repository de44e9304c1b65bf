"""Pushes that workers carry out, of replies, labels and forms too; and how many leaks each client of an agency has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0018"
down_revision = "0017"
KINDS = ("sequence", "wording"), ("reply", "label", "form")
STATES = ("applied", "merged", "same", "conflict", "refused", "undone"), ("failed", "kept")


def upgrade() -> None:
    for name in ("on_way", "going_back"):
        op.add_column("playbook_push", sa.Column(name, postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("playbook_push", sa.Column("opening", sa.Boolean(), server_default=sa.false(), nullable=False))
    _allow(KINDS[0] + KINDS[1], STATES[0] + STATES[1])
    _leaks()
    for statement in walls.enclose("leak_count"):
        op.execute(statement)


def _allow(kinds: tuple[str, ...], states: tuple[str, ...]) -> None:
    for table, column, values in (
        ("playbook_piece", "kind", kinds),
        ("playbook_push", "kind", kinds),
        ("pushed_piece", "state", states),
    ):
        name = op.f(f"ck_{table}_{column}")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"{column} IN {values}")


def _leaks() -> None:
    op.create_table(
        "leak_count",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaks", sa.Integer(), nullable=False),
        sa.Column("worst", sa.Text(), nullable=True),
        sa.Column("worst_count", sa.Integer(), nullable=False),
        sa.Column("worst_total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_leak_count_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_leak_count")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_leak_count_tenant_id")),
    )


def downgrade() -> None:
    op.drop_table("leak_count")
    op.execute("DELETE FROM pushed_piece WHERE state = 'failed'")
    op.execute("UPDATE pushed_piece SET state = 'applied' WHERE state = 'kept'")
    op.execute("DELETE FROM pushed_piece WHERE kind IN ('reply', 'label', 'form')")
    op.execute("DELETE FROM playbook_push WHERE kind IN ('reply', 'label', 'form')")
    op.execute("DELETE FROM playbook_piece WHERE kind IN ('reply', 'label', 'form')")
    _allow(KINDS[0], STATES[0])
    for name in ("opening", "going_back", "on_way"):
        op.drop_column("playbook_push", name)
