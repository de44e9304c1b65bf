"""Estimates as JSON, for the business's own server: sent, accepted, declined."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import public_page, tenant_session
from blueprints_ui.security import limiter
from blueprints_ui.web_forms import door
from blueprints_ui.web_forms.door import Problem
from groundwork import clock
from groundwork.database import Json
from hallway import estimates
from hallway.estimates import BadEstimateError, Draft, Estimate

estimates_api = Blueprint("estimates_api", __name__, url_prefix="/api/estimates")
door.tell_problems(estimates_api)
OFTEN = "1200 per hour"
BY = "API"


@estimates_api.post("")
@limiter.limit(OFTEN, key_func=lambda: f"api estimates {request.remote_addr}")
@public_page
def send() -> ResponseReturnValue:
    """An estimate was sent. The number names it: told again it changes amount and link, and nothing twice."""
    door.needed_key("estimates:write")
    sent = door.body()
    return door.once(lambda: _send(sent))


def _send(sent: Json) -> Response:
    session, number = tenant_session(), door.words(sent, "number")
    if not number:
        raise Problem(422, "An estimate needs its number.", {"number": "Send the number you know it by."})
    known = estimates.find(session, number)
    try:
        about = (door.words(sent, "title"), door.words(sent, "link"), _moment(sent), door.words(sent, "agreed"))
        draft = Draft(_cents(sent), number, *about)
        whom = [door.words(sent, name) for name in ("phone", "email", "name")]
        conversation = estimates.find_or_open(session, *whom)
        estimate = estimates.sent(session, conversation, draft, BY)
    except BadEstimateError as error:
        raise Problem(422, str(error), {error.field: str(error)}) from error
    except ValueError as error:
        raise Problem(422, str(error)) from error
    return _answer(estimate, 200 if known else 201)


@estimates_api.post("/<number>/<any(accepted, declined):decision>")
@limiter.limit(OFTEN, key_func=lambda: f"api estimates {request.remote_addr}")
@public_page
def decide(number: str, decision: str) -> ResponseReturnValue:
    """They said yes or no. A second time changes nothing."""
    door.needed_key("estimates:write")
    sent = door.body() if request.content_length else {}
    return door.once(lambda: _decide(number, decision, sent))


def _decide(number: str, decision: str, sent: Json) -> Response:
    estimate = _find(number)
    deed = estimates.accepted if decision == "accepted" else estimates.declined
    try:
        deed(tenant_session(), estimate, BY, door.words(sent, "note"))
    except BadEstimateError as error:
        raise Problem(422, str(error), {error.field: str(error)}) from error
    return _answer(estimate)


@estimates_api.get("/<number>")
@limiter.limit(OFTEN, key_func=lambda: f"api estimates {request.remote_addr}")
@public_page
def show(number: str) -> ResponseReturnValue:
    door.needed_key("estimates:read")
    return _answer(_find(number))


def _find(number: str) -> Estimate:
    estimate = estimates.find(tenant_session(), number)
    if estimate is None:
        raise Problem(404, "There is no estimate with this number here.")
    return estimate


def _cents(sent: Json) -> int:
    """`amount_cents` as a whole number, or `amount` as people write it."""
    whole: Any = sent.get("amount_cents")
    if isinstance(whole, int) and not isinstance(whole, bool):
        return whole
    if whole is not None:
        raise BadEstimateError("amount_cents", "amount_cents is a whole number of cents.")
    try:
        return estimates.cents(door.words(sent, "amount"))
    except ValueError as error:
        raise BadEstimateError("amount", str(error)) from error


def _moment(sent: Json) -> datetime | None:
    text = door.words(sent, "sent_at")
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadEstimateError("sent_at", "sent_at is a time like 2026-11-24T15:30:00-06:00.") from error
    if at.tzinfo is None:
        raise BadEstimateError("sent_at", "sent_at needs its offset, like 2026-11-24T15:30:00-06:00.")
    if at > clock.in_(minutes=5):
        raise BadEstimateError("sent_at", "sent_at lies in the future.")
    return at


def _answer(estimate: Estimate, status: int = 200) -> Response:
    about: Json = {"number": estimate.number, "state": estimate.state, "amount_cents": estimate.amount_cents}
    about |= {"title": estimate.title, "link": estimate.link, "sent_at": estimate.sent_at.isoformat()}
    about["decided_at"] = estimate.decided_at.isoformat() if estimate.decided_at else None
    return door.answer(about | {"conversation_id": str(estimate.conversation_id)}, status)
