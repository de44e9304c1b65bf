"""How many people a business's plan has room for, where whoever joins is checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("tenant", sa.Column("member_limit", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("tenant", "member_limit")
