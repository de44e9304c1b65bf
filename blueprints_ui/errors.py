"""Every failure as a page in plain words: what happened and what to do."""

from __future__ import annotations

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response

from billing import NotInPlanError
from hallway.contacts import HiddenPersonError


class PaymentRequired(HTTPException):
    """402, for which werkzeug has no class."""

    code = 402
    description = ""


log = structlog.get_logger(__name__)
# What happened, and what to do.
WORDS = {
    400: (
        "We could not read that",
        "Something in the request was incomplete. Go back, reload the page and try again.",
    ),
    403: (
        "You may not do this",
        "Your role does not include this. Ask an owner of the business to do it or to change your role.",
    ),
    402: (
        "Your plan does not include this",
        "Choose a bigger plan under Settings, Plan and billing.",
    ),
    404: (
        "There is nothing here",
        "The address may be mistyped, or what it named is gone.",
    ),
    405: (
        "That is not how this page is used",
        "Go back, reload the page and try again.",
    ),
    413: (
        "That is too large",
        "Files may be up to 10 MB. Choose a smaller one.",
    ),
    429: (
        "Too many tries",
        "Wait a few minutes, then try again.",
    ),
    500: (
        "Something broke on our side",
        "It has been written down. Nothing you saved earlier is lost. Try again in a minute.",
    ),
    503: (
        "We cannot reach our database",
        "Calls and texts that come in now are not lost: the carrier delivers them again. Try again in a minute.",
    ),
}
FORGED = (
    "This page was open for too long",
    "For your safety the form was not sent. Reload the page and send it again.",
)


def set_up_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(NotInPlanError, _not_in_plan)
    app.register_error_handler(HiddenPersonError, lambda error: show(Forbidden(str(error))))
    app.register_error_handler(Exception, _broken)


def show(error: HTTPException) -> Response | tuple[str, int, dict[str, str]]:
    """The page of an HTTP error, or a fragment where a fragment was asked for; redirects pass."""
    code = error.code or 500
    if code < 400:
        return error.get_response()
    title, advice = FORGED if isinstance(error, CSRFError) else WORDS.get(code, WORDS[400 if code < 500 else 500])
    own_words = error.description if _our_words(error) else None
    template = "errors/fragment.html" if _wants_fragment() else "errors/page.html"
    page = render_template(template, code=code, title=title, advice=advice, own_words=own_words,
                           request_id=g.get("request_id", ""))  # fmt: skip
    return page, code, _retry_after(error)


def _our_words(error: HTTPException) -> bool:
    """Werkzeug's stock sentences are for developers; ours are for the reader."""
    return not isinstance(error, CSRFError) and error.description not in (None, type(error).description)


def _wants_fragment() -> bool:
    return request.headers.get("HX-Request-Type") == "partial"


def _retry_after(error: HTTPException) -> dict[str, str]:
    if error.code == 503:
        return {"Retry-After": "10"}
    kept = dict(error.get_headers())
    return {"Retry-After": kept["Retry-After"]} if "Retry-After" in kept else {}


def _database_away(error: Exception) -> Response | tuple[str, int, dict[str, str]]:
    log.error("database away", error=type(error).__name__)
    _look_nobody_up()
    return show(ServiceUnavailable())


def _not_in_plan(error: NotInPlanError) -> Response | tuple[str, int, dict[str, str]]:
    return show(PaymentRequired(str(error)))


def _unfit(error: DataError) -> Response | tuple[str, int, dict[str, str]]:
    """A value that no column takes, such as a NUL character: no browser sends one by itself."""
    log.warning("unfit value", endpoint=request.endpoint, error=type(error.orig).__name__)
    _look_nobody_up()
    return show(BadRequest())


def _broken(error: Exception) -> Response | tuple[str, int, dict[str, str]]:
    log.error("page broke", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    _look_nobody_up()
    return show(InternalServerError())


def _look_nobody_up() -> None:
    """After a failed write the rows at hand would have to be read again, and cannot be; the host still has a name."""
    g.pop("tenant", None)
    g.pop("member", None)
