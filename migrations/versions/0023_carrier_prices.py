"""What the carrier takes for numbers, as it told last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from groundwork import walls

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "carrier_price",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('local', 'toll_free')", name=op.f("ck_carrier_price_kind")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_carrier_price")),
    )
    for statement in walls.system_only("carrier_price"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("carrier_price")
