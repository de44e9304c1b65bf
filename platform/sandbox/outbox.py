"""Callbacks nobody waits for: written down with the change they report, sent soon after, also after a restart."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from sandbox import world_time
from sandbox.accounts import Accounts
from sandbox.alerts import Alerts
from sandbox.faults import CALLBACK, Fault, Faults
from sandbox.settings import Settings
from sandbox.store import Row, Store
from sandbox.webhooks import Hook, Reply, Webhooks

OVERTAKEN = 0.25  # seconds more, so that a later callback is surely ahead
Heed = Callable[[Row, Reply], Awaitable[None]]


class Outbox:
    """`heed[purpose]` is called with the row and the reply when a customer's answer means something."""

    def __init__(
        self, store: Store, webhooks: Webhooks, faults: Faults, accounts: Accounts, alerts: Alerts, settings: Settings
    ) -> None:
        self._store, self._webhooks, self._faults = store, webhooks, faults
        self._accounts, self._alerts, self._settings = accounts, alerts, settings
        self._tasks: set[asyncio.Task[None]] = set()
        self.heed: dict[str, Heed] = {}

    def post(
        self,
        purpose: str,
        account_sid: str,
        url: str | None,
        params: Mapping[str, str],
        *,
        method: str | None = None,
        fallback: tuple[str, str] | None = None,
        about: str = "",
        delay: float = 0.0,
    ) -> None:
        """Write a callback down and send it after `delay` real seconds; no URL, nothing to do."""
        if not url:
            return
        row = {
            "purpose": purpose, "account_sid": account_sid, "url": url, "method": method or "POST",
            "params": json.dumps(dict(params)), "token": str(uuid.uuid4()), "about": about,
            "fallback_url": fallback[0] if fallback else None, "fallback_method": fallback[1] if fallback else None,
            "due": world_time.now() + delay,
        }  # fmt: skip
        self._start({"id": self._store.insert("outbox", **row), **row})

    def resume(self) -> None:
        for row in self._store.all("SELECT * FROM outbox ORDER BY id"):
            self._start(row)

    def waiting(self) -> int:
        return len(self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, row: Row) -> None:
        task = asyncio.ensure_future(self._deliver(row))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, row: Row) -> None:
        fault = self._faults.strike(CALLBACK, f"{row['purpose']} {row['url']} {_spelled(row['params'])}")
        await asyncio.sleep(max(0.0, row["due"] - world_time.now()) + self._held_back(fault))
        if not (fault and fault.kind == "lost"):
            reply = await self._send(row)
            if fault and fault.kind == "doubled":
                await self._send(row)
            if row["purpose"] in self.heed:
                await self.heed[row["purpose"]](row, reply)
        self._store.run("DELETE FROM outbox WHERE id = ?", row["id"])

    def _held_back(self, fault: Fault | None) -> float:
        if fault and fault.kind == "disordered":
            return self._settings.step * 2.5 + OVERTAKEN
        return fault.seconds if fault and fault.kind == "late" else 0.0

    async def _send(self, row: Row) -> Reply:
        secret = self._accounts.token(row["account_sid"])
        hook = Hook(row["url"], json.loads(row["params"]), secret, row["method"], row["token"])
        reply = await self._webhooks.send(hook)
        if reply.failure:
            self._alerts.failed(row["account_sid"], reply, hook.url)
            if row["fallback_url"]:
                params = {**hook.params, "ErrorCode": "11200", "ErrorUrl": hook.url}
                hook = replace(hook, url=row["fallback_url"], method=row["fallback_method"] or "POST", params=params)
                reply = await self._webhooks.send(hook)
        return reply


def _spelled(params: str) -> str:
    """Fields as Name=value pairs, for faults to match on."""
    return " ".join(f"{name}={value}" for name, value in json.loads(params).items())
