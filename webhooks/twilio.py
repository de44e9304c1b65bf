"""Twilio's requests: POST /hooks/twilio/<our account id>/<kind>.

One path for all of them: size, account, signature; then the kind is either answered at once (voice) or stored for a
worker (texts, states, recordings). When the database is away the answer is 503, and the carrier asks again: every
address we give it carries `#rc=3&rp=all`. A spoken excuse would be a 200 and end the call for good.
"""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import RequestEntityTooLarge

from groundwork import config, metrics, scope
from groundwork.database import open_session
from tenants import routing
from tenants.routing import CarrierLogin
from webhooks import signature, stored, voice
from webhooks.asked import Asked, NotUnderstoodError

LARGEST = 64 * 1024
FORM = "application/x-www-form-urlencoded"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError)
door = Blueprint("twilio", __name__, url_prefix="/twilio")
log = structlog.get_logger(__name__)


class Refusal(Exception):
    """Why a request goes no further."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@door.post("/<uuid:account>/<kind>", strict_slashes=False)
def hook(account: UUID, kind: str) -> Response:
    """One request of the carrier, whatever its kind."""
    structlog.contextvars.clear_contextvars()
    try:
        document = _answer(account, kind)
    except Refusal as refusal:
        return _refuse(kind, refusal)
    except NotUnderstoodError as error:
        return _refuse(kind, Refusal(400, str(error)))
    except AWAY as error:
        return _refuse(kind, Refusal(503, f"The database does not answer ({type(error).__name__}). Please try again."))
    except Exception:
        # The carrier asks again; a call whose news are never taken is closed by its deadline.
        log.exception("hook failed", kind=kind)
        return _refuse(kind, Refusal(500, "This could not be handled. Please try again."))
    metrics.webhooks.labels("twilio", kind, "taken").inc()
    return Response(document, mimetype="text/xml")


def _answer(account: UUID, kind: str) -> str:
    if kind not in voice.ANSWERS and kind not in stored.KINDS:
        raise Refusal(404, "There is no such address here.")
    body = _body()
    login = _login(account)
    form = _form(body)
    _check_signature(login, form, body)
    asked = Asked(login.id, kind, _plain(form or {}), request.args.to_dict())
    if kind in stored.KINDS:
        stored.keep(login.tenant_id, asked)
        return EMPTY
    with open_session(scope.tenant(login.tenant_id)) as session:
        return voice.ANSWERS[kind](session, asked) or EMPTY


def _body() -> bytes:
    request.max_content_length = LARGEST
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise Refusal(413, "This request is too large.") from error


def _login(account: UUID) -> CarrierLogin:
    with open_session(scope.SYSTEM) as session:
        login = routing.carrier_account(session, account)
    if login is None:
        raise Refusal(404, "This account is not known here.")
    return login


def _form(body: bytes) -> dict[str, list[str]] | None:
    """Every field with all its values, empty ones too; None when the body is no form."""
    if request.mimetype != FORM:
        return None if body else {}
    fields: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"):
            fields.setdefault(name, []).append(value)
    except ValueError as error:
        raise Refusal(400, "This form cannot be read.") from error
    return fields


def _check_signature(login: CarrierLogin, form: dict[str, list[str]] | None, body: bytes) -> None:
    """The address is rebuilt from our own setting: what a proxy or a stranger says of the host decides nothing."""
    query = request.query_string.decode("latin-1")
    url = f"{config.settings().hooks_url}{request.script_root}{request.path}" + (f"?{query}" if query else "")
    tokens = [token for token in (login.auth_token, login.previous_token) if token]
    if not signature.is_genuine(url, form, body, request.headers, tokens):
        raise Refusal(403, "The signature does not match. Check the account's auth token and HOOKS_URL.")


def _plain(form: dict[str, list[str]]) -> dict[str, str]:
    """The first value of each field. The database holds no NUL, and no honest sender sends one."""
    return {name.replace("\0", ""): values[0].replace("\0", "") for name, values in form.items()}


def _refuse(kind: str, refusal: Refusal) -> Response:
    known = kind if kind in voice.ANSWERS or kind in stored.KINDS else "unknown"
    metrics.webhooks.labels("twilio", known, str(refusal.status)).inc()
    log.warning("hook refused", kind=known, status=refusal.status, why=refusal.words)
    return Response(refusal.words, refusal.status, mimetype="text/plain")
