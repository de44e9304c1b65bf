"""(b) Webhook intake beside a bare Flask route with one raw INSERT and COMMIT."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time

from tests.bench import hooks, load
from tests.bench.report import Row
from tests.bench.stack import Stack, wait_for
from tests.bench.text_back import GUNICORN
from tests.makers import Business

ROUNDS, REQUESTS, AT_ONCE = 3, 1200, 8


def measure(stack: Stack, owner: Business) -> list[Row]:
    """Requests per second of stored webhooks, no worker running, in turns with the bare route."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(_bare(stack))
        ours.append(_ours(stack, owner))
    ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
    mine, limit = statistics.median(ours), statistics.median(bare)
    return [Row("(b) webhook intake, requests/s", f"{mine:.0f}", f"{limit:.0f}", f"{ratio:.2f}×", "≥ 0.6×")]


def _ours(stack: Stack, owner: Business) -> float:
    with stack.processes([sys.executable, "-m", "workers.cli", "web"]):
        wait_for(stack.web + "/healthz")
        time.sleep(1)
        texts = [hooks.text(hooks.caller(number), owner.number) for number in range(REQUESTS)]
        requests = [hooks.signed(stack.web, owner, "message", one) for one in texts]
        asyncio.run(load.hammer(requests[:100], AT_ONCE))
        return asyncio.run(load.hammer(requests[100:], AT_ONCE))


def _bare(stack: Stack) -> float:
    with stack.processes([*GUNICORN, "-b", stack.web.removeprefix("http://"), "tests.bench.limit_app:asgi"]):
        wait_for(stack.web + "/bare")
        time.sleep(1)
        requests: list[load.Request] = [
            (stack.web + "/bare", hooks.text(hooks.caller(n), "+15125550100"), {}) for n in range(REQUESTS)
        ]
        asyncio.run(load.hammer(requests[:100], AT_ONCE))
        return asyncio.run(load.hammer(requests[100:], AT_ONCE))
