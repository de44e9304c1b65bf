"""A warm worker: everything is imported and connected before the first bell, and jobs run in this very process.

RQ brings the bells and nothing more. Its own bookkeeping of jobs is left out, for the rows are the truth: a bell lost
with a killed worker or a flushed Redis is rung again by the clock.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from redis import Redis, RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from groundwork import clock, config, scope
from groundwork.database import open_session
from hallway import leads
from workers import jobs

WORKER_TTL = 60
BEAT_EVERY = timedelta(seconds=10)
LONGEST_PAUSE = 10.0
NICE = 5
log = structlog.get_logger(__name__)


class BellWorker(SimpleWorker):
    """Answers bells one after the other; a SIGTERM lets the present one finish."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Answer one bell. A failure is logged and forgotten: its rows are still due, and the clock rings again."""
        self._state = WorkerStatus.BUSY
        # First: the next bell of the same tenant and kind has the same name, and may be rung while we work.
        self._forget(job, queue)
        try:
            jobs.answer(*job.args)
        except Exception:
            log.exception("bell not answered", args=job.args)
        finally:
            self._state = WorkerStatus.IDLE

    def _forget(self, job: Job, queue: Queue) -> None:
        try:
            with self.connection.pipeline() as pipeline:
                pipeline.lrem(queue.intermediate_queue_key, 1, job.id)
                pipeline.delete(job.key)
                pipeline.execute()
        except RedisError:
            log.warning("Redis is away; the bell forgets itself")

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Every ten seconds and in one round trip, not twice around each job."""
        last = self.last_heartbeat
        if pipeline is not None:
            super().heartbeat(timeout, pipeline)
        elif last is None or datetime.now(UTC) - last > BEAT_EVERY:
            with self.connection.pipeline() as together:
                super().heartbeat(timeout, together)
                together.execute()

    def set_state(self, state: str, pipeline: Any = None) -> None:  # noqa: ARG002
        """Known to this process alone; nobody else needs to hear of each job."""
        self._state = state

    def check_for_suspension(self, burst: bool) -> None:
        """Workers are stopped, not suspended."""

    def set_shutdown_requested_date(self) -> None:
        """A stop must not depend on Redis."""


def work(queues: Sequence[str]) -> None:
    """Answer bells from `queues`, in that order of urgency, until SIGTERM or SIGINT. Survives the loss of Redis."""
    _warm_up()
    if "now" not in queues:
        _yield_to_others()
    pause = 0.5
    try:
        while True:
            began = time.monotonic()
            if _work_until_redis_is_lost(queues):
                return
            pause = 0.5 if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            log.warning("Redis is away; trying again", seconds=pause)
            time.sleep(pause)
    except StopRequested:
        return


def _work_until_redis_is_lost(queues: Sequence[str]) -> bool:
    """True when the worker was asked to stop."""
    # A connection of its own: it blocks for long, while the bells' client must give up soon.
    connection = Redis.from_url(config.settings().redis_url, socket_connect_timeout=2)
    try:
        worker = BellWorker(queues, connection=connection, serializer=JSONSerializer, worker_ttl=WORKER_TTL)
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("Redis lost", error=type(error).__name__)
        return False
    finally:
        connection.close()
    return worker._shutdown_requested_date is not None


def _yield_to_others() -> None:
    """What may wait leaves the processor to web and text-backs, whatever it has to do."""
    os.nice(NICE)
    with contextlib.suppress(OSError):
        # Linux shares out by session first, and looks at niceness only inside one.
        if os.getsid(0) == os.getpid():
            Path("/proc/self/autogroup").write_text(str(NICE))


def _warm_up() -> None:
    """Connect and fill caches now, so that the first caller does not wait for it."""
    leads.extract("water heater leaking", "general", now=clock.now(), zone="America/Chicago")
    try:
        with open_session(scope.SYSTEM) as session:
            tenant_id = session.scalar(text("select id from tenant limit 1"))
        if tenant_id:
            with open_session(scope.tenant(tenant_id)) as session:
                session.execute(text("select 1"))
    except SQLAlchemyError as error:
        log.warning("the database does not answer yet", error=type(error).__name__)
