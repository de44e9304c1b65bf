"""Hosted forms, their submissions, and estimates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0008"
down_revision = "0007"
TABLES = ("web_form", "form_submission", "api_key", "estimate", "estimate_event")


def upgrade() -> None:
    _forms()
    _estimates()
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def _own() -> list[sa.Column[object]]:
    return [
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _of(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{parent}.tenant_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"fk_{table}_tenant_id"))


def _forms() -> None:
    json = postgresql.JSONB()
    op.create_table(
        "web_form",
        *_own(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("fields", json, nullable=False),
        sa.Column("sites", json, nullable=False),
        sa.Column("ask_marketing", sa.Boolean(), nullable=False),
        sa.Column("monthly_texts", sa.Integer(), nullable=False),
        sa.Column("privacy_url", sa.Text(), nullable=True),
        sa.Column("terms_url", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _tenant("web_form"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_web_form")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_web_form_tenant_id_key")),
    )
    op.create_table(
        "form_submission",
        *_own(),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answers", json, nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("request_wording", sa.Text(), nullable=False),
        sa.Column("marketing_wording", sa.Text(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("suspicion", json, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('new', 'done', 'quarantined', 'discarded')", name=op.f("ck_form_submission_state")
        ),
        _of("form_submission", "web_form", "form_id"),
        _of("form_submission", "conversation", "conversation_id"),
        _of("form_submission", "message", "message_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_form_submission")),
        sa.UniqueConstraint(
            "tenant_id", "form_id", "dedupe_key", name=op.f("uq_form_submission_tenant_id_form_id_dedupe_key")
        ),
    )
    for name, columns in (
        ("same", ["tenant_id", "fingerprint", "at"]),
        ("ip", ["tenant_id", "ip", "at"]),
        ("phone", ["tenant_id", "phone", "at"]),
        ("email", ["tenant_id", "email", "at"]),
        ("conversation", ["tenant_id", "conversation_id"]),
    ):
        op.create_index(f"ix_form_submission_{name}", "form_submission", columns)
    op.create_index(
        "ix_form_submission_aside",
        "form_submission",
        ["tenant_id", "id"],
        postgresql_where=sa.text("state = 'quarantined'"),
    )
    _keys()


def _keys() -> None:
    op.create_table(
        "api_key",
        *_own(),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _tenant("api_key"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("tenant_id", "sha256", name=op.f("uq_api_key_tenant_id_sha256")),
    )


def _estimates() -> None:
    op.create_table(
        "estimate",
        *_own(),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('sent', 'accepted', 'declined')", name=op.f("ck_estimate_state")),
        _of("estimate", "conversation", "conversation_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_estimate")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_estimate_tenant_id_number")),
    )
    op.create_index("ix_estimate_conversation", "estimate", ["tenant_id", "conversation_id"])
    op.create_index("ix_estimate_state", "estimate", ["tenant_id", "state", "sent_at"])
    op.create_table(
        "estimate_event",
        *_own(),
        sa.Column("estimate_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        _of("estimate_event", "estimate", "estimate_id"),
        _of("estimate_event", "conversation", "conversation_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_estimate_event")),
    )
    op.create_index("ix_estimate_event_conversation", "estimate_event", ["tenant_id", "conversation_id", "at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
