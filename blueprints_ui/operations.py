"""For those who run it: is the process alive, may it take traffic, how is it doing."""

from __future__ import annotations

import hmac
import os

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client import REGISTRY as PROCESS_REGISTRY
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from blueprints_ui.security import limiter
from groundwork import config, migrate, redis, scope
from groundwork.database import Json, open_session

operations = Blueprint("operations", __name__)
LOOPBACK = ("127.0.0.1", "::1")
limiter.exempt(operations)


@operations.get("/healthz")
def alive() -> Json:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@operations.get("/readyz")
def ready() -> tuple[Json, int]:
    """200 while the database is reachable and at this code's revision. Redis away is degraded, not down."""
    database, redis_state = _database(), _redis()
    ok = database == "ok"
    status = "unready" if not ok else "ok" if redis_state == "ok" else "degraded"
    return {"status": status, "database": database, "redis": redis_state}, 200 if ok else 503


@operations.get("/metrics")
def metrics() -> Response:
    """Prometheus text, for this machine or the bearer of METRICS_TOKEN."""
    if not _may_read_metrics():
        abort(404)
    registry = PROCESS_REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics() -> bool:
    token = config.settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    # A proxy on this machine forwards strangers from loopback, and says so.
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def _database() -> str:
    # The first try may meet a connection from before the database was started anew; with it the pool drops them all.
    if not (_answers() or _answers()):
        return "away"
    try:
        at, head = _revisions()
    except SQLAlchemyError:
        return "away"
    return "ok" if at == head else f"at revision {at}, this code needs {head}"


def _answers() -> bool:
    try:
        with open_session(scope.SYSTEM) as session:
            session.execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


def _revisions() -> tuple[str | None, str | None]:
    """Asked of the database once; a process that was ready stays at its revision."""
    known: tuple[str | None, str | None] | None = current_app.extensions.get("hallway_revisions")
    if known is None or known[0] != known[1]:
        known = migrate.current_and_head(config.settings())
        current_app.extensions["hallway_revisions"] = known
    return known


def _redis() -> str:
    try:
        redis.client().ping()
    except RedisError:
        return "away: pages are not live, work starts a second later, nothing is lost"
    return "ok"
