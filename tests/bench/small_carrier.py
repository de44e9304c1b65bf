"""The smallest carrier: takes a message, at once or after a while, and remembers when. The limit has the same."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time

from aiohttp import web

arrived: dict[str, float] = {}
numbers = itertools.count(1)
LATENCY = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0  # seconds


async def take(request: web.Request) -> web.Response:
    form = await request.post()
    arrived.setdefault(str(form["To"]), time.time())
    if LATENCY:
        await asyncio.sleep(LATENCY)
    sid = f"SM{next(numbers):032x}"
    said = {"sid": sid, "status": "queued", "num_segments": "1", "error_code": None, "to": form["To"]}
    return web.json_response(said, status=201)


async def calls(_request: web.Request) -> web.Response:
    return web.json_response(arrived)


async def forget(_request: web.Request) -> web.Response:
    arrived.clear()
    return web.json_response({})


def main() -> None:
    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", take)
    app.router.add_get("/calls", calls)
    app.router.add_delete("/calls", forget)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
