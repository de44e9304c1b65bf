"""The door of the JSON API: a secret key or a public one, JSON in, problem+json out, other origins where allowed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from billing import NotInPlanError
from blueprints_ui.guard import tenant_session
from tenants import api_answers, api_keys
from tenants.models import ApiKey

LARGEST = 256 * 1024
LONGEST_KEY = 200
LONGEST_WORDING = 2000
PLAIN = {
    400: "The request could not be read.",
    401: "A valid secret key is needed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
    415: "Send JSON, with Content-Type: application/json.",
    429: "Too many requests. Wait a little, then try again.",
}


class Problem(Exception):
    """An answer that says what is wrong (RFC 9457). `errors` is {field: words}."""

    def __init__(self, status: int, detail: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, dict(errors or {})


def tell_problems(blueprint: Blueprint) -> None:
    """Answer every failure of `blueprint` in JSON, those of the framework too."""
    blueprint.register_error_handler(Problem, lambda error: problem(error.status, error.detail, error.errors))
    blueprint.register_error_handler(HTTPException, _of_the_framework)
    blueprint.register_error_handler(NotInPlanError, lambda error: problem(402, str(error)))
    blueprint.register_error_handler(DataError, lambda _error: problem(400, PLAIN[400]))
    for away in (OperationalError, InterfaceError, PoolTimeoutError):
        blueprint.register_error_handler(away, lambda _error: problem(503, "Try again in a minute."))


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> Response:
    titles = {401: "Not allowed in", 402: "Not in your plan", 403: "Not allowed", 404: "Not found"}
    titles |= {409: "Used before", 422: "Not accepted"}
    body: dict[str, Any] = {"type": "about:blank", "title": titles.get(status, "Not taken"), "status": status}
    body |= {"detail": detail} | ({"errors": dict(errors)} if errors else {})
    answer = jsonify(body)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _of_the_framework(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    answer = problem(code, PLAIN.get(code, "This could not be done. Try again."))
    kept = dict(error.get_headers())
    for name in ("Retry-After", "Allow"):
        if name in kept:
            answer.headers[name] = kept[name]
    return answer


def secret_key(scope: str) -> ApiKey | None:
    """Whose secret the request shows; None when it shows none. Raises Problem for one that may not do this."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    if request.headers.get("Origin"):
        raise Problem(403, "A secret key came from a web page, where anybody can read it. Take it back and make a new "
                      "one; pages send forms without any.")  # fmt: skip
    key = api_keys.check_key(tenant_session(), secret.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise Problem(401, "This secret key is not known here, or was taken back.")
    if scope not in key.scopes:
        raise Problem(403, f"The key “{key.label}” may not do this. Make one with {scope} under Settings, Developers.")
    return key


def needed_key(scope: str) -> ApiKey:
    """The secret key without which there is no way in, and which has to hold `scope`. Raises Problem."""
    key = secret_key(scope)
    if key is None:
        raise Problem(401, "Send your secret key: Authorization: Bearer hwk_… Settings, Forms, Developers makes one.")
    return key


def body() -> dict[str, Any]:
    """The JSON object that was sent. Raises Problem."""
    request.max_content_length = LARGEST
    if request.mimetype != "application/json":
        raise Problem(415, PLAIN[415])
    try:
        sent = json.loads(request.get_data().decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is not JSON.") from error
    if not isinstance(sent, dict):
        raise Problem(400, "The body has to be a JSON object.")
    return sent


def words(sent: Mapping[str, Any], name: str) -> str:
    """A text of the object; "" where there is none. Raises Problem for anything else."""
    value = sent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Problem(422, f"{name} has to be a text.", {name: "This has to be a text."})
    return value


def agreement(sent: Mapping[str, Any], name: str) -> tuple[bool, str]:
    """{"agreed": true, "wording": "..."} of the object: whether they agreed, and to which words. Raises Problem."""
    asked: Any = sent.get(name)
    if asked is not None and not (isinstance(asked, dict) and isinstance(asked.get("agreed"), bool)):
        told = "This has to be an object: agreed (true or false) and wording (the text as shown)."
        raise Problem(422, "Some fields need another look.", {name: told})
    return bool(asked and asked["agreed"]), words(asked or {}, "wording")


def check_wording(wording: str, name: str) -> None:
    """Consent is kept with the words that were shown: without them there is none. Raises Problem."""
    if not wording.strip() or len(wording) > LONGEST_WORDING:
        told = f"Send wording: the exact text they agreed to, up to {LONGEST_WORDING:,} characters."
        raise Problem(422, "Consent counts only with the words that were shown.", {name: told})


def idempotency_key() -> str | None:
    """What names this one request. Raises Problem for one that is no key."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isascii():
        raise Problem(400, f"An idempotency key has up to {LONGEST_KEY} plain characters.")
    return key or None


def once(deed: Callable[[], Response]) -> Response:
    """Do `deed`, or answer as before when this request, by its Idempotency-Key, was done already. Raises Problem."""
    key = idempotency_key()
    if key is None:
        return deed()
    asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
    kept, new = api_answers.claim(tenant_session(), key, asked)
    if kept.asked != asked:
        raise Problem(409, "This Idempotency-Key came with another request before.")
    if new:
        answered = deed()
        kept.status, kept.body = answered.status_code, answered.get_json()
        return answered
    again = answer(kept.body or {}, kept.status or 200)
    again.headers["Idempotent-Replayed"] = "true"
    return again


def answer(content: Mapping[str, Any], status: int = 200) -> Response:
    return make_response(jsonify(content), status)
