"""Stripe's events: POST /hooks/stripe. Checked over the bytes that came, kept once, answered; a worker reads on."""

from __future__ import annotations

import psycopg
import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import RequestEntityTooLarge

from billing import events, stripe_api
from billing.stripe_api import BadEventError, StripeAwayError
from groundwork import metrics

LARGEST = 1024 * 1024
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError)
door = Blueprint("stripe", __name__, url_prefix="/stripe")
log = structlog.get_logger(__name__)


@door.post("", strict_slashes=False)
def hook() -> Response:
    """One event. Any answer but 2xx makes Stripe send it again, for days."""
    structlog.contextvars.clear_contextvars()
    request.max_content_length = LARGEST
    try:
        raw = request.get_data(cache=False)
        event = stripe_api.read_event(raw, request.headers.get("Stripe-Signature", ""))
        events.keep(event, raw)
    except RequestEntityTooLarge:
        return _answer(413, "This event is too large.")
    except BadEventError as error:
        return _answer(400, str(error))
    except StripeAwayError as error:
        return _answer(503, str(error))
    except AWAY as error:
        return _answer(503, f"The database does not answer ({type(error).__name__}). Please try again.")
    return _answer(200, "Kept.")


def _answer(status: int, words: str) -> Response:
    metrics.webhooks.labels("stripe", "event", str(status)).inc()
    if status != 200:
        log.warning("hook refused", provider="stripe", status=status, why=words)
    return Response(words, status, mimetype="text/plain")
