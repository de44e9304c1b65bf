"""Looks at what lies outside: the carrier's account, our own public address, and names of tenants."""

from __future__ import annotations

import base64
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from groundwork.config import Settings

Found = tuple[Literal["good", "warning", "broken"], str, str]
SECONDS = 10.0


def carrier(settings: Settings) -> Iterator[Found]:
    """The carrier knows our account and takes our token."""
    sid, token = settings.carrier_account_sid, settings.carrier_auth_token
    if not (sid and token):
        cure = "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (docs/deploy.md, Twilio)."
        yield "broken", "No carrier account is set: no call and no text can go anywhere.", cure
        return
    # https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource
    url = f"{settings.carrier_api_url}/2010-04-01/Accounts/{sid}.json"
    basic = base64.b64encode(f"{sid}:{token}".encode()).decode()
    status = _status(url, {"Authorization": f"Basic {basic}"})
    where = "the sandbox" if settings.sandbox_url else urlsplit(settings.carrier_api_url).hostname
    if status == 200:
        yield "good", f"The account …{sid[-4:]} is known to {where}.", ""
    elif status in (401, 403, 404):
        yield "broken", f"{where} refuses the account …{sid[-4:]} ({status}).", "Check the account SID and the token."
    else:
        yield (
            "broken",
            f"{where} does not answer as it should ({status or 'no answer'}).",
            "Check the way out, then again.",
        )


def pages(settings: Settings) -> Iterator[Found]:
    """People and the carrier reach us; tried from here, which is not quite from there."""
    for name, url in {"PUBLIC_URL": settings.public_url, "HOOKS_URL": settings.hooks_url}.items():
        status = _status(url, {})
        if status is None or status >= 500:
            cure = f"Check that web runs, the proxy passes requests on, and {name} is right."
            yield "broken", f"{url} ({name}) does not answer from here ({status or 'no answer'}).", cure
        else:
            yield "good", f"{url} answers.", ""


def tenant_names(settings: Settings) -> Iterator[Found]:
    """Any tenant's own name leads here."""
    host = urlsplit(settings.public_url).hostname or ""
    if host == "localhost" or not settings.production:
        yield "good", "Names of tenants need no DNS on this machine.", ""
        return
    try:
        socket.getaddrinfo(f"any-tenant.{host}", 443)
    except OSError:
        yield "broken", f"any-tenant.{host} has no address.", f"Add a wildcard DNS record: *.{host}"
    else:
        yield "good", f"*.{host} resolves.", ""


def _status(url: str, headers: dict[str, str]) -> int | None:
    request = urllib.request.Request(url, headers={"User-Agent": "hallway-doctor", **headers})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None
