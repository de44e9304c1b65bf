"""Agencies: roles by client, their own look, their playbook, and what they pushed to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0015"
down_revision = "0014"
LOOK = ("product_name", "support_email", "brand_color", "logo_type")
OF_AGENCIES = ("agency_client_role", "playbook_piece", "playbook_push")


def upgrade() -> None:
    for name in LOOK:
        op.add_column("agency", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("agency", sa.Column("logo", sa.LargeBinary(), nullable=True))
    everywhere: sa.Column[bool] = sa.Column("all_clients", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("agency_member", everywhere)
    _client_role()
    _piece()
    _push()
    _pushed()
    for table in OF_AGENCIES:
        for statement in walls.system_only(table):
            op.execute(statement)
    for statement in walls.enclose("pushed_piece"):
        op.execute(statement)


def _client_role() -> None:
    table = "agency_client_role"
    op.create_table(
        table,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["agency_id", "user_id"],
            ["agency_member.agency_id", "agency_member.user_id"],
            name=op.f(f"fk_{table}_agency_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _of_agency(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("origin", postgresql.JSONB(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('sequence', 'wording')", name=op.f(f"ck_{table}_kind")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f(f"fk_{table}_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _piece() -> None:
    op.create_table(
        "playbook_piece",
        *_of_agency("playbook_piece"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("agency_id", "kind", "key", name=op.f("uq_playbook_piece_agency_id_kind_key")),
    )


def _push() -> None:
    op.create_table(
        "playbook_push",
        *_of_agency("playbook_push"),
        sa.Column("moves", sa.Boolean(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(), nullable=False),
    )
    op.create_index(op.f("ix_playbook_push_agency_id"), "playbook_push", ["agency_id", "created_at"])


def _pushed() -> None:
    states = "'applied', 'merged', 'same', 'conflict', 'refused', 'undone'"
    op.create_table(
        "pushed_piece",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("push_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered", postgresql.JSONB(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_pushed_piece_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_pushed_piece_tenant_id")),
        sa.ForeignKeyConstraint(["push_id"], ["playbook_push.id"], name=op.f("fk_pushed_piece_push_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pushed_piece")),
        sa.UniqueConstraint("tenant_id", "push_id", name=op.f("uq_pushed_piece_tenant_id_push_id")),
    )
    op.create_index("ix_pushed_piece_key", "pushed_piece", ["tenant_id", "kind", "key", "pushed_at"])


def downgrade() -> None:
    for table in ("pushed_piece", "playbook_push", "playbook_piece", "agency_client_role"):
        op.drop_table(table)
    op.drop_column("agency_member", "all_clients")
    for name in ("logo", *reversed(LOOK)):
        op.drop_column("agency", name)
