"""Whoever may not see a conversation does not see whose it is either."""

from __future__ import annotations

from alembic import op

from groundwork import walls

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for statement in walls.private_people():
        op.execute(statement)


def downgrade() -> None:
    for table, _column in walls.PEOPLE:
        op.execute(f"DROP POLICY private_rows ON {table}")
    op.execute("DROP FUNCTION see_address(text)")
    op.execute("DROP FUNCTION see_contact(uuid)")
    op.execute("DROP FUNCTION talk_with(uuid)")
