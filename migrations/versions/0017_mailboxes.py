"""An address belongs to the account whose mailbox said so; others may have typed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
OTHERS = """
UPDATE user_account u SET email = u.id || ':' || u.email WHERE u.email_confirmed_at IS NULL
  AND EXISTS (SELECT FROM user_account o WHERE o.email = u.email AND o.id <> u.id)
"""


def upgrade() -> None:
    # Until now nobody could have an address that somebody else had typed before them.
    op.execute("UPDATE user_account SET email_confirmed_at = created_at WHERE email_confirmed_at IS NULL")
    op.drop_constraint("uq_user_account_email", "user_account")
    said = sa.text("email_confirmed_at IS NOT NULL")
    op.create_index("uq_user_account_email", "user_account", ["email"], unique=True, postgresql_where=said)
    op.create_index("ix_user_account_email", "user_account", ["email"])


def downgrade() -> None:
    op.execute(OTHERS)
    for name in ("ix_user_account_email", "uq_user_account_email"):
        op.drop_index(name, "user_account")
    op.create_unique_constraint("uq_user_account_email", "user_account", ["email"])
