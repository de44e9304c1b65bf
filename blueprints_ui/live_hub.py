"""Server-sent events for open pages: one Redis subscription a process, one bounded queue a browser, no database."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import structlog
from itsdangerous import BadSignature
from redis import RedisError
from redis.asyncio import Redis

from blueprints_ui.live import TICKET_SECONDS, tickets
from groundwork import live
from groundwork.config import Settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
PATH = "/live"
PING_SECONDS = 15.0
STREAM_SECONDS = 600.0  # then the page asks for a new ticket: whoever was logged out gets none
MOST_WAITING = 100
RESYNC = b"event: resync\ndata: {}\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
log = structlog.get_logger(__name__)


class Hub:
    """An ASGI application: /live is a stream of events, everything else goes to `rest`."""

    def __init__(self, settings: Settings, rest: Any) -> None:
        self._rest = rest
        self._redis_url = settings.redis_url
        self._tickets = tickets(settings)
        self._screens: dict[str, dict[asyncio.Queue[bytes], bool]] = defaultdict(dict)
        self._listening: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live_through(receive, send)
        elif scope["type"] == "http" and scope["path"] == PATH:
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await self._rest(scope, receive, send)

    async def _live_through(self, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                await self._close()
                return

    async def _close(self) -> None:
        """Asked until it ends: while it connects, Python 3.11's wait_for may overhear one request to stop."""
        while self._listening and not self._listening.done():
            self._listening.cancel()
            await asyncio.wait({self._listening}, timeout=0.1)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = self._ticket_of(scope)
        if said is None:
            await _refuse(send)
            return
        self._listen()
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        with self._screen(*said) as queue:
            writing = asyncio.create_task(_write(queue, send))
            leaving = asyncio.create_task(_until_gone(receive))
            await asyncio.wait({writing, leaving}, timeout=STREAM_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            here = not leaving.done()
            for task in (writing, leaving):
                task.cancel()
            await asyncio.gather(writing, leaving, return_exceptions=True)
        if here:
            await send({"type": "http.response.body", "body": b""})

    def _ticket_of(self, scope: Scope) -> tuple[str, bool] | None:
        """The tenant, and whether this screen may hear what an event is about."""
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ticket", [""])[0]
        try:
            tenant_id, names = self._tickets.loads(given, max_age=TICKET_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return str(tenant_id), names == "named"

    @contextlib.contextmanager
    def _screen(self, tenant_id: str, named: bool) -> Any:
        name = live.channel(tenant_id)
        queue: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self._screens[name][queue] = named
        try:
            yield queue
        finally:
            self._screens[name].pop(queue, None)
            if not self._screens[name]:
                del self._screens[name]

    def _listen(self) -> None:
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._hear_forever())

    async def _hear_forever(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                log.warning("live events paused", error=type(error).__name__)
            await asyncio.sleep(1)

    async def _hear(self) -> None:
        """Hand on what Redis says; once it listens (again), every screen fetches what it may have missed."""
        client = Redis.from_url(self._redis_url, socket_connect_timeout=2, health_check_interval=20)
        async with client, client.pubsub() as pubsub:
            await pubsub.psubscribe(live.channel("*"))
            async for message in pubsub.listen():
                if message["type"] == "psubscribe":
                    self._resync()
                elif message["type"] == "pmessage":
                    self._hand_on(message["channel"].decode(), message["data"])

    def _hand_on(self, name: str, event: bytes) -> None:
        for queue, named in self._screens.get(name, {}).items():
            _put(queue, b"data: " + event + b"\n\n" if named else RESYNC)

    def _resync(self) -> None:
        for screens in self._screens.values():
            for queue in screens:
                _put(queue, RESYNC)


def _put(queue: asyncio.Queue[bytes], event: bytes) -> None:
    """A slow browser loses its oldest events and hears `resync` instead."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        event = RESYNC
    queue.put_nowait(event)


async def _write(queue: asyncio.Queue[bytes], send: Send) -> None:
    await _send(send, b"retry: 2000\n\n" + RESYNC)
    while True:
        try:
            async with asyncio.timeout(PING_SECONDS):
                event = await queue.get()
        except TimeoutError:
            event = b": ping\n\n"
        await _send(send, event)


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This ticket is not good any more. Reload the page."})
