"""The controls of calls: dial, answer, decline, press keys, speak, hang up."""

import asyncio
import time
from collections.abc import Callable

from aiohttp import web

from sandbox.clock import speech_seconds
from sandbox.leg import Input, Leg
from sandbox.views import call_view
from sandbox.wire import is_number, normal
from sandbox.world import world

routes = web.RouteTableDef()
API = "/sandbox/api/calls"
PATIENCE = 8.0  # real seconds a key press waits until the carrier listens


@routes.post(f"{API}")
async def call(request: web.Request) -> web.Response:
    """{from, to, anonymous, says, in_person}: somebody picks up a phone and dials."""
    here, body = world(request), await request.json()
    caller, to = normal(str(body["from"])), normal(str(body["to"]))
    if not is_number(caller) or not is_number(to):
        raise ValueError("Both phones need a number like +15125550148.")
    leg = here.board.place(
        caller, to, anonymous=bool(body.get("anonymous")), says=str(body.get("says") or ""),
        in_person=bool(body.get("in_person")),
    )  # fmt: skip
    return web.json_response({"sid": leg.sid}, status=201)


@routes.get(f"{API}/{{sid}}")
async def show_call(request: web.Request) -> web.Response:
    here = world(request)
    row = here.core.store.one("SELECT * FROM call WHERE sid = ?", request.match_info["sid"])
    if row is None:
        raise web.HTTPNotFound(text="no such call")
    return web.json_response(call_view(here, row))


def _live(request: web.Request) -> Leg:
    """The leg this phone is really on: a forwarded call is where it was forwarded to."""
    leg = world(request).board.live.get(request.match_info["sid"])
    while leg and leg.onward and leg.onward.live:
        leg = leg.onward
    if leg is None:
        raise web.HTTPConflict(text="That call is over.")
    return leg


@routes.post(f"{API}/{{sid}}/answer")
async def answer(request: web.Request) -> web.Response:
    world(request).board.answer(_live(request), "human")
    return web.json_response({"ok": True})


@routes.post(f"{API}/{{sid}}/decline")
async def decline(request: web.Request) -> web.Response:
    world(request).board.decline(_live(request))
    return web.json_response({"ok": True})


@routes.post(f"{API}/{{sid}}/hang-up")
async def hang_up(request: web.Request) -> web.Response:
    leg = world(request).board.live.get(request.match_info["sid"])
    if leg:
        world(request).board.hang_up(leg)
    return web.json_response({"ok": True})


@routes.post(f"{API}/{{sid}}/press")
async def press(request: web.Request) -> web.Response:
    """{digits}: waits until the carrier asks for keys, as a person would."""
    here, leg, body = world(request), _live(request), await request.json()
    await _until(lambda: leg.listening.is_set() or leg.recording.is_set(), leg, "The call is not asking for keys.")
    for digit in str(body["digits"]):
        leg.inputs.put_nowait(Input("key", digit))
        here.core.note(leg.sid, "key", digit, leg.handset)
    return web.json_response({"ok": True})


@routes.post(f"{API}/{{sid}}/say")
async def say(request: web.Request) -> web.Response:
    """{text, hang_up}: speak after the beep; the words become the transcription."""
    here, leg, body = world(request), _live(request), await request.json()
    await _until(lambda: leg.listening.is_set() or leg.recording.is_set(), leg, "Nobody is recording.")
    words = str(body["text"])
    leg.inputs.put_nowait(Input("speech", words))
    if body.get("hang_up"):
        await _until(leg.inputs.empty, leg, "Nobody is recording.")
        await here.core.clock.sleep(min(1.0, speech_seconds(words)))
        here.board.hang_up(leg)
    return web.json_response({"ok": True})


async def _until(ready: Callable[[], bool], leg: Leg, otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until or not leg.live:
            raise web.HTTPConflict(text=otherwise)
        await asyncio.sleep(0.01)
