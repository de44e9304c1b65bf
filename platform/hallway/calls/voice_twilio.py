"""The carrier's voice API: ask about a call, place one, fetch a recording (https://www.twilio.com/docs/voice/api)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError

from groundwork import config, http, metrics
from hallway.channels import CarrierAwayError, media
from tenants.routing import CarrierLogin

RING_SECONDS = 25
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}


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


def ended_on(login: CarrierLogin, number: str, since: datetime) -> list[tuple[datetime, dict[str, str]]]:
    """Calls to `number` that are over and began at `since` or later, oldest first: when each began, and the request
    with which the carrier would have told its end. Raises CarrierAwayError.
    """
    query = urlencode({"To": number, "PageSize": 100})
    told = _told(_ask(login, "GET", f"Calls.json?{query}"))
    ended = [one for one in told["calls"] if one["direction"] == "inbound" and one["status"] in OVER]
    began = [(parsedate_to_datetime(one.get("start_time") or one["date_created"]), one) for one in ended]
    return [(at, _as_told(login, one)) for at, one in reversed(began) if at >= since]


def _as_told(login: CarrierLogin, one: dict[str, Any]) -> dict[str, str]:
    told = {"CallSid": one["sid"], "AccountSid": login.account_sid, "CallStatus": one["status"], "To": one["to"]}
    told |= {"From": one.get("from") or "", "Direction": "inbound"}
    return told | ({"ForwardedFrom": one["forwarded_from"]} if one.get("forwarded_from") else {})


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
    """The recording as MP3; None while the carrier does not hand it out. Raises CarrierAwayError.

    The address is built here, never taken from a webhook.
    """
    try:
        return media.fetch(login, _url(login, f"Recordings/{sid}.mp3")).data
    except media.MediaRefusedError:
        return None


def _ask(
    login: CarrierLogin, method: str, path: str, fields: dict[str, object] | None = None
) -> urllib3.BaseHTTPResponse:
    url = _url(login, path)
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


def _url(login: CarrierLogin, path: str) -> str:
    return f"{config.settings().carrier_api_url}/2010-04-01/Accounts/{login.account_sid}/{path}"
