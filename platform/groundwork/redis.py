"""The one Redis client of this process. Redis carries hints only: losing it loses nothing."""

from __future__ import annotations

from functools import lru_cache

from redis import Redis

from groundwork import config


@lru_cache(maxsize=1)
def client() -> Redis:
    """A pooled client with short time-outs, so that a dead Redis delays nobody."""
    return Redis.from_url(
        config.settings().redis_url, socket_timeout=2, socket_connect_timeout=0.5, health_check_interval=30
    )
