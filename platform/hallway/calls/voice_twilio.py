"""The carrier's voice API: ask about a call, place one, fetch a recording (https://www.twilio.com/docs/voice/api)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from groundwork import config, http, metrics
from tenants.routing import CarrierLogin

MOST_BYTES = 10_000_000  # two minutes of MP3 are about one million
MOST_REDIRECTS = 3
RING_SECONDS = 25


class CarrierAwayError(Exception):
    """The carrier did not answer, or answered with a fault of its own; asking again later may help."""


@dataclass(frozen=True)
class Truth:
    """What the carrier says about a call: its status (completed, in-progress, ...) and length in seconds."""

    status: str
    seconds: int | None


@dataclass(frozen=True)
class Refused:
    """The carrier will not do it, and says why."""

    code: str
    message: str


def fetch_call(login: CarrierLogin, sid: str) -> Truth | None:
    """The call's present state; None when the carrier does not know it. Raises CarrierAwayError."""
    answer = _ask(login, "GET", f"Calls/{sid}.json")
    if answer.status == 404:
        return None
    told = _told(answer)
    return Truth(str(told["status"]), int(told["duration"]) if told.get("duration") else None)


def place_call(login: CarrierLogin, *, to: str, from_: str, url: str, status_callback: str) -> str | Refused:
    """Ring `to`; `url` says what happens when it is picked up. Returns the call's sid.

    Raises CarrierAwayError when nobody can tell whether it rings. The carrier knows no idempotency key for calls, so it
    is not tried twice.
    """
    fields = {"To": to, "From": from_, "Url": url, "Timeout": RING_SECONDS, "StatusCallback": status_callback}
    answer = _ask(login, "POST", "Calls.json", fields)
    if 400 <= answer.status < 500:
        told = json.loads(answer.data or b"{}")
        return Refused(str(told.get("code", answer.status)), str(told.get("message", "The carrier refused the call.")))
    return str(_told(answer)["sid"])


def fetch_recording(login: CarrierLogin, sid: str) -> bytes | None:
    """The recording as MP3; None while the carrier does not have it ready. Raises CarrierAwayError.

    The address is built here, never taken from a webhook, so that our credentials go to the carrier alone.
    """
    answer = _ask(login, "GET", f"Recordings/{sid}.mp3")
    for _ in range(MOST_REDIRECTS):
        if answer.status not in (301, 302, 307, 308):
            break
        answer = _follow(answer)
    if answer.status == 404:
        return None
    if answer.status != 200 or len(answer.data) > MOST_BYTES:
        raise CarrierAwayError(f"The recording came with status {answer.status} and {len(answer.data)} bytes.")
    return answer.data


def _follow(answer: urllib3.BaseHTTPResponse) -> urllib3.BaseHTTPResponse:
    """Storage behind the API is read without our credentials."""
    target = urljoin(answer.geturl() or "", answer.headers.get("Location", ""))
    if urlsplit(target).scheme not in ("https", urlsplit(config.settings().carrier_api_url).scheme):
        raise CarrierAwayError("The recording's address is not a safe one.")
    try:
        return http.pool.request("GET", target, redirect=False)
    except HTTPError as error:
        raise CarrierAwayError(type(error).__name__) from error


def _ask(
    login: CarrierLogin, method: str, path: str, fields: dict[str, object] | None = None
) -> urllib3.BaseHTTPResponse:
    url = f"{config.settings().carrier_api_url}/2010-04-01/Accounts/{login.account_sid}/{path}"
    headers = urllib3.make_headers(basic_auth=f"{login.account_sid}:{login.auth_token}")
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    body = urlencode(fields) if fields else None
    try:
        with metrics.provider_call.labels("twilio_voice").time():
            answer = http.pool.request(method, url, body=body, headers=headers, redirect=False)
    except HTTPError as error:
        raise CarrierAwayError(type(error).__name__) from error
    if answer.status == 429 or answer.status >= 500:
        raise CarrierAwayError(f"The carrier answered {answer.status}.")
    return answer


def _told(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    if not 200 <= answer.status < 300:
        raise CarrierAwayError(f"The carrier answered {answer.status}.")
    told: dict[str, Any] = json.loads(answer.data)
    return told
