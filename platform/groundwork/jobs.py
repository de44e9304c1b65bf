"""Bells: after a commit, tell a warm worker that a tenant has work of some kind. The rows say what the work is."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from typing import Literal, get_args
from uuid import UUID

import structlog
from redis import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from groundwork import metrics, redis
from groundwork.database import ScopedSession

QueueName = Literal["now", "soon", "bulk"]
ANSWER = "workers.jobs.answer"  # what RQ runs; named, not imported, for workers stand above us
NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")  # of RQ's jobs
BELL_SECONDS = 5  # a bell nobody answered in this time may be rung again
TURN, LONGEST_TURN = 0.4, 4.0  # seconds
log = structlog.get_logger(__name__)


def ring(session: ScopedSession, kind: str, queue: QueueName = "now") -> None:
    """Once `session` commits, wake a worker for this tenant's work of `kind`. Many rings before it answers are one."""
    tenant_id = session.tenant_id
    session.after_commit(lambda: ring_now(tenant_id, kind, queue), once=(kind, queue), first=True)


def ring_now(tenant_id: UUID, kind: str, queue: QueueName = "now") -> bool:
    """Wake a worker at once. False when Redis is away: the clock finds the row and rings again.

    A bell waits in line once, however long the line is: a tenant with much to do takes no more turns than the others.
    """
    job_id = _job_id(tenant_id, kind)
    try:
        with redis.client().pipeline(transaction=False) as both:
            both.set(_bell(tenant_id, kind), 1, nx=True, ex=BELL_SECONDS)
            both.lpos(_queue(queue).key, job_id)
            new, place = both.execute()
        if new and place is None:
            _queue(queue).enqueue_call(
                ANSWER,
                (str(tenant_id), kind),
                job_id=job_id,
                result_ttl=0,
                failure_ttl=86400,
                meta={"tenant_id": str(tenant_id)},
            )
    except RedisError as error:
        metrics.bells_lost.inc()
        log.warning("bell not rung; the clock will repair it", kind=kind, error=type(error).__name__)
        return False
    return True


class Turn:
    """How long one tenant's work may go on: a short while if others wait for a worker, a longer one if nobody does."""

    def __init__(self, tenant_id: UUID, kind: str, queue: QueueName) -> None:
        self._began, self._own = time.monotonic(), (_job_id(tenant_id, kind), _queue(queue).key)

    def over(self) -> bool:
        """Whether the rest has to go to the back of the queue now. Asked between two transactions."""
        taken = time.monotonic() - self._began
        return taken > LONGEST_TURN or (taken > TURN and self._somebody_waits())

    def _somebody_waits(self) -> bool:
        """Anybody but ourselves: while we work, the clock rings for what we have not come to yet."""
        job_id, key = self._own
        try:
            with redis.client().pipeline(transaction=False) as together:
                together.lpos(key, job_id)
                for name in get_args(QueueName):
                    together.llen(_queue(name).key)
                own, *waiting = together.execute()
        except RedisError:
            return True
        return bool(sum(waiting) > (own is not None))


def answered(tenant_id: UUID, kind: str) -> None:
    """Let the bell be rung again. Called before the rows are read, so that no later row is overlooked."""
    try:
        redis.client().delete(_bell(tenant_id, kind))
    except RedisError:
        log.warning("bell not reset; it resets itself", kind=kind)


def _job_id(tenant_id: UUID, kind: str) -> str:
    return NOT_IN_IDS.sub("-", f"{tenant_id}-{kind}")


def _bell(tenant_id: UUID, kind: str) -> str:
    return f"bell:{kind}:{tenant_id}"


@lru_cache(maxsize=3)
def _queue(name: str) -> Queue:
    return Queue(name, connection=redis.client(), serializer=JSONSerializer)
