"""What is due is found tenant by tenant: the indexes across all tenants only cost writes now.

Of timers due at the same moment the one put first comes first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
# Index, table, column, and the rows it holds.
ACROSS = (
    ("ix_timer_due", "timer", "due_at", "state = 'ready'"),
    ("ix_inbound_event_new", "inbound_event", "received_at", "state = 'new'"),
    ("ix_message_due", "message", "due_at", "state IN ('held', 'queued', 'claimed', 'unknown')"),
)


def upgrade() -> None:
    for name, table, _, _ in ACROSS:
        op.drop_index(name, table_name=table)
    _index_timers("tenant_id", "queue", "due_at", "id")


def downgrade() -> None:
    _index_timers("tenant_id", "queue", "due_at")
    for name, table, column, rows in ACROSS:
        op.create_index(name, table, [column], unique=False, postgresql_where=sa.text(rows))


def _index_timers(*columns: str) -> None:
    op.drop_index("ix_timer_queue_due", table_name="timer")
    op.create_index(
        "ix_timer_queue_due", "timer", list(columns), unique=False, postgresql_where=sa.text("state = 'ready'")
    )
