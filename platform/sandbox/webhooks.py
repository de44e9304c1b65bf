"""One signed HTTP request to a customer's URL, with the retries the URL's fragment asks for."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import aiohttp
from yarl import URL

from sandbox.signing import signature

MAX_BODY = 64 * 1024
MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Overrides:
    """Connection overrides of a URL fragment (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).

    Times are seconds. Without them only a failed connection is tried again, and only once.
    """

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    def retry(self, failure: str) -> bool:
        return failure in self.policy or "all" in self.policy


@dataclass(frozen=True)
class Reply:
    """What came back; `failure` is '' for 2xx, else ct, rt, 4xx, 5xx or 3xx."""

    status: int = 0
    content_type: str = ""
    body: bytes = b""
    failure: str = ""
    url: str = ""


@dataclass(frozen=True)
class Hook:
    """A request to make: `token` stays the same over all tries of one event."""

    url: str
    params: Mapping[str, str]
    secret: str
    method: str = "POST"
    token: str = field(default_factory=lambda: str(uuid.uuid4()))


def overrides(url: str) -> Overrides:
    given = dict(parse_qsl(urlsplit(url).fragment))
    return Overrides(
        connect=_milliseconds(given, "ct", 5_000, 10_000),
        read=_milliseconds(given, "rt", 15_000, 15_000),
        total=_milliseconds(given, "tt", 15_000, 15_000),
        retries=min(5, int(given["rc"])) if given.get("rc", "").isdigit() else 1,
        policy=frozenset(given.get("rp", "ct").split(",")),
    )


def _milliseconds(given: Mapping[str, str], name: str, default: int, ceiling: int) -> float:
    text = given.get(name, "")
    return min(max(int(text), 100), ceiling) / 1000 if text.isdigit() else default / 1000


class Webhooks:
    """The HTTP client of the carrier; open it inside the running loop."""

    def __init__(self) -> None:
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        # An empty cookie jar and no proxies: every request stands alone, as Twilio's do.
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=256), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )

    async def close(self) -> None:
        if self._http:
            await self._http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("the carrier's HTTP client is not open")
        return self._http

    async def send(self, hook: Hook) -> Reply:
        """Make the request and its retries, all within the total time; never raises on a failing peer."""
        rules = overrides(hook.url)
        until = time.monotonic() + rules.total
        reply = await self._once(hook, rules, rules.total)
        for attempt in range(rules.retries):
            pause = 0.3 * 2**attempt
            left = until - time.monotonic() - pause
            if not reply.failure or not rules.retry(reply.failure) or left <= 0:
                break
            await asyncio.sleep(pause)
            reply = await self._once(hook, rules, left)
        return reply

    async def _once(self, hook: Hook, rules: Overrides, left: float) -> Reply:
        limits = aiohttp.ClientTimeout(total=left, sock_connect=rules.connect, sock_read=rules.read)
        try:
            return await self._follow(hook, limits)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
            return Reply(failure="ct", url=hook.url)
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return Reply(failure="rt", url=hook.url)

    async def _follow(self, hook: Hook, limits: aiohttp.ClientTimeout) -> Reply:
        """A 301 or 302 is followed with GET and loses the fields; 307 and 308 keep them."""
        url, method, params = hook.url, hook.method, hook.params
        for _ in range(MAX_REDIRECTS):
            reply, location = await self._ask(url, method, params, hook, limits)
            if not location:
                return reply
            url = urljoin(url, location)
            if reply.status not in (307, 308):
                method, params = "GET", {}
        return reply

    async def _ask(
        self, url: str, method: str, params: Mapping[str, str], hook: Hook, limits: aiohttp.ClientTimeout
    ) -> tuple[Reply, str]:
        posted = params if method == "POST" else {}
        plain = urlunsplit(urlsplit(url)._replace(fragment=""))
        if method == "GET" and params:
            plain += ("&" if "?" in plain else "?") + urlencode(params)
        headers = {
            "X-Twilio-Signature": signature(hook.secret, plain, posted),
            "I-Twilio-Idempotency-Token": hook.token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        body = urlencode(posted) if method == "POST" else None
        target = URL(plain, encoded=True)
        async with self.http.request(
            method, target, data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            content = await response.content.read(MAX_BODY + 1)
            failure = "" if response.status < 300 else f"{response.status // 100}xx"
            location = response.headers.get("Location", "") if failure == "3xx" else ""
            return Reply(response.status, response.content_type, content, failure, plain), location
