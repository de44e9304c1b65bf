"""What a number sent lately is found by the claims alone, in an index that serves no other question.

The index of all outgoing texts was taken for a person's few whenever the planner did not know yet how many went out:
every step of a campaign read everything sent before it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
COLUMNS = ["tenant_id", "from_address", "claimed_at"]


def upgrade() -> None:
    claimed = sa.text("claimed_at IS NOT NULL")
    op.create_index("ix_message_pace", "message", COLUMNS, postgresql_where=claimed)
    op.drop_index("ix_message_rate", table_name="message")


def downgrade() -> None:
    op.create_index("ix_message_rate", "message", COLUMNS, postgresql_where=sa.text("direction = 'out'"))
    op.drop_index("ix_message_pace", table_name="message")
