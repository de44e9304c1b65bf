"""Long work of one business in short transactions: a few seconds, then others have their turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope, timers
from groundwork.database import ScopedSession, TenantOwned, open_session
from groundwork.tables import Timer

SECONDS = 2.0
Step = Callable[[ScopedSession, UUID], bool]
Row = TypeVar("Row", bound=TenantOwned)


def work(session: ScopedSession, timer: Timer, step: Step, fail: Callable[[ScopedSession, UUID], None]) -> None:
    """Do `step` in transactions of its own until it says that nothing is left, or time is up and the timer goes on.

    `fail` writes down that it was tried in vain for the last time.
    """
    id_, until = UUID(timer.key), time.monotonic() + SECONDS
    try:
        while (more := _once(session.tenant_id, id_, step)) and time.monotonic() < until:
            pass
    except Exception:
        if timer.attempts >= timers.MOST_ATTEMPTS:
            _once(session.tenant_id, id_, fail)
        raise
    if more:
        timers.put(session, timer.kind, id_, clock.now(), move=True, queue="bulk")


def _once(tenant_id: UUID, id_: UUID, step: Callable[[ScopedSession, UUID], bool | None]) -> bool:
    with open_session(scope.tenant(tenant_id)) as session:
        return bool(step(session, id_))


def mine(session: ScopedSession, kind: type[Row], id_: UUID) -> Row:
    """The row of this work, held until the transaction ends, so that two workers do one step after the other."""
    return session.scalars(select(kind).where(kind.id == id_).with_for_update()).one()
