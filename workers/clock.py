"""The clock: each second it rings for what is due. Rows are the truth, so it may run twice or restart."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import structlog
from redis import RedisError
from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from groundwork import clock, config, redis, scope, timers
from groundwork import jobs as bells
from groundwork.database import open_session
from groundwork.tables import InboundEvent, Timer
from hallway import inbound
from hallway.conversations.models import Message
from workers import jobs

TICK_SECONDS = 1.0
ARRANGE_SECONDS = 60.0
MOST_TENANTS = 500  # a tick takes up the longest waiting; the next tick the others
OWN_WORK_SECONDS = 10.0  # how long one tick works itself while Redis is away
LONGEST_PAUSE = 30.0
ALIVE_KEY, ALIVE_SECONDS = "clock:alive", 30
log = structlog.get_logger(__name__)
Due = tuple[UUID, str]


def tick_forever() -> None:
    """Tick until SIGTERM or SIGINT. A database or Redis that is away slows the clock down and never ends it."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    pause, arranged = TICK_SECONDS, -math.inf
    while not stop.wait(pause):
        try:
            if time.monotonic() - arranged > ARRANGE_SECONDS:
                _arrange(at_once=arranged == -math.inf)
                arranged = time.monotonic()
            tick(stop)
            pause = TICK_SECONDS
        except SQLAlchemyError as error:
            pause = min(pause * 2, LONGEST_PAUSE)
            log.warning("the database is away", error=type(error).__name__, pause=pause)
        except Exception:
            pause = min(pause * 2, LONGEST_PAUSE)
            log.exception("tick failed", pause=pause)


def _arrange(*, at_once: bool) -> None:
    """Have the carrier asked what we did not hear: at the start about all numbers, later also about new ones."""
    with open_session(scope.SYSTEM) as session:
        inbound.arrange_to_catch_up(session, at_once=at_once)


def tick(stop: threading.Event | None = None) -> int:
    """Ring for everything that is due; returns how many bells. Without Redis the work is done here, a slice of it."""
    due = list(_due())
    until = time.monotonic() + OWN_WORK_SECONDS
    for tenant_id, kind in due:
        if bells.ring_now(tenant_id, kind, jobs.QUEUES.get(kind, "now")):
            continue
        if (stop and stop.is_set()) or time.monotonic() > until:
            break
        _do_it_here(tenant_id, kind)
    _say_alive()
    return len(due)


def _due() -> Iterator[Due]:
    with open_session(scope.SYSTEM) as session:
        yield from [(row.tenant_id, bell) for row in session.execute(_timers()) if (bell := timers.BELL.get(row.queue))]
        yield from [(row.tenant_id, "events") for row in session.execute(_events())]
        yield from [(row.tenant_id, f"deliver:{row.lane}") for row in session.execute(_messages())]


def _timers() -> Select[UUID, str]:
    now = clock.now()
    free = or_(Timer.lease_until.is_(None), Timer.lease_until < clock.real())
    ready = select(Timer.tenant_id, Timer.queue).where(Timer.state == "ready", Timer.due_at <= now, free)
    return ready.group_by(Timer.tenant_id, Timer.queue).order_by(func.min(Timer.due_at)).limit(MOST_TENANTS)


def _events() -> Select[UUID]:
    ripe = or_(InboundEvent.next_try_at.is_(None), InboundEvent.next_try_at <= clock.now())
    new = select(InboundEvent.tenant_id).where(InboundEvent.state == "new", ripe)
    return new.group_by(InboundEvent.tenant_id).order_by(func.min(InboundEvent.received_at)).limit(MOST_TENANTS)


def _messages() -> Select[UUID, str]:
    waiting = Message.state.in_(("held", "queued", "claimed", "unknown"))
    due = select(Message.tenant_id, Message.lane).where(waiting, Message.due_at <= clock.now())
    return due.group_by(Message.tenant_id, Message.lane).order_by(func.min(Message.due_at)).limit(MOST_TENANTS)


def _do_it_here(tenant_id: UUID, kind: str) -> None:
    try:
        jobs.answer(str(tenant_id), kind)
    except Exception:
        # One tenant's fault must not keep the others waiting; the row stays due.
        log.exception("work failed", tenant_id=str(tenant_id), kind=kind)


def _say_alive() -> None:
    """For the health page: in Redis, and in a file for when Redis is the one that is away."""
    try:
        redis.client().set(ALIVE_KEY, clock.now().isoformat(), ex=ALIVE_SECONDS)
    except RedisError:
        log.warning("Redis is away; the clock does the work itself")
    _touch(config.settings().var / "clock.alive")


def _touch(path: Path) -> None:
    try:
        path.touch()
    except OSError as error:
        log.warning("the sign of life cannot be written", path=path.name, error=type(error).__name__)
