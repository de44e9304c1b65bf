"""Tell open screens that something changed. Events carry ids, never data; the page fetches what it may see."""

from __future__ import annotations

import json
from uuid import UUID

import structlog
from redis import RedisError

from groundwork import redis
from groundwork.database import ScopedSession

log = structlog.get_logger(__name__)


def channel(tenant_id: UUID | str) -> str:
    return f"live:{tenant_id}"


def tell(session: ScopedSession, topic: str, id_: UUID | None = None) -> None:
    """Once `session` commits, publish {"topic": ..., "id": ...} to this tenant's open screens."""
    name, event = channel(session.tenant_id), json.dumps({"topic": topic, "id": str(id_) if id_ else None})
    session.after_commit(lambda: _publish(name, event), once=event)


def _publish(name: str, event: str) -> None:
    try:
        redis.client().publish(name, event)
    except RedisError:
        log.warning("open screens not told; they fetch again when Redis is back")
