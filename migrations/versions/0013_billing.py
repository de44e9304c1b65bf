"""Plans and standing of businesses, who pays, Stripe's events, and usage as it was reported."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0013"
down_revision = "0012"
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in _tenant_columns():
        op.add_column("tenant", column)
    op.add_column("agency", sa.Column("rebill_margin_percent", sa.Integer(), server_default="0", nullable=False))
    _payer()
    _event()
    _report()
    for table in ("payer", "billing_event"):
        for statement in walls.system_only(table):
            op.execute(statement)
    for statement in walls.enclose("usage_report"):
        op.execute(statement)


def _tenant_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=True),
        sa.Column("standing_until", AT, nullable=True),
        sa.Column("period_start", AT, nullable=True),
        sa.Column("period_end", AT, nullable=True),
        sa.Column("paid_by_agency", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("spend_cap_cents", sa.Integer(), nullable=True),
        sa.Column("segment_limit", sa.Integer(), nullable=True),
        sa.Column("spend_alerted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("usage_looked_at", AT, nullable=True),
    ]


def _payer() -> None:
    op.create_table(
        "payer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("subscription", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("trial_end", AT, nullable=True),
        sa.Column("period_start", AT, nullable=True),
        sa.Column("period_end", AT, nullable=True),
        sa.Column("cancel_at", AT, nullable=True),
        sa.Column("trouble_since", AT, nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("read_at", AT, nullable=True),
        sa.Column("next_try_at", AT, nullable=True),
        sa.Column("created_at", AT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("num_nonnulls(tenant_id, agency_id) = 1", name=op.f("ck_payer_one_payer")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_payer_tenant_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_payer_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_payer_tenant_id")),
        sa.UniqueConstraint("agency_id", name=op.f("uq_payer_agency_id")),
        sa.UniqueConstraint("customer", name=op.f("uq_payer_customer")),
    )


def _event() -> None:
    op.create_table(
        "billing_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("handled_at", AT, nullable=True),
        sa.CheckConstraint("state IN ('new', 'done', 'ignored')", name=op.f("ck_billing_event_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_event")),
        sa.UniqueConstraint("event", name=op.f("uq_billing_event_event")),
    )
    op.create_index(op.f("ix_billing_event_payer_id"), "billing_event", ["payer_id"])
    op.create_index("ix_billing_event_new", "billing_event", ["payer_id"], postgresql_where=sa.text("state = 'new'"))


def _report() -> None:
    op.create_table(
        "usage_report",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", AT, server_default=sa.text("now()"), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("period_start", AT, nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("used_at", AT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tried_at", AT, nullable=True),
        sa.Column("sent_at", AT, nullable=True),
        sa.CheckConstraint("state IN ('new', 'sent', 'doubtful')", name=op.f("ck_usage_report_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_usage_report_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_usage_report")),
    )
    op.create_index("ix_usage_report_period", "usage_report", ["tenant_id", "metric", "period_start"])
    op.create_index("ix_usage_report_new", "usage_report", ["tenant_id"], postgresql_where=sa.text("state = 'new'"))


def downgrade() -> None:
    for table in ("usage_report", "billing_event", "payer"):
        op.drop_table(table)
    op.drop_column("agency", "rebill_margin_percent")
    for column in reversed(_tenant_columns()):
        op.drop_column("tenant", column.name)
