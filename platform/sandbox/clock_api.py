"""The world's clock for the page and for tests: what time it is, and turning it forward."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox import world_time
from sandbox.world import world

routes = web.RouteTableDef()
API = "/sandbox/api"
ZONE = ZoneInfo("America/Chicago")  # of the demo world's first business
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
TO = {"morning": time(9), "noon": time(12), "evening": time(20, 30)}


@routes.get(f"{API}/clock")
async def clock(_: web.Request) -> web.Response:
    return web.json_response(clock_view())


@routes.post(f"{API}/clock")
async def turn(request: web.Request) -> web.Response:
    """{seconds} or {by: hour | day} or {to: morning | noon | evening | monday}: forward to the next of these."""
    body = await request.json()
    world_time.turn(_seconds(body))
    world(request).core.feed.publish("clock")
    return web.json_response(clock_view())


def clock_view() -> dict[str, Any]:
    """The time in the world, spoken in the demo business's zone."""
    now = world_time.now()
    local = datetime.fromtimestamp(now, UTC).astimezone(ZONE)
    return {
        "now": now,
        "ahead": world_time.ahead(),
        "can_turn": world_time.can_turn(),
        "day": local.strftime("%A, %B %-d, %Y"),
        "time": local.strftime("%-I:%M %p").lower() + local.strftime(" %Z"),
    }


def _seconds(body: dict[str, Any]) -> float:
    if "seconds" in body:
        return float(body["seconds"])
    if body.get("by") in STEPS:
        return STEPS[body["by"]].total_seconds()
    local = datetime.fromtimestamp(world_time.now(), UTC).astimezone(ZONE)
    if body.get("to") == "monday":
        day, wall = local.date() + timedelta(days=7 - local.weekday()), time(9)
    elif body.get("to") in TO:
        wall = TO[body["to"]]
        day = local.date() + timedelta(days=int(local.time() >= wall))
    else:
        raise ValueError("Say how far: seconds, by hour or day, or to morning, noon, evening or monday.")
    return datetime.combine(day, wall, ZONE).timestamp() - world_time.now()
