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
    """Forward: {seconds}, {by: hour | day}, {to: morning | noon | evening | monday} or {at: "2027-03-12T14:00"}."""
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
    if "at" in body:
        return _moment(str(body["at"])).timestamp() - world_time.now()
    local = datetime.fromtimestamp(world_time.now(), UTC).astimezone(ZONE)
    if body.get("to") == "monday":
        day, wall = local.date() + timedelta(days=7 - local.weekday()), time(9)
    elif body.get("to") in TO:
        wall = TO[body["to"]]
        day = local.date() + timedelta(days=int(local.time() >= wall))
    else:
        raise ValueError(
            "Say how far: seconds, by hour or day, to morning, noon, evening or monday, or at a day and time."
        )
    return datetime.combine(day, wall, ZONE).timestamp() - world_time.now()


def _moment(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words).replace(tzinfo=ZONE)
    except ValueError:
        raise ValueError("Say how far: a day and time look like 2027-03-12T14:00.") from None
