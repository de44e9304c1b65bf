"""What a Slack channel was asked about and leaves out: kinds of news made later go there by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("slack_hook", sa.Column("left_out", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("slack_hook", "left_out")
