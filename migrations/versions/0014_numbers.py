"""Setting up: progress, numbers bought step by step, live tests of a line, registrations, own domains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0014"
down_revision = "0013"
TABLES = ("setup", "number_purchase", "line_test", "registration", "custom_domain")
NUMBER_TIMES = ("release_at", "released_at", "missing_since", "quiet_since")


def upgrade() -> None:
    op.add_column("number", sa.Column("kind", sa.Text(), nullable=False, server_default="local"))
    op.add_column("number", sa.Column("source", sa.Text(), nullable=True))
    waits: sa.Column[bool] = sa.Column("waits_for_carrier", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("number", waits)
    for name in NUMBER_TIMES:
        op.add_column("number", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("tenant", sa.Column("service_area", sa.Text(), nullable=True))
    op.add_column("user_account", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("carrier_account", sa.Column("service_sid", sa.Text(), nullable=True))
    _setup()
    _numbers()
    _registrations()
    _domains()
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)
    for statement in walls.system_only("domain_route"):
        op.execute(statement)


def _own() -> list[sa.Column[object]]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]


def _number(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "number_id"],
        ["number.tenant_id", "number.id"],
        name=op.f(f"fk_{table}_tenant_id_number_id"),
    )


def _setup() -> None:
    json = postgresql.JSONB()
    op.create_table(
        "setup",
        *_own(),
        sa.Column("done", json, nullable=False),
        sa.Column("answers", json, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("setup"),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_setup_tenant_id")),
    )


def _numbers() -> None:
    op.create_table(
        "number_purchase",
        *_own(),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("provider_sid", sa.Text(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('wanted', 'bought', 'done', 'taken', 'stray', 'given_back')",
            name=op.f("ck_number_purchase_state"),
        ),
        *_keys("number_purchase"),
    )
    op.create_index(
        "ix_number_purchase_open",
        "number_purchase",
        ["tenant_id", "e164"],
        unique=True,
        postgresql_where=sa.text("state IN ('wanted', 'bought', 'stray')"),
    )
    op.create_table(
        "line_test",
        *_own(),
        sa.Column("number_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        _number("line_test"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_line_test_tenant_id_call_id"),
            ondelete="CASCADE",
        ),
        *_keys("line_test"),
    )
    op.create_index("ix_line_test_number", "line_test", ["tenant_id", "number_id", "asked_at"])


def _registrations() -> None:
    json = postgresql.JSONB()
    op.create_table(
        "registration",
        *_own(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", json, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sids", json, nullable=False),
        sa.Column("reasons", json, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitting', 'pending', 'approved', 'refused')", name=op.f("ck_registration_state")
        ),
        *_keys("registration"),
        sa.UniqueConstraint("tenant_id", "kind", name=op.f("uq_registration_tenant_id_kind")),
    )


def _domains() -> None:
    op.create_table(
        "custom_domain",
        *_own(),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        *_keys("custom_domain"),
        sa.UniqueConstraint("tenant_id", "host", name=op.f("uq_custom_domain_tenant_id_host")),
    )
    op.create_table(
        "domain_route",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_domain_route_tenant_id")),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_domain_route")),
    )
    op.create_index(op.f("ix_domain_route_tenant_id"), "domain_route", ["tenant_id"])


def downgrade() -> None:
    op.drop_table("domain_route")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("carrier_account", "service_sid")
    op.drop_column("user_account", "email_confirmed_at")
    op.drop_column("tenant", "service_area")
    for name in (*reversed(NUMBER_TIMES), "waits_for_carrier", "source", "kind"):
        op.drop_column("number", name)
