"""Each request has a number, and each answer a line in the log."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
QUIET = ("static", "operations.alive", "operations.ready", "operations.metrics")
log = structlog.get_logger(__name__)


def set_up_requests(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(answer: Response) -> Response:
    answer.headers["X-Request-ID"] = g.get("request_id", "")
    spent = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
    if request.endpoint not in QUIET:
        # The rule, not the address: addresses may hold tokens and phone numbers.
        rule = request.url_rule.rule if request.url_rule else "-"
        log.info("answered", method=request.method, rule=rule, status=answer.status_code, ms=round(spent, 1))
    return answer
