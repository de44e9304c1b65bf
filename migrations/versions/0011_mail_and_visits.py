"""Invites by e-mail, what a secret key may do, and answers of the API kept for a repeated request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0011"
down_revision = "0010"
BEFORE = '["forms:write", "estimates:read", "estimates:write"]'  # what every key could do until now


def upgrade() -> None:
    op.add_column("mail", sa.Column("calendar", sa.Text(), nullable=True))
    op.add_column("appointment_reminder", sa.Column("mail_id", sa.Uuid(), nullable=True))
    for column in ("mail_invites", "mail_reminders"):
        op.add_column("appointment_rules", _yes(column))
    op.add_column("api_key", sa.Column("scopes", postgresql.JSONB(), server_default=BEFORE, nullable=False))
    op.create_table(
        "api_answer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_api_answer_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_api_answer_tenant_id_key")),
    )
    for statement in walls.enclose("api_answer"):
        op.execute(statement)


def _yes(column: str) -> sa.Column[bool]:
    return sa.Column(column, sa.Boolean(), server_default=sa.true(), nullable=False)


def downgrade() -> None:
    op.drop_table("api_answer")
    op.drop_column("api_key", "scopes")
    for column in ("mail_reminders", "mail_invites"):
        op.drop_column("appointment_rules", column)
    op.drop_column("appointment_reminder", "mail_id")
    op.drop_column("mail", "calendar")
