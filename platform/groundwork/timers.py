"""Timers: one row for one thing due at one time. Claimed with a lease, done in the transaction of their effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import or_, select, update

from groundwork import clock, jobs, metrics, scope
from groundwork.database import Json, ScopedSession, new_id, open_session
from groundwork.tables import Timer

Handler = Callable[[ScopedSession, Timer], None]
Queue = Literal["now", "soon", "bulk"]
BELL: Mapping[Queue, str] = {"now": "timers", "soon": "timers:soon", "bulk": "timers:bulk"}
LEASE = timedelta(seconds=60)
BATCH = 20
SLICE = 300  # timers handled together; what is left goes to the back of the queue, behind other tenants
MOST_ATTEMPTS = 8
log = structlog.get_logger(__name__)


# Written out: they run in the middle of a call, and a statement built anew costs as much as running it.
PUT = """
INSERT INTO timer (tenant_id, id, kind, key, queue, due_at, expires_at, payload, version, state, attempts)
{values}
ON CONFLICT (tenant_id, kind, key) """
KEEP = PUT + "DO NOTHING"
MOVE = (
    PUT + "DO UPDATE SET due_at = excluded.due_at, expires_at = excluded.expires_at, payload = excluded.payload, "
    "state = 'ready', attempts = 0, lease_until = NULL, version = timer.version + 1"
)
# For one there are plain values: planning an array costs more than writing a row.
ONE = """VALUES (%(tenant_id)s, %(id)s, %(kind)s, %(key)s, %(queue)s, %(due_at)s, %(expires_at)s,
  cast(%(payload)s AS jsonb), 1, 'ready', 0)"""
EACH = """SELECT v.tenant_id, v.id, %(kind)s, v.key, %(queue)s, v.due_at, v.expires_at, cast(v.payload AS jsonb), 1,
  'ready', 0
FROM unnest(cast(%(tenant_id)b AS uuid[]), cast(%(id)b AS uuid[]), cast(%(key)b AS text[]),
  cast(%(payload)b AS text[]), cast(%(due_at)b AS timestamptz[]), cast(%(expires_at)b AS timestamptz[]))
  AS v(tenant_id, id, key, payload, due_at, expires_at)"""
VOID = (
    "UPDATE timer SET state = 'void', finished_at = %(now)s, version = version + 1 "
    "WHERE tenant_id = %(tenant_id)s AND kind = %(kind)s AND key = %(key)s AND state = 'ready'"
)

DUE = """
SELECT ctid, id, kind, payload, due_at, expires_at, attempts FROM timer
WHERE tenant_id = %(tenant)s AND queue = %(queue)s AND state = 'ready' AND kind = ANY(%(kinds)s) AND due_at <= %(now)s
ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
DUE_ALONE = """
SELECT ctid, id, kind, payload, due_at, expires_at, attempts FROM timer
WHERE tenant_id = %(tenant)s AND id = %(id)s AND state = 'ready' FOR UPDATE SKIP LOCKED
"""
# Claimed ones are ended by their place in the table: it stays while they are locked, and one that its handler put anew
# has another by now. Any other way would read a crowd from end to end for each slice, for the planner thinks that a
# tenant's timers are few until it has counted them. It is left no other way, for this last statement of a transaction.
BY_PLACE = "SELECT " + ", ".join(
    f"set_config('enable_{way}', 'off', true)" for way in ("indexscan", "bitmapscan", "seqscan")
)
END = """
UPDATE timer SET state = %(state)s, finished_at = %(now)s, lease_until = NULL, error = %(error)s
WHERE tenant_id = %(tenant)s AND ctid = ANY(CAST(%(places)s AS tid[]))
"""
TOO_LATE = "Its time was over before anybody could look at it."


class Due(NamedTuple):
    """A timer that is due, as it was when it was claimed; `place` is where its row stands while it is locked."""

    place: str
    id: UUID
    kind: str
    payload: Json
    due_at: datetime
    expires_at: datetime | None
    attempts: int


# Many timers of one kind at once, and the ids of those that are past their shelf life.
ManyHandler = Callable[[ScopedSession, Sequence[Due], Collection[UUID]], None]


class Put(NamedTuple):
    """A timer to be put for `key`."""

    key: object
    due_at: datetime
    payload: Json
    expires_at: datetime | None = None


