"""Signed events to whoever listens: told soon, again until somebody says 2xx, and wrongly where a fault says so."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

import aiohttp

from sandbox import world_time
from sandbox.cards.desk import Desk
from sandbox.cards.wire import Doc, shown
from sandbox.core import Core
from sandbox.faults import CALLBACK, Fault

API_VERSION = "2026-10-28.endive"
PAUSES = (0.5, 2.0, 8.0, 30.0, 120.0, 600.0)  # real seconds between the tries; Stripe's own are hours
OVERTAKEN = 1.0


class News:
    """One queue: events go in the order they happened unless a fault disorders them."""

    def __init__(self, core: Core, desk: Desk) -> None:
        self._core, self._desk = core, desk
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, kind: str, about: Doc, previous: Doc | None = None) -> None:
        data: Doc = {"object": shown(about)} | ({"previous_attributes": previous} if previous else {})
        event = self._desk.make(
            "event", "evt", type=kind, api_version=API_VERSION, data=data, pending_webhooks=1,
            request={"id": None, "idempotency_key": None}, _delivered=[],
        )  # fmt: skip
        self._core.feed.publish("cards")
        self.send(event)

    def send(self, event: Doc) -> None:
        """Deliver to every endpoint, also once more for an event already told."""
        for url, secret in self._endpoints(event["type"]):
            task = asyncio.ensure_future(self._deliver(event["id"], url, secret))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _endpoints(self, kind: str) -> list[tuple[str, str]]:
        settings = self._core.settings
        own = [(settings.cards_hook, settings.cards_secret)] if settings.cards_hook else []
        made = [one for one in self._desk.all("webhook_endpoint") if {kind, "*"} & set(one["enabled_events"])]
        return own + [(one["url"], one["_secret"]) for one in made]

    async def _deliver(self, event_id: str, url: str, secret: str) -> None:
        event = self._desk.get("event", event_id)
        fault = self._core.faults.strike(CALLBACK, f"stripe {url} type={event['type']}")
        if fault and fault.kind == "lost":
            self._note(event_id, "lost")
            return
        await asyncio.sleep(_held_back(fault))
        for pause in (*PAUSES, None):
            status = await self._post(event, url, secret)
            self._note(event_id, status)
            if 200 <= status < 300 or pause is None:
                break
            await asyncio.sleep(pause)
        if fault and fault.kind == "doubled":
            self._note(event_id, await self._post(event, url, secret))

    async def _post(self, event: Doc, url: str, secret: str) -> int:
        raw = json.dumps(shown(event), indent=2).encode()
        headers = {"Stripe-Signature": signature(raw, secret), "Content-Type": "application/json; charset=utf-8"}
        headers["User-Agent"] = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
        limits = aiohttp.ClientTimeout(total=20)
        try:
            async with self._core.webhooks.http.post(
                url, data=raw, headers=headers, timeout=limits, allow_redirects=False
            ) as reply:
                return reply.status
        except (TimeoutError, aiohttp.ClientError):
            return 0

    def _note(self, event_id: str, what: Any) -> None:
        event = self._desk.get("event", event_id)
        event["_delivered"] = [*event["_delivered"], what]
        event["pending_webhooks"] = 0 if isinstance(what, int) and 200 <= what < 300 else 1
        self._desk.keep(event)
        self._core.feed.publish("cards")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _held_back(fault: Fault | None) -> float:
    if fault and fault.kind == "disordered":
        return OVERTAKEN
    return fault.seconds if fault and fault.kind == "late" else 0.0


def signature(raw: bytes, secret: str) -> str:
    """Stripe-Signature: HMAC-SHA256 over the time and the bytes, in the real time of this machine."""
    at = int(time.time())
    mac = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def age(event: Doc) -> float:
    return world_time.now() - float(event["created"])
