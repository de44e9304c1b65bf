"""Requests from providers: stored once by the provider's own id, handled by a worker, never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple, cast
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Select, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, jobs, metrics, scope
from groundwork.database import Json, ScopedSession, engine, new_id, open_session
from groundwork.tables import InboundEvent

Handler = Callable[[ScopedSession, InboundEvent], None]
BATCH = 50
MOST_ATTEMPTS = 10
log = structlog.get_logger(__name__)


# One statement, one round trip, one transaction: `scope` is read before row level security looks at the new row.
KEEP = """
WITH scope AS MATERIALIZED (SELECT set_config('app.tenant_id', %(tenant_id)s::text, true))
INSERT INTO inbound_event
  (tenant_id, id, provider, kind, dedupe_key, params, context, received_at, state, attempts)
SELECT %(tenant_id)s, %(id)s, %(provider)s, %(kind)s, %(dedupe_key)s, %(params)s::jsonb, %(context)s::jsonb,
  %(received_at)s, 'new', 0 FROM scope
ON CONFLICT (tenant_id, provider, dedupe_key) DO NOTHING RETURNING id
"""


def keep(tenant_id: UUID, provider: str, kind: str, dedupe_key: str, params: Json, context: Json) -> bool:
    """`store` in a transaction of its own and a third of its time, for the door where providers knock.

    Raises psycopg.OperationalError when the database is away.
    """
    row = {"tenant_id": tenant_id, "id": new_id(), "provider": provider, "kind": kind, "dedupe_key": dedupe_key}
    row |= {"params": json.dumps(params), "context": json.dumps(context), "received_at": clock.now()}
    try:
        new = _insert(row)
    except psycopg.OperationalError:
        # Pooled connections of a database that was restarted are all dead; a new one tells whether it is back.
        engine("web").dispose()
        new = _insert(row)
    if new:
        jobs.ring_now(tenant_id, "events")
    return new


def _insert(row: Json) -> bool:
    pooled = engine("web").raw_connection()
    connection = cast("psycopg.Connection[tuple[UUID]]", pooled.driver_connection)
    try:
        connection.autocommit = True
        new = connection.execute(KEEP, row).fetchone() is not None
        connection.autocommit = False
    except psycopg.Error:
        pooled.invalidate()
        raise
    finally:
        pooled.close()
    return new


def store(
    session: ScopedSession, provider: str, kind: str, dedupe_key: str, params: Json, context: Json | None = None
) -> bool:
    """Keep a verified request and wake a worker. False when this very request was stored before."""
    row = {"tenant_id": session.tenant_id, "id": new_id(), "provider": provider, "kind": kind}
    row |= {"dedupe_key": dedupe_key, "params": params, "context": context or {}, "received_at": clock.now()}
    unique = [InboundEvent.tenant_id, InboundEvent.provider, InboundEvent.dedupe_key]
    statement = insert(InboundEvent).values(**row, state="new", attempts=0)
    stored = session.execute(statement.on_conflict_do_nothing(index_elements=unique).returning(InboundEvent.id))
    if stored.first() is None:
        return False
    jobs.ring(session, "events")
    return True


class _Taken(NamedTuple):
    id: UUID
    kind: str
    attempts: int


def handle_new(tenant_id: UUID, handlers: Mapping[str, Handler]) -> int:
    """Handle this tenant's stored requests in the order they came; returns how many were taken up."""
    taken = 0
    while taken < BATCH and _handle_one(tenant_id, handlers):
        taken += 1
    if taken == BATCH:
        jobs.ring_now(tenant_id, "events")
    return taken


def _handle_one(tenant_id: UUID, handlers: Mapping[str, Handler]) -> bool:
    """The event's effect and its end commit together; a row lock keeps a second worker away meanwhile."""
    taken: _Taken | None = None
    try:
        with open_session(scope.tenant(tenant_id)) as session:
            event = session.scalar(_next(tenant_id))
            if event is None:
                return False
            # A rollback takes the row's values with it; these are needed after one.
            taken = _Taken(event.id, event.kind, event.attempts)
            structlog.contextvars.bind_contextvars(event_id=str(event.id))
            handlers[event.kind](session, event)
            event.state, event.handled_at = "done", clock.now()
    except Exception as error:
        if taken is None:
            raise
        log.exception("stored request failed", kind=taken.kind, event_id=str(taken.id))
        _postpone(tenant_id, taken, error)
    return True


def _next(tenant_id: UUID) -> Select[InboundEvent]:
    now = clock.now()
    ripe = or_(InboundEvent.next_try_at.is_(None), InboundEvent.next_try_at <= now)
    return (
        select(InboundEvent)
        .where(InboundEvent.tenant_id == tenant_id, InboundEvent.state == "new", ripe)
        .order_by(InboundEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _postpone(tenant_id: UUID, taken: _Taken, error: Exception) -> None:
    attempts = taken.attempts + 1
    values: Json = {"attempts": attempts, "error": f"{type(error).__name__}: {error}"[:500]}
    values["next_try_at"] = clock.now() + timedelta(seconds=min(2**attempts, 900))
    if attempts >= MOST_ATTEMPTS:
        values["state"] = "failed"
        metrics.events_failed.labels(taken.kind).inc()
    with open_session(scope.tenant(tenant_id)) as session:
        mine = (InboundEvent.tenant_id == tenant_id, InboundEvent.id == taken.id)
        session.execute(update(InboundEvent).where(*mine).values(**values))
