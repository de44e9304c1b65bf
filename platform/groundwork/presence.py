"""Who is at something right now, and what they do there. In Redis alone, for seconds: without it nobody is shown."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from redis import RedisError

from groundwork import redis

SECONDS = 25  # pages say every ten that they are still there
log = structlog.get_logger(__name__)


class Present(NamedTuple):
    """Somebody who is there. `doing` is a word of the caller's."""

    user_id: UUID
    name: str
    doing: str


def come(tenant_id: UUID, place: UUID, who: Present) -> bool:
    """Somebody is there and does something. True when that is news to others."""
    key, place_key = _of(tenant_id, place, str(who.user_id)), _place(tenant_id, place)
    said = json.dumps([who.name, who.doing])
    try:
        with redis.client().pipeline() as pipeline:
            pipeline.set(key, said, ex=SECONDS, get=True)
            pipeline.sadd(place_key, str(who.user_id))
            pipeline.expire(place_key, SECONDS)
            before = pipeline.execute()[0]
    except RedisError:
        return False
    return bool(before is None or before.decode() != said)


def leave(tenant_id: UUID, place: UUID, user_id: UUID) -> bool:
    """They are gone. True when that is news."""
    try:
        return bool(redis.client().delete(_of(tenant_id, place, str(user_id))))
    except RedisError:
        return False


def others(tenant_id: UUID, place: UUID, me: UUID) -> list[Present]:
    """Who else is there, by name."""
    try:
        known: set[Any] = redis.client().smembers(_place(tenant_id, place))
        ids = sorted(one.decode() for one in known if one.decode() != str(me))
        said = redis.client().mget([_of(tenant_id, place, one) for one in ids]) if ids else []
    except RedisError:
        log.warning("nobody can say who else is there; Redis does not answer")
        return []
    found = [Present(UUID(id_), *json.loads(one)) for id_, one in zip(ids, said, strict=True) if one]
    return sorted(found, key=lambda one: one.name)


def _place(tenant_id: UUID, place: UUID) -> str:
    return f"present:{tenant_id}:{place}"


def _of(tenant_id: UUID, place: UUID, user_id: str) -> str:
    return f"present:{tenant_id}:{place}:{user_id}"
