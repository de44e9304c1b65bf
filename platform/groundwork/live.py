"""Tell open screens that something changed. Events carry ids, never data; the page fetches what it may see."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial
from uuid import UUID

import structlog
from redis import RedisError

from groundwork import redis
from groundwork.database import ScopedSession

# Of more than this, screens hear that they should look again: they would fetch as often as they are told.
MOST_TOLD = 50
RESYNC = ("resync", None)
Event = tuple[str, UUID | None]
log = structlog.get_logger(__name__)


def channel(tenant_id: UUID | str) -> str:
    return f"live:{tenant_id}"


def tell(session: ScopedSession, topic: str, id_: UUID | None = None) -> None:
    """Once `session` commits, publish {"topic": ..., "id": ...} to this tenant's open screens, each event once."""
    name, events = channel(session.tenant_id), session.gathered.setdefault("live", {})
    events[topic, id_] = True
    session.after_commit(partial(_publish, name, events), once="live")


def _publish(name: str, events: Collection[Event]) -> None:
    try:
        with redis.client().pipeline(transaction=False) as pipeline:
            for topic, id_ in events if len(events) <= MOST_TOLD else [RESYNC]:
                pipeline.publish(name, json.dumps({"topic": topic, "id": str(id_) if id_ else None}))
            pipeline.execute()
    except RedisError:
        log.warning("open screens not told; they fetch again when Redis is back")