def put(
    session: ScopedSession,
    kind: str,
    key: object,
    due_at: datetime,
    *,
    payload: Json | None = None,
    expires_at: datetime | None = None,
    move: bool = False,
    queue: Queue = "now",
) -> None:
    """Have `kind` happen for `key` at `due_at`, once. A timer already there stays as it is, or moves with `move`.

    What may wait a little belongs to the queue `soon`, so that nobody's text-back waits behind it; work that takes
    minutes, a slice at a time, to `bulk`.
    """
    put_all(session, kind, [Put(key, due_at, payload or {}, expires_at)], move=move, queue=queue)


def put_all(
    session: ScopedSession, kind: str, puts: Sequence[Put], *, move: bool = False, queue: Queue = "now"
) -> None:
    """The same for many of one kind. Of several for one key the last one counts."""
    rows = {str(one.key): _row(session.tenant_id, one) for one in puts}
    _put(session, MOVE if move else KEEP, kind, queue, list(rows.values()))
    if any(one.due_at <= clock.now() for one in puts):
        jobs.ring(session, BELL[queue], queue)


def put_everywhere(
    system: ScopedSession, kind: str, key: object, tenant_ids: Collection[UUID], payload: Json, *, queue: Queue
) -> None:
    """Have `kind` happen now for `key` in each of these tenants, also where it happened before; the clock rings.

    Takes a SYSTEM session.
    """
    one = Put(key, clock.now(), payload)
    _put(system, MOVE, kind, queue, [_row(tenant_id, one) for tenant_id in tenant_ids])


def _put(session: ScopedSession, statement: str, kind: str, queue: Queue, rows: Sequence[Json]) -> None:
    shared: Json = {"kind": kind, "queue": queue}
    if len(rows) == 1:
        session.run(statement.format(values=ONE), rows[0] | shared)
    elif rows:
        columns: Json = {name: [row[name] for row in rows] for name in rows[0]}
        session.run(statement.format(values=EACH), columns | shared)


def _row(tenant_id: UUID, one: Put) -> Json:
    row: Json = {"tenant_id": tenant_id, "id": new_id(), "key": str(one.key), "payload": json.dumps(one.payload)}
    return row | {"due_at": one.due_at, "expires_at": one.expires_at}


def void(session: ScopedSession, kind: str, key: object) -> None:
    """Make sure that a timer not yet run never runs."""
    mine = {"tenant_id": session.tenant_id, "kind": kind, "key": str(key)}
    session.run(VOID, {**mine, "now": clock.now()})


def run_many(tenant_id: UUID, handlers: Mapping[str, ManyHandler], queue: Queue = "soon") -> int:
    """Run a slice of this tenant's due timers of kinds that are handled many at once; returns how many were taken.

    Claim, effect and end are one transaction, so a worker killed at any point leaves the timers as they were. A handler
    makes no network calls. Timers past their shelf life come with the state `missed`. If a slice fails, each of its
    timers is run alone, and one that fails alone is tried again with growing waits.
    """
    try:
        with open_session(scope.tenant(tenant_id)) as session:
            due = _take(session, queue, list(handlers))
            _run_all(session, due, handlers)
    except Exception:
        log.exception("timers failed together; each is run alone", queue=queue)
        return sum(_run_alone(tenant_id, timer, handlers) for timer in _look(tenant_id, queue, list(handlers)))
    _measure(due)
    return len(due)


def _take(session: ScopedSession, queue: Queue, kinds: Sequence[str]) -> list[Due]:
    which: Json = {"tenant": session.tenant_id, "queue": queue, "kinds": kinds, "now": clock.now(), "most": SLICE}
    return [Due._make(row) for row in session.run(DUE, which).all()]


def _look(tenant_id: UUID, queue: Queue, kinds: Sequence[str]) -> list[Due]:
    with open_session(scope.tenant(tenant_id)) as session:
        return _take(session, queue, kinds)


def _run_all(session: ScopedSession, due: Sequence[Due], handlers: Mapping[str, ManyHandler]) -> None:
    """Handle by kind, then end those that were not moved on meanwhile."""
    now = clock.now()
    late = {timer.id for timer in due if timer.expires_at and timer.expires_at <= now}
    for kind in {timer.kind for timer in due}:
        handlers[kind](session, [timer for timer in due if timer.kind == kind], late)
    if due:
        session.run(BY_PLACE, {})
    for state, error in (("done", None), ("missed", TOO_LATE)):
        places = [timer.place for timer in due if (timer.id in late) == (state == "missed")]
        if places:
            how = {"state": state, "error": error, "now": now, "tenant": session.tenant_id}
            session.run(END, {**how, "places": "{" + ",".join(f'"{place}"' for place in places) + "}"})


