"""Texts through Twilio: the hot path, on the pooled client.

Twilio has no idempotency key for messages, so an answer that never came is `Unknown`, never a reason to send again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from groundwork import config, metrics
from groundwork.http import pool
from hallway.channels import media_links
from hallway.channels.addresses import hook_url
from hallway.channels.answers import Accepted, Answer, CarrierAwayError, Later, Outgoing, Refused, Sent, Unknown
from tenants.routing import CarrierLogin

LONGEST_VALIDITY = 36_000  # seconds; Twilio's own limit for ValidityPeriod
TOO_MANY = 429
MOST_PAGES = 5


def send(login: CarrierLogin | None, message: Outgoing) -> Answer:
    """Ask Twilio to send one text. Never raises for what the network or Twilio does."""
    if login is None:
        return Later("No carrier account is connected yet.")
    form: dict[str, str | list[str]] = {"To": message.recipient, "From": message.sender, "Body": message.body}
    if message.media:
        form["MediaUrl"] = [media_links.link(login.tenant_id, id_) for id_ in message.media]
    form["StatusCallback"] = hook_url(login.id, "message-status", m=message.id)
    form["ValidityPeriod"] = str(max(1, min(LONGEST_VALIDITY, message.seconds_good)))
    try:
        with metrics.provider_call.labels("twilio").time():
            response = pool.urlopen(
                "POST",
                _url(login, "Messages.json"),
                body=urlencode(form, doseq=True),
                headers=_headers(login.account_sid, login.auth_token),
                redirect=False,
            )
    except (NewConnectionError, ConnectTimeoutError) as error:
        return Later(f"The carrier cannot be reached ({type(error).__name__}).")
    except HTTPError as error:
        return Unknown(f"The carrier did not answer ({type(error).__name__}).")
    return _understood(response)


def sent_to(login: CarrierLogin, recipient: str, sender: str, since: datetime) -> list[Sent]:
    """Texts that Twilio has from `sender` to `recipient`, made at `since` or later, newest first.

    Raises CarrierAwayError. Not filtered by DateSent: a text that still waits at Twilio has no such date.
    """
    query = urlencode({"To": recipient, "From": sender, "PageSize": 50})
    found: list[Sent] = []
    for one in _listed(login, _url(login, f"Messages.json?{query}")):
        sent = _sent(one)
        if sent.made_at < since:
            break
        if one.get("direction") != "inbound":
            found.append(sent)
    return found


def received_by(login: CarrierLogin, number: str, since: datetime) -> list[tuple[datetime, dict[str, str]]]:
    """Texts that reached `number` at `since` or later, oldest first: when, and as Twilio's webhook would have told it.

    Raises CarrierAwayError.
    """
    query = urlencode({"To": number, "PageSize": 50})
    found: list[tuple[datetime, dict[str, str]]] = []
    for one in _listed(login, _url(login, f"Messages.json?{query}")):
        at = parsedate_to_datetime(one["date_created"])
        if at < since:
            break
        if one.get("direction") == "inbound":
            found.append((at, _as_told(login, one)))
    return found[::-1]


def _as_told(login: CarrierLogin, one: dict[str, Any]) -> dict[str, str]:
    told = {"MessageSid": one["sid"], "SmsSid": one["sid"], "AccountSid": login.account_sid, "SmsStatus": "received"}
    told |= {"From": one.get("from") or "", "To": one["to"], "Body": one.get("body") or ""}
    media = _get(login, _url(login, f"Messages/{one['sid']}/Media.json")) if int(one.get("num_media") or 0) else {}
    photos = media.get("media_list", [])
    for place, photo in enumerate(photos):
        told[f"MediaUrl{place}"] = _url(login, f"Messages/{one['sid']}/Media/{photo['sid']}")
        told[f"MediaContentType{place}"] = photo["content_type"]
    return told | {"NumMedia": str(len(photos))}


def _understood(response: urllib3.BaseHTTPResponse) -> Answer:
    answer = _json(response)
    if response.status in (200, 201) and answer.get("sid"):
        return Accepted(answer["sid"], answer.get("status") or "queued")
    if response.status == TOO_MANY:
        return Later("The carrier asks us to slow down.")
    if 400 <= response.status < 500 and response.status != 408:
        return Refused(str(answer.get("code") or response.status), str(answer.get("message") or "No reason given."))
    return Unknown(f"The carrier answered {response.status}.")


def _listed(login: CarrierLogin, url: str) -> Iterator[dict[str, Any]]:
    """The list goes on over several pages; `next_page_uri` is a path."""
    for _ in range(MOST_PAGES):
        page = _get(login, url)
        yield from page.get("messages", [])
        if not page.get("next_page_uri"):
            return
        url = config.settings().carrier_api_url + page["next_page_uri"]


def _get(login: CarrierLogin, url: str) -> dict[str, Any]:
    try:
        with metrics.provider_call.labels("twilio").time():
            response = pool.urlopen("GET", url, headers=_headers(login.account_sid, login.auth_token), redirect=False)
    except HTTPError as error:
        raise CarrierAwayError(type(error).__name__) from error
    if response.status != 200:
        raise CarrierAwayError(f"answered {response.status}")
    return _json(response)


def _sent(one: dict[str, Any]) -> Sent:
    code = one.get("error_code")
    made_at = parsedate_to_datetime(one["date_created"])
    return Sent(one["sid"], one["status"], one.get("body") or "", str(code) if code else None, made_at)


def _json(response: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    try:
        answer = json.loads(response.data)
    except (ValueError, HTTPError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _url(login: CarrierLogin, path: str) -> str:
    return f"{config.settings().carrier_api_url}/2010-04-01/Accounts/{login.account_sid}/{path}"


@lru_cache(maxsize=256)
def _headers(account_sid: str, auth_token: str) -> dict[str, str]:
    basic = urllib3.make_headers(basic_auth=f"{account_sid}:{auth_token}", keep_alive=True)
    return {**basic, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
