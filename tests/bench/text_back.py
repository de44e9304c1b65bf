"""(a) From the hang-up webhook to the carrier's API being called, beside the smallest program that could do it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from collections.abc import Sequence

from tests.bench import hooks, load
from tests.bench.load import Request, Times
from tests.bench.report import Row
from tests.bench.stack import Stack, wait_for
from tests.makers import Business

WARM_UP, IDLE, STEADY, BURST = 20, 60, 100, 100
RHYTHMS: dict[str, tuple[int, float | None]] = {"idle": (IDLE, 4), "20/s": (STEADY, 20), "burst of 100": (BURST, None)}
GUNICORN = [sys.executable, "-m", "gunicorn", "-k", "asgi", "-w", "1", "--no-control-socket", "--log-level", "warning"]


def measure(stack: Stack, owner: Business) -> list[Row]:
    """Rows of p50 / p99 in milliseconds for each rhythm: ours, the limit with a bare list, the limit with RQ."""
    ours = _ours(stack, owner)
    bare = _limit(stack, "/list", "worker")
    by_rq = _limit(stack, "/rq", "rq")
    return [
        Row(
            f"(a) hang-up → carrier called, {rhythm}, p50 / p99 ms",
            str(ours[rhythm]),
            f"{bare[rhythm]} (bare list), {by_rq[rhythm]} (RQ)",
            f"{ours[rhythm].p50 / bare[rhythm].p50:.2f}× / {ours[rhythm].p99 / bare[rhythm].p99:.2f}×"
            f" (RQ {ours[rhythm].p50 / by_rq[rhythm].p50:.2f}× / {ours[rhythm].p99 / by_rq[rhythm].p99:.2f}×)",
            "p50 ≤ 2×; p99 < 100 ms idle",
        )
        for rhythm in RHYTHMS
    ]


def _ours(stack: Stack, owner: Business) -> dict[str, Times]:
    callers = [hooks.caller(number) for number in range(WARM_UP + IDLE + STEADY + BURST)]
    hooks.know_mobiles(owner, callers)
    hallway = [sys.executable, "-m", "workers.cli"]
    with stack.processes([*hallway, "web"], [*hallway, "worker", "now", "soon"], [*hallway, "clock"]):
        wait_for(stack.web + "/healthz")
        time.sleep(2)
        arrivals = [hooks.call(caller, owner.number) for caller in callers]
        asyncio.run(load.send_at([hooks.signed(stack.web, owner, "voice", one) for one in arrivals], 40))
        time.sleep(1)
        ends = [hooks.signed(stack.web, owner, "call-status", hooks.hung_up(one)) for one in arrivals]
        return _rhythms(stack, ends)


def _limit(stack: Stack, path: str, worker: str) -> dict[str, Times]:
    web = [*GUNICORN, "-b", stack.web.removeprefix("http://"), "tests.bench.limit_app:asgi"]
    with stack.processes(web, [sys.executable, "-m", "tests.bench.limit", worker]):
        wait_for(stack.web + "/bare")
        time.sleep(1)
        count = WARM_UP + IDLE + STEADY + BURST
        calls = [hooks.hung_up(hooks.call(hooks.caller(number), "+15125550100")) for number in range(count)]
        return _rhythms(stack, [(stack.web + path, call, {}) for call in calls])


def _rhythms(stack: Stack, requests: Sequence[Request]) -> dict[str, Times]:
    found: dict[str, Times] = {}
    timed(stack, requests[:WARM_UP], 10)
    begin = WARM_UP
    for rhythm, (count, per_second) in RHYTHMS.items():
        found[rhythm] = timed(stack, requests[begin : begin + count], per_second)
        begin += count
    return found


def timed(stack: Stack, requests: Sequence[Request], per_second: float | None) -> Times:
    """From each hang-up to its text at the carrier, the hang-ups sent at that pace (`None`: all at once)."""
    forget = urllib.request.Request(stack.carrier + "/calls", method="DELETE")
    urllib.request.urlopen(forget, timeout=5).close()
    sent = asyncio.run(load.send_at(requests, per_second))
    arrived = _arrivals(stack, {one[1]["From"] for one in requests})
    return load.times([arrived[one[1]["From"]] - at for one, at in zip(requests, sent, strict=True)])


def _arrivals(stack: Stack, callers: set[str]) -> dict[str, float]:
    deadline = time.monotonic() + 60
    while True:
        with urllib.request.urlopen(stack.carrier + "/calls", timeout=5) as answer:
            arrived: dict[str, float] = json.load(answer)
        if callers <= arrived.keys():
            return arrived
        if time.monotonic() > deadline:
            raise RuntimeError(
                f"Only {len(callers & arrived.keys())} of {len(callers)} texts reached the carrier within a minute."
            )
        time.sleep(0.25)