def _run_alone(tenant_id: UUID, timer: Due, handlers: Mapping[str, ManyHandler]) -> int:
    try:
        with open_session(scope.tenant(tenant_id)) as session:
            found = session.run(DUE_ALONE, {"tenant": tenant_id, "id": timer.id})
            _run_all(session, [Due._make(row) for row in found], handlers)
    except Exception as error:
        log.exception("timer failed", kind=timer.kind, timer_id=str(timer.id), attempts=timer.attempts)
        _postpone(tenant_id, timer.id, timer.attempts + 1, error)
    return 1


def run_due(tenant_id: UUID, handlers: Mapping[str, Handler], queue: Queue = "now") -> int:
    """Run this tenant's due timers; returns how many were claimed. A failing one is tried again with growing waits.

    A handler gets a session with no transaction open: it may call the network first, then write. Its writes and the
    timer's end commit together, or neither does.
    """
    claimed = _claim(tenant_id, handlers, queue)
    for timer in claimed:
        _run(tenant_id, timer, handlers[timer.kind])
    return len(claimed)


def _claim(tenant_id: UUID, handlers: Collection[str], queue: Queue) -> list[Timer]:
    now = clock.now()
    free = or_(Timer.lease_until.is_(None), Timer.lease_until < clock.real())
    ripe = (Timer.state == "ready", Timer.due_at <= now, Timer.kind.in_(handlers))
    with open_session(scope.tenant(tenant_id)) as session:
        due = (
            select(Timer)
            .where(Timer.tenant_id == tenant_id, Timer.queue == queue, *ripe, free)
            .order_by(Timer.due_at, Timer.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        timers = list(session.scalars(due))
        for timer in timers:
            if timer.expires_at and timer.expires_at < now:
                timer.state, timer.finished_at = "missed", now
                timer.error = TOO_LATE
            else:
                timer.lease_until, timer.attempts = clock.real() + LEASE, timer.attempts + 1
    return [timer for timer in timers if timer.state == "ready"]


def _run(tenant_id: UUID, timer: Timer, handler: Handler) -> None:
    try:
        with open_session(scope.tenant(tenant_id)) as session:
            handler(session, timer)
            _finish(session, timer)
    except _TakenOverError:
        log.warning("timer taken over by another worker", kind=timer.kind)
    except Exception as error:
        log.exception("timer failed", kind=timer.kind, timer_id=str(timer.id), attempts=timer.attempts)
        _postpone(tenant_id, timer.id, timer.attempts, error)
    else:
        _measure([timer])


def _measure(done: Sequence[Timer | Due]) -> None:
    now = clock.now()
    for timer in done:
        metrics.timers_late.labels(timer.kind).observe(max(0.0, (now - timer.due_at).total_seconds()))


class _TakenOverError(Exception):
    """The lease ran out while we worked; whoever took over will finish."""


def _finish(session: ScopedSession, timer: Timer) -> None:
    """End the timer unless its handler moved it on, or another worker took it over."""
    mine = (Timer.tenant_id == timer.tenant_id, Timer.id == timer.id)
    row = session.execute(select(Timer.version, Timer.lease_until).where(*mine).with_for_update()).one()
    if row.version != timer.version:
        return
    if row.lease_until != timer.lease_until:
        raise _TakenOverError
    session.execute(update(Timer).where(*mine).values(state="done", finished_at=clock.now(), lease_until=None))


def _postpone(tenant_id: UUID, timer_id: UUID, attempts: int, error: Exception) -> None:
    wait = timedelta(seconds=min(2**attempts, 600))
    values: Json = {"due_at": clock.now() + wait, "lease_until": None, "error": type(error).__name__}
    values["attempts"] = attempts
    if attempts >= MOST_ATTEMPTS:
        values |= {"state": "failed", "finished_at": clock.now()}
    with open_session(scope.tenant(tenant_id)) as session:
        mine = (Timer.tenant_id == tenant_id, Timer.id == timer_id, Timer.state == "ready")
        session.execute(update(Timer).where(*mine).values(**values))
