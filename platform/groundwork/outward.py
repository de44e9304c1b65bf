"""Posting to, and looking at, addresses that people give us: public, over TLS, pinned to what was looked up."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from groundwork import config

TIMEOUT = urllib3.Timeout(connect=3, read=8)
READ_SECONDS = 5
PATH_SAFE = "/%:@!$&'()*+,;=-._~?"
LONGEST_URL = 2000
MOST_BYTES = 64 * 1024  # of an answer; the rest is not read
LARGEST_PAGE = 1024 * 1024
SLOWEST_PAGE = 10.0  # seconds for all of it, its redirects too, however slowly it drips
MOST_HOPS = 3
REDIRECTS = (301, 302, 303, 307, 308)
ASKING = {"Accept": "text/html,text/plain;q=0.9,*/*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "Hallway/1.0"}


class ForbiddenAddressError(ValueError):
    """An address we do not open; the message says why, in words for a form."""


class AwayError(Exception):
    """The other side could not be reached, or did not answer in time."""


@dataclass(frozen=True)
class Reply:
    """What the other side answered. `retry_after` is in seconds, when it said so."""

    status: int
    text: str
    retry_after: int | None


@dataclass(frozen=True)
class Page:
    """A page as it was found: its address after redirects, its content type without parameters, and its text."""

    url: str
    status: int
    kind: str
    text: str


def check(url: str) -> SplitResult:
    """The parts of an address we may open, judged without looking its host up. Raises ForbiddenAddressError."""
    if len(url) > LONGEST_URL or any(char.isspace() or ord(char) < 32 for char in url):
        raise ForbiddenAddressError("This is not a web address.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenAddressError("This is not a web address.") from error
    here = config.settings().private_endpoints
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise ForbiddenAddressError("The address has to begin with https://.")
    if not parts.hostname or parts.username or parts.password:
        raise ForbiddenAddressError("The address has to name a host, and no user.")
    if port not in (None, 443) and not here:
        raise ForbiddenAddressError("The address may not name a port of its own.")
    return parts


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Post once, to the very address that was looked up and found public.

    Raises ForbiddenAddressError for one that is not, and AwayError when nobody answers.
    """
    parts = check(url)
    address = _public_address(parts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2]
    pool = _pool(parts, address)
    try:
        answer = pool.request(
            "POST",
            path,
            body=body,
            headers={**headers, "Host": host},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        text = answer.read(MOST_BYTES, decode_content=False).decode("utf-8", "replace")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise AwayError(type(error).__name__) from error
    finally:
        pool.close()
    return Reply(answer.status, text, _seconds(answer.headers.get("Retry-After")))


def look(url: str) -> Page:
    """Fetch a page, through a few redirects, each judged and pinned like the first address.

    Raises ForbiddenAddressError for an address that is not public, and AwayError for a page that does not come in time.
    """
    ends = time.monotonic() + SLOWEST_PAGE
    for _ in range(MOST_HOPS + 1):
        parts = check(url)
        status, headers, body = _get(parts, ends)
        if status not in REDIRECTS or not headers.get("Location"):
            kind, _, more = headers.get("Content-Type", "text/html").partition(";")
            charset = more.rpartition("charset=")[2].strip(" \"'") or "utf-8"
            return Page(url, status, kind.strip().lower(), _decoded(body, charset))
        url = urljoin(url, headers["Location"])
    raise AwayError("redirected too often")


def _get(parts: SplitResult, ends: float) -> tuple[int, Mapping[str, str], bytes]:
    """One request whose connection is cut when its time is over, wherever it stands then."""
    connection = _connection(parts, _public_address(parts))
    path = quote(parts.path or "/", safe=PATH_SAFE) + (f"?{quote(parts.query, safe=PATH_SAFE)}" if parts.query else "")
    cut = threading.Timer(max(0.0, ends - time.monotonic()), _cut, [connection])
    cut.start()
    try:
        connection.request("GET", path, headers={**ASKING, "Host": parts.netloc}, preload_content=False)
        answer = connection.getresponse()
        body = b""
        while len(body) < LARGEST_PAGE and (piece := answer.read1(MOST_BYTES)):
            body += piece
    except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
        raise AwayError(type(error).__name__) from error
    finally:
        cut.cancel()
        connection.close()
    if time.monotonic() >= ends:
        raise AwayError("took too long")  # what came so far may be half a page
    return answer.status, answer.headers, body


def _cut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):  # not connected yet, or closed already
        connection.sock.shutdown(socket.SHUT_RDWR)


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _connection(parts: SplitResult, address: str) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(address, parts.port or 80, timeout=READ_SECONDS)
    return HTTPSConnection(
        address,
        parts.port or 443,
        timeout=READ_SECONDS,
        cert_reqs="CERT_REQUIRED",
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )


def _public_address(parts: SplitResult) -> str:
    """One address of the host. All of them have to be public, so that no other answer can lead us inside."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AwayError(f"{type(error).__name__} looking up the host") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not config.settings().private_endpoints and not all(map(is_public, addresses)):
        raise ForbiddenAddressError("The address leads into a private network.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; one wrapped in IPv6 is unwrapped first."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def _pool(parts: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, parts.port or 80, timeout=TIMEOUT)
    return urllib3.HTTPSConnectionPool(
        address, parts.port or 443, timeout=TIMEOUT, server_hostname=parts.hostname, assert_hostname=parts.hostname
    )


def _seconds(value: str | None) -> int | None:
    return min(int(value), 3600) if value and value.isdigit() else None
