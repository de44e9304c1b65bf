"""Requests with a rhythm, and what came of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

Request = tuple[str, dict[str, str], dict[str, str]]  # url, form, headers


@dataclass(frozen=True)
class Times:
    """Milliseconds at the middle and near the end, and how many there were."""

    p50: float
    p99: float
    count: int

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f}"


def times(seconds: Sequence[float]) -> Times:
    ordered = sorted(seconds)
    if not ordered:
        raise RuntimeError("Nothing arrived, so there is nothing to measure.")
    return Times(_at(ordered, 0.50), _at(ordered, 0.99), len(ordered))


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


async def send_at(requests: Sequence[Request], per_second: float | None) -> list[float]:
    """Send each request at its time (`None`: all at once); returns the wall-clock moment each was sent."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        begin = time.time() + 0.05
        return list(
            await asyncio.gather(
                *(_send(session, one, begin + (i / per_second if per_second else 0)) for i, one in enumerate(requests))
            )
        )


async def _send(session: aiohttp.ClientSession, one: Request, at: float) -> float:
    await asyncio.sleep(max(0, at - time.time()))
    url, form, headers = one
    sent = time.time()
    async with session.post(url, data=form, headers=headers) as answer:
        body = await answer.text()
        if answer.status >= 300:
            raise RuntimeError(f"{url} answered {answer.status}: {body[:200]}")
    return sent


async def hammer(requests: Sequence[Request], at_once: int) -> float:
    """Send all requests over `at_once` connections as fast as they go; returns requests per second."""
    waiting = iter(requests)

    async def one_connection(session: aiohttp.ClientSession) -> None:
        for one in waiting:
            await _send(session, one, 0)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:
        begin = time.perf_counter()
        await asyncio.gather(*(one_connection(session) for _ in range(at_once)))
    return len(requests) / (time.perf_counter() - begin)
