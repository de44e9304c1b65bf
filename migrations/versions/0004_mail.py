"""E-mail: what a message has beyond its words, addresses for replies, bounces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from groundwork import walls

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("message", sa.Column("subject", sa.Text(), nullable=True))
    _tenant_columns()
    op.create_table(
        "mail",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("references", sa.Text(), server_default="", nullable=False),
        sa.Column("whole", sa.Text(), nullable=True),
        sa.Column("sender_name", sa.Text(), nullable=True),
        sa.Column("unverified", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["message.tenant_id", "message.id"],
            name=op.f("fk_mail_tenant_id_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_mail")),
    )
    op.create_index("ix_mail_tenant_id_message_id", "mail", ["tenant_id", "message_id"], unique=False)
    op.create_table(
        "mail_inlet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_mail_inlet_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_inlet")),
    )
    op.create_index(op.f("ix_mail_inlet_tenant_id"), "mail_inlet", ["tenant_id"], unique=False)
    for statement in walls.enclose("mail") + walls.system_only("mail_inlet"):
        op.execute(statement)


def _tenant_columns() -> None:
    """`mail_key` stands in every address and Message-ID of a business; it names nobody and cannot be guessed from it."""
    key = sa.text("substr(md5(random()::text || clock_timestamp()::text), 1, 10)")
    op.add_column("tenant", sa.Column("mail_key", sa.Text(), server_default=key, nullable=False))
    op.create_unique_constraint(op.f("uq_tenant_mail_key"), "tenant", ["mail_key"])
    op.add_column("tenant", sa.Column("postal_address", sa.Text(), nullable=True))
    op.add_column("tenant", sa.Column("brand_color", sa.Text(), nullable=True))
    op.add_column("tenant", sa.Column("logo_url", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_index(op.f("ix_mail_inlet_tenant_id"), table_name="mail_inlet")
    op.drop_table("mail_inlet")
    op.drop_index("ix_mail_tenant_id_message_id", table_name="mail")
    op.drop_table("mail")
    for column in ("logo_url", "brand_color", "postal_address"):
        op.drop_column("tenant", column)
    op.drop_constraint(op.f("uq_tenant_mail_key"), "tenant", type_="unique")
    op.drop_column("tenant", "mail_key")
    op.drop_column("message", "subject")
