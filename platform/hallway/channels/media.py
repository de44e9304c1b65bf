"""Fetch photos and recordings from the carrier: from its own hosts only, of known kinds, of bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from groundwork import config
from groundwork.http import pool
from hallway.channels.answers import CarrierAwayError
from tenants.routing import CarrierLogin

LARGEST = 10 * 1024 * 1024
MOST_REDIRECTS = 3
# Twilio keeps media behind these (https://www.twilio.com/docs/messaging/api/media-resource); the API redirects there.
STORAGE_HOSTS = ("api.twilio.com", "media.twiliocdn.com", "mms.twiliocdn.com")
STORAGE_BUCKETS = {"s3-external-1.amazonaws.com": "/media.twiliocdn.com/"}
# No SVG, no HTML: what a stranger sends is shown on our own origin.
KINDS = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "video/mp4", "video/3gpp"}
    | {"video/quicktime", "audio/mpeg", "audio/mp4", "audio/amr", "audio/wav", "audio/x-wav", "audio/ogg", "audio/3gpp"}
    | {"application/pdf", "text/vcard", "text/x-vcard"}
)


@dataclass(frozen=True)
class Media:
    """What was fetched; `content_type` is one of KINDS."""

    content_type: str
    data: bytes


class MediaRefusedError(Exception):
    """This will never be fetched; the message says why, in plain words."""


def fetch(login: CarrierLogin, url: str) -> Media:
    """Fetch one photo or recording. Raises MediaRefusedError for good, CarrierAwayError when it may work later."""
    for _ in range(MOST_REDIRECTS + 1):
        response = _get(login, url)
        try:
            if response.status not in (301, 302, 303, 307, 308):
                return _taken(response)
            url = urljoin(url, response.headers.get("Location", ""))
        finally:
            response.close()
    raise MediaRefusedError("The carrier sent us in circles.")


def is_the_carrier_s(url: str) -> bool:
    """Whether this address is one we would fetch from: the configured API, or the carrier's own storage over TLS.

    With the sandbox configured, that is all on loopback that passes.
    """
    try:
        return _is_kept_there(url)
    except ValueError:  # no address at all: a port of six digits, half a bracket
        return False


def _is_kept_there(url: str) -> bool:
    where = urlsplit(url)
    if _is_api(url):
        return True
    if where.scheme != "https" or where.username or where.port not in (None, 443) or ".." in where.path:
        return False
    bucket = STORAGE_BUCKETS.get(where.hostname or "")
    return where.hostname in STORAGE_HOSTS or bool(bucket and where.path.startswith(bucket))


def _is_api(url: str) -> bool:
    """The API's address, and in a sandbox the one by which browsers know it, for that is what it calls itself."""
    known, where = config.settings(), urlsplit(url)
    own = [urlsplit(one) for one in (known.carrier_api_url, known.sandbox_url) if one]
    return (where.scheme, where.netloc) in {(one.scheme, one.netloc) for one in own}


def _get(login: CarrierLogin, url: str) -> urllib3.BaseHTTPResponse:
    if not is_the_carrier_s(url):
        raise MediaRefusedError("This file is not kept at the carrier's.")
    # The password goes to the API alone; storage links are signed in themselves.
    headers = urllib3.make_headers(basic_auth=f"{login.account_sid}:{login.auth_token}") if _is_api(url) else {}
    try:
        return pool.urlopen("GET", url, headers=headers, redirect=False, preload_content=False)
    except HTTPError as error:
        raise CarrierAwayError(type(error).__name__) from error


def _taken(response: urllib3.BaseHTTPResponse) -> Media:
    if response.status in (400, 403, 404, 410):
        raise MediaRefusedError("The carrier no longer has this file.")
    if response.status != 200:
        raise CarrierAwayError(f"answered {response.status}")
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in KINDS:
        raise MediaRefusedError(f"Files of this kind ({kind or 'unknown'}) are not kept.")
    try:
        data = response.read(LARGEST + 1)
    except HTTPError as error:
        raise CarrierAwayError(type(error).__name__) from error
    if len(data) > LARGEST:
        raise MediaRefusedError("The file is larger than 10 MB.")
    return Media(kind, data)
