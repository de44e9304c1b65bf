"""Second factors, passkeys, single-use tokens, invitations, system mail, and privacy between the members of a business."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from groundwork import walls

revision = "0012"
down_revision = "0011"
SYSTEM_TABLES = ("account_token", "recovery_code", "passkey", "external_login", "account_mail")
PRIVATE = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'conversation_id'
  AND c.relname NOT IN ('mention') ORDER BY 1
"""
PRIVATE_BY_PARENT = (
    ("attachment", "message_id", "message"),
    ("mail", "id", "message"),
    ("voicemail", "call_id", "call"),
    ("call_leg", "call_id", "call"),
    ("lead_field", "lead_id", "lead"),
)


def upgrade() -> None:
    _columns()
    _of_accounts()
    _account_mail()
    _invitation()
    for table in SYSTEM_TABLES:
        _run(walls.system_only(table))
    _run(walls.enclose("invitation"))
    _run(walls.sight())
    _run(walls.private_conversations())
    for table in op.get_bind().scalars(sa.text(PRIVATE)).all():
        _run(walls.private(table))
    for table, column, parent in PRIVATE_BY_PARENT:
        _run(walls.private(table, column, parent))


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)


def _columns() -> None:
    for name in ("require_two_factor", "private_conversations"):
        op.add_column("tenant", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("user_account", sa.Column("totp_sealed", sa.Text(), nullable=True))
    op.add_column("user_account", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.add_column("user_account", sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("proved_at", "second_factor_at"):
        op.add_column("user_session", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_session", sa.Column("remembered", sa.Boolean(), server_default=sa.false(), nullable=False))


def _made() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _user(table: str, *, needed: bool = True) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(
        ["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )
    return sa.Column("user_id", sa.Uuid(), nullable=not needed), key


def _of_accounts() -> None:
    op.create_table(
        "account_token",
        *_made(),
        *_user("account_token", needed=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_account_token_token_sha256")),
    )
    op.create_table(
        "recovery_code",
        *_made(),
        *_user("recovery_code"),
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "passkey",
        *_made(),
        *_user("passkey"),
        sa.Column("rp_id", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_table(
        "external_login",
        *_made(),
        *_user("external_login"),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_login")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_login_issuer_subject")),
    )
    for table in ("account_token", "recovery_code", "passkey", "external_login"):
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def _account_mail() -> None:
    op.create_table(
        "account_mail",
        *_made(),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'expired')", name=op.f("ck_account_mail_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_mail")),
    )
    op.create_index("ix_account_mail_due", "account_mail", ["due_at"], postgresql_where=sa.text("state = 'waiting'"))


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        *_made(),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("by_user_id", sa.Uuid(), nullable=True),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_invitation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("tenant_id", "token_sha256", name=op.f("uq_invitation_tenant_id_token_sha256")),
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["tenant_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )


def downgrade() -> None:
    owned = op.get_bind().scalars(sa.text(PRIVATE)).all()
    for table in (*owned, *(name for name, _, _ in PRIVATE_BY_PARENT), "conversation"):
        op.execute(f"DROP POLICY IF EXISTS private_rows ON {table}")
    for name in ("own_conversation(uuid, uuid)", *(f"{parent}(uuid)" for parent in walls.PARENTS)):
        op.execute(f"DROP FUNCTION see_{name}")
    for table in ("invitation", *SYSTEM_TABLES):
        op.drop_table(table)
    for name in ("remembered", "second_factor_at", "proved_at"):
        op.drop_column("user_session", name)
    for name in ("password_set_at", "totp_step", "totp_sealed"):
        op.drop_column("user_account", name)
    for name in ("private_conversations", "require_two_factor"):
        op.drop_column("tenant", name)
