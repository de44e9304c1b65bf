"""Looks at Redis, the workers that listen, and the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from redis import Redis, RedisError
from rq import Worker
from rq.worker import BaseWorker
from sqlalchemy import NullPool, create_engine, text

from groundwork.config import Settings

Found = tuple[Literal["good", "warning", "broken"], str, str]
QUEUES = ("now", "soon", "bulk")
ALIVE_KEY = "clock:alive"  # kept by workers/clock.py
SILENT_AFTER = timedelta(minutes=2)

OVERDUE = "SELECT count(*), min(due_at) FROM timer WHERE state = 'ready' AND due_at < now() - interval '2 minutes'"


def store(settings: Settings) -> Iterator[Found]:
    """Reachable, and never throwing keys away."""
    try:
        with _client(settings) as client:
            told = client.info()
    except RedisError as error:
        yield "broken", f"Redis does not answer: {error}", "Check REDIS_URL and the server. Nothing is lost meanwhile."
        return
    yield "good", f"Redis {told['redis_version']} answers.", ""
    policy = told.get("maxmemory_policy", "unknown")
    if policy != "noeviction":
        cure = "Set maxmemory-policy noeviction (docs/deploy.md, Redis)."
        yield "broken", f"maxmemory-policy is {policy}: when full, Redis drops jobs silently.", cure


def workers(settings: Settings) -> Iterator[Found]:
    """Every queue has at least one worker that gave a sign of life lately."""
    try:
        with _client(settings) as client:
            alive = [set(worker.queue_names()) for worker in Worker.all(connection=client) if _lives(worker)]
    except RedisError:
        yield "broken", "Workers cannot be asked while Redis is away.", "Mend Redis first."
        return
    for queue in QUEUES:
        count = sum(queue in names for names in alive)
        if count:
            yield "good", f"{count} listening to `{queue}`.", ""
        else:
            yield "broken", f"No worker listens to `{queue}`.", f"Start one: hallway worker {queue} (see Procfile)."


def clock(settings: Settings) -> Iterator[Found]:
    """The clock ticks, and nothing that fell due has waited for long."""
    cure = "Start the clock: hallway clock. If it runs, look at its log."
    try:
        with _client(settings) as client:
            ticking = client.exists(ALIVE_KEY)
    except RedisError:
        ticking = None  # its sign of life is kept in Redis; told there
    if ticking == 0:
        yield "broken", "The clock gave no sign of life in the last half minute.", cure
    waiting, oldest = _overdue(settings)
    if waiting:
        yield "broken", f"{waiting} timers are overdue, the oldest since {oldest:%Y-%m-%d %H:%M} UTC.", cure
    elif ticking:
        yield "good", "The clock ticks, and no timer is overdue.", ""


def _overdue(settings: Settings) -> tuple[int, datetime]:
    engine = create_engine(settings.login_urls["system"], poolclass=NullPool)
    with engine.connect() as connection:
        waiting, oldest = connection.execute(text(OVERDUE)).one()
    return int(waiting), oldest


def _client(settings: Settings) -> Redis:
    return Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5)


def _lives(worker: BaseWorker) -> bool:
    beat = worker.last_heartbeat
    return beat is not None and datetime.now(UTC) - beat.replace(tzinfo=UTC) < SILENT_AFTER
