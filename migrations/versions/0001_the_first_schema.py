"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("slug", name=op.f("uq_agency_slug")),
    )
    op.create_table(
        "audit_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_tenant_id_created_at", "audit_event", ["tenant_id", "created_at"], unique=False)
    op.create_table(
        "consent_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("wording_sha256", sa.Text(), nullable=True),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent_event")),
    )
    op.create_index(
        "ix_consent_event_tenant_id_address_id", "consent_event", ["tenant_id", "address", "id"], unique=False
    )
    op.create_index("ix_consent_event_tenant_id_seq", "consent_event", ["tenant_id", "seq"], unique=True)
    op.create_table(
        "gate_decision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_gate_decision")),
    )
    op.create_index(
        "ix_gate_decision_tenant_id_address_id", "gate_decision", ["tenant_id", "address", "id"], unique=False
    )
    op.create_index("ix_gate_decision_tenant_id_call_id", "gate_decision", ["tenant_id", "call_id"], unique=False)
    op.create_index("ix_gate_decision_tenant_id_message_id", "gate_decision", ["tenant_id", "message_id"], unique=False)
    op.create_table(
        "inbound_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("context", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbound_event")),
        sa.UniqueConstraint(
            "tenant_id", "provider", "dedupe_key", name=op.f("uq_inbound_event_tenant_id_provider_dedupe_key")
        ),
    )
    op.create_index(
        "ix_inbound_event_new",
        "inbound_event",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_index(
        "ix_inbound_event_tenant_new",
        "inbound_event",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "member",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_member")),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_member_tenant_id_user_id")),
    )
    op.create_index("ix_member_user_id", "member", ["user_id"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("source_message_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_evidence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_suppression")),
    )
    op.create_index(
        "ix_suppression_active",
        "suppression",
        ["tenant_id", "channel", "address", "scope"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "text_back_claim",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_text_back_claim")),
        sa.UniqueConstraint("tenant_id", "caller", name=op.f("uq_text_back_claim_tenant_id_caller")),
    )
    op.create_table(
        "timer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_timer")),
        sa.UniqueConstraint("tenant_id", "kind", "key", name=op.f("uq_timer_tenant_id_kind_key")),
    )
    op.create_index("ix_timer_due", "timer", ["due_at"], unique=False, postgresql_where=sa.text("state = 'ready'"))
    op.create_index(
        "ix_timer_tenant_due",
        "timer",
        ["tenant_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_table(
        "usage_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_usage_event")),
        sa.UniqueConstraint("tenant_id", "metric", "source", name=op.f("uq_usage_event_tenant_id_metric_source")),
    )
    op.create_index(
        "ix_usage_event_tenant_id_metric_used_at", "usage_event", ["tenant_id", "metric", "used_at"], unique=False
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "wording",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_wording")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_wording_tenant_id_key")),
    )
    op.create_table(
        "agency_member",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_member_agency_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_agency_member_user_id")),
        sa.PrimaryKeyConstraint("agency_id", "user_id", name=op.f("pk_agency_member")),
    )
    op.create_index(op.f("ix_agency_member_user_id"), "agency_member", ["user_id"], unique=False)
    op.create_table(
        "phone",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rings", sa.Boolean(), nullable=False),
        sa.Column("on_call", sa.Boolean(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name=op.f("fk_phone_tenant_id_member_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_phone")),
        sa.UniqueConstraint("tenant_id", "e164", name=op.f("uq_phone_tenant_id_e164")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("closed_days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observe_federal_holidays", sa.Boolean(), nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_back_window_hours", sa.Integer(), nullable=False),
        sa.Column("text_back_enabled", sa.Boolean(), nullable=False),
        sa.Column("sending_stopped_reason", sa.Text(), nullable=True),
        sa.Column("marketing_start", sa.Text(), nullable=False),
        sa.Column("marketing_end", sa.Text(), nullable=False),
        sa.Column("marketing_sunday", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_tenant_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenant_slug")),
    )
    op.create_index(op.f("ix_tenant_agency_id"), "tenant", ["agency_id"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("acting_for_agency_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_user_session_token_sha256")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "carrier_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("account_sid", sa.Text(), nullable=False),
        sa.Column("auth_token_sealed", sa.Text(), nullable=False),
        sa.Column("previous_token_sealed", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_carrier_account_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_account")),
        sa.UniqueConstraint("account_sid", name=op.f("uq_carrier_account_account_sid")),
    )
    op.create_index(op.f("ix_carrier_account_tenant_id"), "carrier_account", ["tenant_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_contact_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact")),
    )
    op.create_table(
        "number",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("provider_sid", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("ring_order", sa.Text(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("per_second", sa.Double(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_number_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_number")),
        sa.UniqueConstraint("tenant_id", "e164", name=op.f("uq_number_tenant_id_e164")),
    )
    op.create_table(
        "number_route",
        sa.Column("e164", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_number_route_tenant_id")),
        sa.PrimaryKeyConstraint("e164", name=op.f("pk_number_route")),
    )
    op.create_index(op.f("ix_number_route_tenant_id"), "number_route", ["tenant_id"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("line_type", sa.Text(), nullable=True),
        sa.Column("line_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invalid_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_contact_point_tenant_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint("tenant_id", "kind", "value", name=op.f("uq_contact_point_tenant_id_kind_value")),
    )
    op.create_index("ix_contact_point_tenant_id_contact_id", "contact_point", ["tenant_id", "contact_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("urgent_reason", sa.Text(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("automation_paused_reason", sa.Text(), nullable=True),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("preview_direction", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "assigned_to"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_conversation_tenant_id_assigned_to"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contact.tenant_id", "contact.id"],
            name=op.f("fk_conversation_tenant_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("tenant_id", "contact_id", name=op.f("uq_conversation_tenant_id_contact_id")),
    )
    op.create_index("ix_conversation_all", "conversation", ["tenant_id", "last_event_at", "id"], unique=False)
    op.create_index(
        "ix_conversation_closed",
        "conversation",
        ["tenant_id", "last_event_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'closed'"),
    )
    op.create_index(
        "ix_conversation_mine",
        "conversation",
        ["tenant_id", "assigned_to", "last_event_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_conversation_open",
        "conversation",
        ["tenant_id", "last_event_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_conversation_waiting",
        "conversation",
        ["tenant_id", "waiting_since", "id"],
        unique=False,
        postgresql_where=sa.text("waiting_since IS NOT NULL AND status = 'open'"),
    )
    op.create_table(
        "alarm",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name=op.f("fk_alarm_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_alarm")),
    )
    op.create_index(
        "ix_alarm_open",
        "alarm",
        ["tenant_id", "conversation_id", "reason"],
        unique=True,
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )
    op.create_index("ix_alarm_tenant_id_conversation_id", "alarm", ["tenant_id", "conversation_id"], unique=False)
    op.create_table(
        "call",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("number_id", sa.Uuid(), nullable=True),
        sa.Column("provider_sid", sa.Text(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("caller_kind", sa.Text(), nullable=False),
        sa.Column("forwarded_from", sa.Text(), nullable=True),
        sa.Column("situation", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("text_back", sa.Text(), nullable=True),
        sa.Column("text_back_reason", sa.Text(), nullable=True),
        sa.Column("text_back_message_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "answered_by"], ["phone.tenant_id", "phone.id"], name=op.f("fk_call_tenant_id_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name=op.f("fk_call_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "number_id"], ["number.tenant_id", "number.id"], name=op.f("fk_call_tenant_id_number_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call")),
        sa.UniqueConstraint("tenant_id", "provider_sid", name=op.f("uq_call_tenant_id_provider_sid")),
    )
    op.create_index("ix_call_caller", "call", ["tenant_id", "from_address", "started_at"], unique=False)
    op.create_index("ix_call_day", "call", ["tenant_id", "started_at"], unique=False)
    op.create_index("ix_call_thread", "call", ["tenant_id", "conversation_id", "started_at", "id"], unique=False)
    op.create_table(
        "lead",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value_cents", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name=op.f("fk_lead_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lead")),
    )
    op.create_index(
        "ix_lead_open",
        "lead",
        ["tenant_id", "conversation_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index("ix_lead_tenant_id_conversation_id", "lead", ["tenant_id", "conversation_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("from_address", sa.Text(), nullable=True),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("provider_sid", sa.Text(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("retry_of", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("held_rule", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("label_rule", sa.Text(), nullable=True),
        sa.Column("media", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('english'::regconfig, body) || array_to_tsvector(ARRAY['tenant:'::text || tenant_id::text])",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "state IN ('received', 'held', 'queued', 'claimed', 'accepted', 'sent', 'delivered', 'failed', 'undelivered', 'expired', 'cancelled', 'refused', 'unknown')",
            name=op.f("ck_message_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name=op.f("fk_message_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "retry_of"], ["message.tenant_id", "message.id"], name=op.f("fk_message_tenant_id_retry_of")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_message")),
        sa.UniqueConstraint("tenant_id", "provider_sid", name=op.f("uq_message_tenant_id_provider_sid")),
    )
    op.create_index(
        "ix_message_due",
        "message",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('held', 'queued', 'claimed', 'unknown')"),
    )
    op.create_index(
        "ix_message_lane_due",
        "message",
        ["tenant_id", "lane", "due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('held', 'queued', 'claimed', 'unknown')"),
    )
    op.create_index(
        "ix_message_rate",
        "message",
        ["tenant_id", "from_address", "claimed_at"],
        unique=False,
        postgresql_where=sa.text("direction = 'out'"),
    )
    op.create_index("ix_message_search", "message", ["search"], unique=False, postgresql_using="gin")
    op.create_index("ix_message_tenant_id_to_at", "message", ["tenant_id", "to_address", "at"], unique=False)
    op.create_index("ix_message_thread", "message", ["tenant_id", "conversation_id", "at", "id"], unique=False)
    op.create_table(
        "task",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversation.tenant_id", "conversation.id"],
            name=op.f("fk_task_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_task")),
        sa.UniqueConstraint("tenant_id", "kind", "key", name=op.f("uq_task_tenant_id_kind_key")),
    )
    op.create_index(
        "ix_task_open", "task", ["tenant_id", "created_at"], unique=False, postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_index("ix_task_tenant_id_conversation_id", "task", ["tenant_id", "conversation_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "message_id"],
            ["message.tenant_id", "message.id"],
            name=op.f("fk_attachment_tenant_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("tenant_id", "source_url", name=op.f("uq_attachment_tenant_id_source_url")),
    )
    op.create_index("ix_attachment_tenant_id_message_id", "attachment", ["tenant_id", "message_id"], unique=False)
    op.create_table(
        "call_leg",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("provider_sid", sa.Text(), nullable=False),
        sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digits", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_call_leg_tenant_id_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call_leg")),
        sa.UniqueConstraint("tenant_id", "provider_sid", name=op.f("uq_call_leg_tenant_id_provider_sid")),
    )
    op.create_index("ix_call_leg_tenant_id_call_id", "call_leg", ["tenant_id", "call_id"], unique=False)
    op.create_table(
        "lead_field",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source_words", sa.Text(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "lead_id"],
            ["lead.tenant_id", "lead.id"],
            name=op.f("fk_lead_field_tenant_id_lead_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lead_field")),
        sa.UniqueConstraint("tenant_id", "lead_id", "name", name=op.f("uq_lead_field_tenant_id_lead_id_name")),
    )
    op.create_table(
        "voicemail",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("recording_sid", sa.Text(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("transcript_state", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "attachment_id"],
            ["attachment.tenant_id", "attachment.id"],
            name=op.f("fk_voicemail_tenant_id_attachment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.id"],
            name=op.f("fk_voicemail_tenant_id_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_voicemail")),
        sa.UniqueConstraint("tenant_id", "call_id", name=op.f("uq_voicemail_tenant_id_call_id")),
    )


def downgrade() -> None:
    op.drop_table("voicemail")
    op.drop_table("lead_field")
    op.drop_index("ix_call_leg_tenant_id_call_id", table_name="call_leg")
    op.drop_table("call_leg")
    op.drop_index("ix_attachment_tenant_id_message_id", table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("ix_task_tenant_id_conversation_id", table_name="task")
    op.drop_index("ix_task_open", table_name="task", postgresql_where=sa.text("done_at IS NULL"))
    op.drop_table("task")
    op.drop_index("ix_message_thread", table_name="message")
    op.drop_index("ix_message_tenant_id_to_at", table_name="message")
    op.drop_index("ix_message_rate", table_name="message", postgresql_where=sa.text("direction = 'out'"))
    op.drop_index("ix_message_search", table_name="message", postgresql_using="gin")
    op.drop_index(
        "ix_message_lane_due",
        table_name="message",
        postgresql_where=sa.text("state IN ('held', 'queued', 'claimed', 'unknown')"),
    )
    op.drop_index(
        "ix_message_due",
        table_name="message",
        postgresql_where=sa.text("state IN ('held', 'queued', 'claimed', 'unknown')"),
    )
    op.drop_table("message")
    op.drop_index("ix_lead_tenant_id_conversation_id", table_name="lead")
    op.drop_index("ix_lead_open", table_name="lead", postgresql_where=sa.text("status = 'open'"))
    op.drop_table("lead")
    op.drop_index("ix_call_thread", table_name="call")
    op.drop_index("ix_call_day", table_name="call")
    op.drop_index("ix_call_caller", table_name="call")
    op.drop_table("call")
    op.drop_index("ix_alarm_tenant_id_conversation_id", table_name="alarm")
    op.drop_index("ix_alarm_open", table_name="alarm", postgresql_where=sa.text("acknowledged_at IS NULL"))
    op.drop_table("alarm")
    op.drop_index(
        "ix_conversation_waiting",
        table_name="conversation",
        postgresql_where=sa.text("waiting_since IS NOT NULL AND status = 'open'"),
    )
    op.drop_index("ix_conversation_open", table_name="conversation", postgresql_where=sa.text("status = 'open'"))
    op.drop_index("ix_conversation_mine", table_name="conversation", postgresql_where=sa.text("status = 'open'"))
    op.drop_index("ix_conversation_closed", table_name="conversation", postgresql_where=sa.text("status = 'closed'"))
    op.drop_index("ix_conversation_all", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_contact_point_tenant_id_contact_id", table_name="contact_point")
    op.drop_table("contact_point")
    op.drop_index(op.f("ix_number_route_tenant_id"), table_name="number_route")
    op.drop_table("number_route")
    op.drop_table("number")
    op.drop_table("contact")
    op.drop_index(op.f("ix_carrier_account_tenant_id"), table_name="carrier_account")
    op.drop_table("carrier_account")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(op.f("ix_tenant_agency_id"), table_name="tenant")
    op.drop_table("tenant")
    op.drop_table("phone")
    op.drop_index(op.f("ix_agency_member_user_id"), table_name="agency_member")
    op.drop_table("agency_member")
    op.drop_table("wording")
    op.drop_table("user_account")
    op.drop_index("ix_usage_event_tenant_id_metric_used_at", table_name="usage_event")
    op.drop_table("usage_event")
    op.drop_index("ix_timer_tenant_due", table_name="timer", postgresql_where=sa.text("state = 'ready'"))
    op.drop_index("ix_timer_due", table_name="timer", postgresql_where=sa.text("state = 'ready'"))
    op.drop_table("timer")
    op.drop_table("text_back_claim")
    op.drop_index("ix_suppression_active", table_name="suppression", postgresql_where=sa.text("released_at IS NULL"))
    op.drop_table("suppression")
    op.drop_index("ix_member_user_id", table_name="member")
    op.drop_table("member")
    op.drop_index("ix_inbound_event_tenant_new", table_name="inbound_event", postgresql_where=sa.text("state = 'new'"))
    op.drop_index("ix_inbound_event_new", table_name="inbound_event", postgresql_where=sa.text("state = 'new'"))
    op.drop_table("inbound_event")
    op.drop_index("ix_gate_decision_tenant_id_message_id", table_name="gate_decision")
    op.drop_index("ix_gate_decision_tenant_id_call_id", table_name="gate_decision")
    op.drop_index("ix_gate_decision_tenant_id_address_id", table_name="gate_decision")
    op.drop_table("gate_decision")
    op.drop_index("ix_consent_event_tenant_id_seq", table_name="consent_event")
    op.drop_index("ix_consent_event_tenant_id_address_id", table_name="consent_event")
    op.drop_table("consent_event")
    op.drop_index("ix_audit_event_tenant_id_created_at", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("agency")
