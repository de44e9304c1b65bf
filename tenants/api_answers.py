"""Answers of the API kept under the caller's idempotency key, so that a request sent twice is done once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from tenants.models import ApiAnswer

KEPT = timedelta(days=7)


def claim(session: ScopedSession, key: str, asked: str) -> tuple[ApiAnswer, bool]:
    """The answer kept under `key`, and whether it is new and still to be given.

    Of two requests at once the second waits here until the first has committed, or takes over when it failed.
    """
    session.execute(delete(ApiAnswer).where(ApiAnswer.key == key, ApiAnswer.created_at < clock.now() - KEPT))
    row = {"tenant_id": session.tenant_id, "id": new_id(), "key": key, "asked": asked, "created_at": clock.now()}
    unique = [ApiAnswer.tenant_id, ApiAnswer.key]
    made = session.scalar(
        insert(ApiAnswer).values(**row).on_conflict_do_nothing(index_elements=unique).returning(ApiAnswer.id)
    )
    return session.scalars(select(ApiAnswer).where(ApiAnswer.key == key)).one(), made is not None
