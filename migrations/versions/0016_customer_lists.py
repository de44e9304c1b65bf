"""Customer lists from files, what they tell of a person, and exports of everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0016"
down_revision = "0015"
TABLES = ("customer_list", "customer_list_piece", "tenant_export", "tenant_export_piece")
COUNTS = ("pieces_done", "new", "updated", "merged", "rejected", "stopped", "granted", "removed")


def upgrade() -> None:
    op.add_column("contact", sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("contact", sa.Column("list_id", sa.Uuid(), nullable=True))
    here = sa.text("list_id IS NOT NULL")
    op.create_index("ix_contact_list", "contact", ["tenant_id", "list_id", "id"], postgresql_where=here)
    _lists()
    _exports()
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def _lists() -> None:
    op.create_table(
        "customer_list",
        *_owned(),
        *_texts("name", "saved_as"),
        sa.Column("heads", postgresql.JSONB(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        *_texts("consent", "wording", "method", nullable=True),
        *_texts("state"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows", "pieces", *COUNTS)),
        *_texts("added_by"),
        *_times("started_at", "ended_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_customer_list_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer_list")),
        sa.CheckConstraint(
            "state IN ('chosen', 'running', 'done', 'failed', 'undoing', 'undone')", name=op.f("ck_customer_list_state")
        ),
    )
    op.create_index("ix_customer_list_tenant_id_created_at", "customer_list", ["tenant_id", "created_at"])
    op.create_table(
        "customer_list_piece",
        *_owned(),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("rejects", sa.LargeBinary(), nullable=True),
        *_times("done_at"),
        _of("customer_list", "list_id", "customer_list_piece"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customer_list_piece")),
        sa.UniqueConstraint(
            "tenant_id", "list_id", "place", name=op.f("uq_customer_list_piece_tenant_id_list_id_place")
        ),
    )
    open_ = sa.text("done_at IS NULL")
    columns = ["tenant_id", "list_id", "place"]
    op.create_index("ix_customer_list_piece_open", "customer_list_piece", columns, postgresql_where=open_)


def _exports() -> None:
    op.create_table(
        "tenant_export",
        *_owned(),
        *_texts("state", "asked_by"),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *_times("ready_at", "gone_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_tenant_export_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tenant_export")),
        sa.CheckConstraint("state IN ('running', 'done', 'failed', 'gone')", name=op.f("ck_tenant_export_state")),
    )
    op.create_index("ix_tenant_export_tenant_id_created_at", "tenant_export", ["tenant_id", "created_at"])
    op.create_table(
        "tenant_export_piece",
        *_owned(),
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *_texts("name"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _of("tenant_export", "export_id", "tenant_export_piece"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tenant_export_piece")),
        sa.UniqueConstraint(
            "tenant_id", "export_id", "place", name=op.f("uq_tenant_export_piece_tenant_id_export_id_place")
        ),
    )


def _owned() -> tuple[sa.Column[object], ...]:
    """What every row of a business begins with."""
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _times(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in names]


def _of(parent: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"], name=name, ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_contact_list", table_name="contact")
    op.drop_column("contact", "list_id")
    op.drop_column("contact", "details")
