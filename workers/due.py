"""Who has something due. Only the first row of each tenant and queue is looked at, however many wait behind it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text

from billing import events
from groundwork import clock, config, timers
from groundwork.database import ScopedSession
from tenants import post

MOST_TENANTS = 500  # a tick takes up the longest waiting; the next tick the others
Due = tuple[UUID, str]

# From one tenant and queue to the next through the index, and there to the first row that is due: a plain GROUP BY
# would read every due row at every tick. The states stand in the text so that the partial indexes are used.
FIRST_OF_EACH = """
WITH RECURSIVE heads AS (
  (SELECT {keys} FROM {table} WHERE {waits} ORDER BY {keys} LIMIT 1)
  UNION ALL
  SELECT n.* FROM heads h CROSS JOIN LATERAL (
    SELECT {keys} FROM {table} WHERE {waits} AND ({keys}) > ({mine}) ORDER BY {keys} LIMIT 1) n
)
SELECT h.* FROM heads h CROSS JOIN LATERAL (
  SELECT {since} AS since FROM {table} WHERE ({keys}) = ({mine}) AND {waits} AND {due}
  ORDER BY {order} LIMIT 1) d
ORDER BY d.since LIMIT :most
"""


def _first(table: str, queue: str | None, waits: str, due: str, *, since: str, order: str) -> str:
    names = ["tenant_id", queue] if queue else ["tenant_id"]
    keys, mine = ", ".join(names), ", ".join(f"h.{name}" for name in names)
    return FIRST_OF_EACH.format(table=table, keys=keys, mine=mine, waits=waits, due=due, since=since, order=order)


TIMERS = text(
    _first(
        "timer",
        "queue",
        "state = 'ready'",
        "due_at <= :now AND (lease_until IS NULL OR lease_until < :real)",
        since="due_at",
        order="due_at",
    )
)
EVENTS = text(
    _first(
        "inbound_event",
        None,
        "state = 'new'",
        "(next_try_at IS NULL OR next_try_at <= :now)",
        since="received_at",
        order="id",
    )
)
MESSAGES = text(
    _first(
        "message",
        "lane",
        "state IN ('held', 'queued', 'claimed', 'unknown')",
        "due_at <= :now",
        since="due_at",
        order="due_at",
    )
)
ACCOUNT_MAIL = text("SELECT 1 FROM account_mail WHERE state = 'waiting' AND due_at <= :real LIMIT 1")


def bells(session: ScopedSession) -> Iterator[Due]:
    """The tenants with something due and the bell of each kind, the longest waiting first. For the system's scope."""
    now = {"now": clock.now(), "most": MOST_TENANTS}
    for row in session.execute(TIMERS, {**now, "real": clock.real()}):
        if bell := timers.BELL.get(row.queue):
            yield row.tenant_id, bell
    yield from ((row.tenant_id, "events") for row in session.execute(EVENTS, now))
    yield from ((row.tenant_id, f"deliver:{row.lane}") for row in session.execute(MESSAGES, now))
    if session.scalar(ACCOUNT_MAIL, {"real": clock.real()}):
        yield post.NOBODY, post.BELL
    if config.settings().stripe_key:
        yield from ((payer_id, events.BELL) for payer_id in events.due(session))
