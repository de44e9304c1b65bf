"""Who is told what: shifts, routing rules, notices and their ways."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0006"
down_revision = "0005"

TABLES = (
    "shift",
    "team",
    "team_member",
    "turn",
    "routing_rule",
    "routing_plan",
    "routed",
    "notice_plan",
    "push_device",
    "slack_hook",
    "notice",
    "notice_delivery",
    "lead_card",
    "staff_draft",
    "question",
)


def upgrade() -> None:
    _people()
    _routing()
    _ways()
    _notices()
    _answers()
    for table in TABLES:
        for statement in walls.enclose(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _yes_no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def _belongs(table: str, to: str, column: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_tenant_id_{column}")
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=name, ondelete=ondelete)


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("tenant_id", *columns, name=op.f(f"uq_{table}_{'_'.join(('tenant_id', *columns))}"))


def _people() -> None:
    _table(
        "shift",
        _uuid("member_id"),
        _text("weekday"),
        _text("starts"),
        _text("ends"),
        _belongs("shift", "member", "member_id"),
        _unique("shift", "member_id", "weekday", "starts"),
    )
    _table("team", _text("name"), _unique("team", "name"))
    _table(
        "team_member",
        _uuid("team_id"),
        _uuid("member_id"),
        _belongs("team_member", "team", "team_id"),
        _belongs("team_member", "member", "member_id"),
        _unique("team_member", "team_id", "member_id"),
    )
    _table(
        "turn",
        _text("line"),
        _uuid("member_id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _belongs("turn", "member", "member_id"),
        _unique("turn", "line", "member_id"),
    )


def _routing() -> None:
    _table(
        "routing_rule",
        _whole("position"),
        _text("name"),
        *map(_json, ("services", "places", "keywords", "channels")),
        _text("hours"),
        _uuid("team_id", nullable=True),
        _uuid("member_id", nullable=True),
        _yes_no("active"),
        _belongs("routing_rule", "team", "team_id"),
        _belongs("routing_rule", "member", "member_id"),
    )
    _table(
        "routing_plan",
        _text("otherwise"),
        _uuid("team_id", nullable=True),
        _whole("escalate_minutes"),
        _text("escalate_to"),
        _yes_no("questions_on"),
        _whole("most_questions"),
        _belongs("routing_plan", "team", "team_id", None),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_routing_plan_tenant_id")),
    )
    _table(
        "routed",
        _uuid("conversation_id"),
        _uuid("lead_id", nullable=True),
        _text("step"),
        _text("rule_name", nullable=True),
        _uuid("member_id", nullable=True),
        _text("to_name"),
        _text("why"),
        _belongs("routed", "conversation", "conversation_id"),
        _belongs("routed", "lead", "lead_id"),
        _belongs("routed", "member", "member_id", None),
    )
    op.create_index("ix_routed_tenant_id_conversation_id", "routed", ["tenant_id", "conversation_id", "id"])
    first = sa.text("step = 'lead'")
    op.create_index("ix_routed_lead", "routed", ["tenant_id", "lead_id"], unique=True, postgresql_where=first)


def _ways() -> None:
    _table(
        "notice_plan",
        _uuid("member_id"),
        _json("ways"),
        _yes_no("off_shift_too"),
        _yes_no("words_in_push"),
        _whole("fallback_minutes"),
        _belongs("notice_plan", "member", "member_id"),
        _unique("notice_plan", "member_id"),
    )
    _table(
        "push_device",
        _uuid("member_id"),
        _text("label"),
        _text("endpoint"),
        _text("p256dh"),
        _text("auth"),
        _time("off_at"),
        _text("off_reason", nullable=True),
        _belongs("push_device", "member", "member_id"),
        _unique("push_device", "endpoint"),
    )
    op.create_index("ix_push_device_tenant_id_member_id", "push_device", ["tenant_id", "member_id"])
    _table(
        "slack_hook",
        _text("label"),
        _text("url_sealed"),
        _json("events"),
        _time("off_at"),
        _text("off_reason", nullable=True),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_slack_hook_tenant_id")),
    )


def _notices() -> None:
    _table(
        "notice",
        _uuid("member_id", nullable=True),
        _uuid("conversation_id", nullable=True),
        *map(_text, ("event", "title", "body", "url_path")),
        _yes_no("urgent"),
        _yes_no("quiet"),
        _whole("times"),
        _time("told_at", nullable=False),
        _time("opened_at"),
        _belongs("notice", "member", "member_id"),
        _belongs("notice", "conversation", "conversation_id"),
    )
    op.create_index("ix_notice_tenant_id_member_id_told_at", "notice", ["tenant_id", "member_id", "told_at"])
    unopened = sa.text("opened_at IS NULL")
    columns = ["tenant_id", "member_id", "conversation_id"]
    op.create_index("ix_notice_unopened", "notice", columns, postgresql_where=unopened)
    _table(
        "notice_delivery",
        _uuid("notice_id"),
        _text("way"),
        _uuid("device_id", nullable=True),
        _uuid("message_id", nullable=True),
        _text("state"),
        _text("reason", nullable=True),
        _time("settled_at"),
        _belongs("notice_delivery", "notice", "notice_id"),
    )
    op.create_index("ix_notice_delivery_tenant_id_notice_id", "notice_delivery", ["tenant_id", "notice_id"])


def _answers() -> None:
    _table(
        "lead_card",
        *map(_uuid, ("phone_id", "member_id", "conversation_id")),
        _text("code"),
        _time("shown_at", nullable=False),
        _belongs("lead_card", "phone", "phone_id"),
        _belongs("lead_card", "member", "member_id"),
        _belongs("lead_card", "conversation", "conversation_id"),
        _unique("lead_card", "phone_id", "conversation_id"),
        _unique("lead_card", "phone_id", "code"),
    )
    _table(
        "staff_draft",
        _uuid("phone_id"),
        _text("body"),
        _time("at", nullable=False),
        _belongs("staff_draft", "phone", "phone_id"),
        _unique("staff_draft", "phone_id"),
    )
    _table(
        "question",
        _uuid("lead_id"),
        _text("field"),
        _uuid("message_id"),
        _time("asked_at", nullable=False),
        _belongs("question", "lead", "lead_id"),
        _belongs("question", "message", "message_id"),
        _unique("question", "lead_id", "field"),
    )
