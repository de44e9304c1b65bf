"""The clock: each second it rings for what is due. Rows are the truth, so it may run twice or restart."""

from __future__ import annotations

import math
import signal
import threading
import time
from pathlib import Path
from uuid import UUID

import structlog
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from billing import reporting
from groundwork import clock, config, redis, scope
from groundwork import jobs as bells
from groundwork.database import open_session
from hallway import inbound
from hallway.insight import measuring
from hallway.setup import watching
from workers import due, jobs

TICK_SECONDS = 1.0
ARRANGE_SECONDS = 60.0
OWN_WORK_SECONDS = 10.0  # how long one tick works itself while Redis is away
LONGEST_PAUSE = 30.0
ALIVE_KEY, ALIVE_SECONDS = "clock:alive", 30
log = structlog.get_logger(__name__)


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
    """Have the carrier asked what we did not hear, at the start about all numbers; and usage looked at."""
    with open_session(scope.SYSTEM) as session:
        inbound.arrange_to_catch_up(session, at_once=at_once)
        watching.arrange(session)
        measuring.arrange(session)
        used = reporting.due(session) if config.settings().stripe_key else []
    for tenant_id in used:
        bells.ring_now(tenant_id, "usage", "soon")


def tick(stop: threading.Event | None = None) -> int:
    """Ring for everything that is due; returns how many bells. Without Redis the work is done here, a slice of it."""
    with open_session(scope.SYSTEM) as session:
        rows = list(due.bells(session))
    until = time.monotonic() + OWN_WORK_SECONDS
    for tenant_id, kind in rows:
        if bells.ring_now(tenant_id, kind, jobs.QUEUES.get(kind, "now")):
            continue
        if (stop and stop.is_set()) or time.monotonic() > until:
            break
        _do_it_here(tenant_id, kind)
    _say_alive()
    return len(rows)


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
