"""(d) What the wall costs: the same reads and writes with row level security on and off."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg

from groundwork import clock, scope
from groundwork.database import ScopedSession, new_id, open_session
from hallway.conversations import Message, inbox
from hallway.insight import thread
from tests.bench.report import Row
from tests.bench.stack import Stack

ROUNDS, TIMES = 3, 120
TABLES = ("contact", "contact_point", "conversation", "message", "suppression", "member", "call", "voicemail", "task")
Work = Callable[[ScopedSession, UUID], object]


def read_inbox(session: ScopedSession, _conversation: UUID) -> object:
    return inbox.page(session, "all", None)


def read_waiting(session: ScopedSession, _conversation: UUID) -> object:
    return inbox.page(session, "waiting", None), inbox.counts(session, None)


def read_thread(session: ScopedSession, conversation: UUID) -> object:
    return thread.newest(session, conversation)


def write_message(session: ScopedSession, conversation: UUID) -> object:
    said = {"direction": "in", "kind": "inbound", "purpose": "reply", "state": "received", "body": "Is it fixed?"}
    session.add(Message(id=new_id(), conversation_id=conversation, at=clock.now(), to_address="+15125550100", **said))
    session.flush()
    return None


WORKS: dict[str, Work] = {
    "inbox page": read_inbox,
    "waiting view and counts": read_waiting,
    "thread page": read_thread,
    "one message stored": write_message,
}


def measure(stack: Stack, tenant_id: UUID, conversation: UUID) -> list[Row]:
    """Milliseconds of each piece of work at the middle of many, on and off in turns; the ratio is of the medians."""
    rows = []
    for name, work in WORKS.items():
        with_wall, without = [], []
        for _ in range(ROUNDS):
            with_wall += _timed(work, tenant_id, conversation)
            with _no_wall(stack):
                without += _timed(work, tenant_id, conversation)
        on, off = statistics.median(with_wall) * 1000, statistics.median(without) * 1000
        rows.append(Row(f"(d) {name}, ms", f"{on:.2f}", f"{off:.2f} without", f"{on / off:.2f}×", "≤ 1.3×"))
    return rows


def _timed(work: Work, tenant_id: UUID, conversation: UUID) -> list[float]:
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        with open_session(scope.tenant(tenant_id)) as session:
            work(session, conversation)
        taken.append(time.perf_counter() - begin)
    return taken[10:]


@contextmanager
def _no_wall(stack: Stack) -> Iterator[None]:
    with psycopg.connect(stack.superuser, autocommit=True) as owner:
        _switch(owner, "DISABLE")
        try:
            yield
        finally:
            _switch(owner, "ENABLE")


def _switch(owner: psycopg.Connection[tuple[object, ...]], how: str) -> None:
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY".encode())
