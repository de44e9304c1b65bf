"""The controls: be the person at a phone, set behaviours and faults, count what arrived. For the page and tests."""

import asyncio
import base64
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox import world_time
from sandbox.clock_api import clock_view
from sandbox.faults import KINDS as FAULTS
from sandbox.handsets import BEHAVIOURS, KINDS, MAGIC
from sandbox.inbound import Picture
from sandbox.views import business_views, calls_of, handset_view, messages_of, received
from sandbox.wire import is_number, normal
from sandbox.world import World, world

routes = web.RouteTableDef()
API = "/sandbox/api"
TUNABLE = ("number_rate", "step", "transcription_delay", "review_seconds")


@routes.get(f"{API}/health")
async def health(request: web.Request) -> web.Response:
    here = world(request)
    return web.json_response({"ok": True, "live_calls": len(here.board.live), "callbacks": here.core.outbox.waiting()})


@routes.get(f"{API}/state")
async def state(request: web.Request) -> web.Response:
    """Everything the page shows for one lead's phone and all crew phones."""
    here = world(request)
    lead = normal(request.query.get("phone", ""))
    crew = [handset for handset in here.core.handsets.list() if handset.role == "crew"]
    ringing = [leg.recipient for leg in here.board.live.values() if leg.direction != "inbound"]
    strangers = {number for number in ringing if not here.core.handsets.known(number)}
    return web.json_response(
        {
            "now": world_time.now(),
            "clock": clock_view(),
            "businesses": business_views(here),
            "lead": handset_view(here, here.core.handsets.get(lead)) if lead else None,
            "leads": [asdict(handset) for handset in here.core.handsets.list() if handset.role == "lead"],
            "crew": [
                *(handset_view(here, handset) for handset in crew),
                *(handset_view(here, here.core.handsets.get(n)) for n in sorted(strangers - {lead}) if is_number(n)),
            ],
            "faults": here.core.faults.list(),
            "alerts": here.core.alerts.latest(8),
            "settings": {name: getattr(here.core.settings, name) for name in TUNABLE},
            "product_url": here.core.settings.product_url,
            "words": {"kinds": KINDS, "behaviours": BEHAVIOURS, "faults": FAULTS, "magic": MAGIC},
        }
    )


@routes.get(f"{API}/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events that say only what changed; look again at /state."""
    feed = world(request).core.feed
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    queue = feed.listen()
    try:
        await response.write(b"retry: 1000\n\n")
        while True:
            await response.write(await _next_event(queue))
    except ConnectionResetError:
        pass
    finally:
        feed.leave(queue)
    return response


async def _next_event(queue: "asyncio.Queue[str]") -> bytes:
    try:
        return f"data: {await asyncio.wait_for(queue.get(), 15)}\n\n".encode()
    except TimeoutError:
        return b": still here\n\n"


# -- phones ------------------------------------------------------------------------------------------------------


@routes.get(f"{API}/phones")
async def phones(request: web.Request) -> web.Response:
    return web.json_response([asdict(handset) for handset in world(request).core.handsets.list()])


@routes.post(f"{API}/phones")
async def put_phone(request: web.Request) -> web.Response:
    here, body = world(request), await request.json()
    number = normal(str(body.pop("number")))
    if here.core.number(number):
        raise ValueError(f"{number} belongs to a customer of the carrier")
    if body.get("forward_to"):
        body["forward_to"] = normal(str(body["forward_to"]))
    handset = here.core.handsets.put(number, **body)
    here.core.feed.publish("phone", number)
    return web.json_response(asdict(handset))


@routes.get(f"{API}/phones/{{number}}")
async def phone(request: web.Request) -> web.Response:
    here = world(request)
    return web.json_response(handset_view(here, here.core.handsets.get(request.match_info["number"])))


@routes.delete(f"{API}/phones/{{number}}")
async def remove_phone(request: web.Request) -> web.Response:
    world(request).core.handsets.remove(request.match_info["number"])
    world(request).core.feed.publish("phone", request.match_info["number"])
    return web.json_response({"ok": True})


@routes.get(f"{API}/phones/{{number}}/messages")
async def phone_messages(request: web.Request) -> web.Response:
    return web.json_response(messages_of(world(request), request.match_info["number"]))


@routes.get(f"{API}/phones/{{number}}/calls")
async def phone_calls(request: web.Request) -> web.Response:
    return web.json_response(calls_of(world(request), request.match_info["number"]))


# -- texts -------------------------------------------------------------------------------------------------------


@routes.post(f"{API}/texts")
async def text(request: web.Request) -> web.Response:
    """{from, to, body, media: [{content_type, base64}]} as JSON, or the same as a form with files named media."""
    here = world(request)
    fields, pictures = await _text_fields(request)
    if not fields.get("body") and not pictures:
        raise ValueError("Write something or add a photo.")
    sender, to = normal(str(fields["from"])), normal(str(fields["to"]))
    message = here.inbound.receive(sender, to, str(fields.get("body", "")), pictures)
    if message is None:
        raise ValueError(f"{to} takes no texts: nobody has bought it, or its messaging service drops them.")
    return web.json_response({"sid": message["sid"]}, status=201)


async def _text_fields(request: web.Request) -> tuple[dict[str, Any], list[Picture]]:
    if request.content_type == "application/json":
        fields = await request.json()
        media = [Picture(item["content_type"], base64.b64decode(item["base64"])) for item in fields.get("media", [])]
        return fields, media
    form = await request.post()
    files = [item for item in form.getall("media", []) if isinstance(item, web.FileField) and item.filename]
    return dict(form), [Picture(item.content_type, item.file.read()) for item in files]


@routes.get(f"{API}/media/{{sid}}")
async def media(request: web.Request) -> web.Response:
    row = world(request).core.store.one("SELECT * FROM media WHERE sid = ?", request.match_info["sid"])
    if row is None:
        raise web.HTTPNotFound(text="no such picture")
    return web.Response(body=row["content"], content_type=row["content_type"])


@routes.get(f"{API}/received")
async def all_received(request: web.Request) -> web.Response:
    """The carrier's own list of what arrived on handsets: ?to= &from= &since= (epoch seconds)."""
    return web.json_response(received(world(request), request.query))


@routes.get(f"{API}/counts")
async def counts(request: web.Request) -> web.Response:
    """Texts per handset, the carrier's own apart."""
    rows = world(request).core.store.all(
        "SELECT recipient, SUM(1 - from_carrier) AS texts, SUM(from_carrier) AS from_carrier FROM message"
        " WHERE arrived_at IS NOT NULL AND direction != 'inbound' GROUP BY recipient"
    )
    return web.json_response({row.pop("recipient"): row for row in rows})


# -- faults and settings -----------------------------------------------------------------------------------------


@routes.get(f"{API}/faults")
async def faults(request: web.Request) -> web.Response:
    return web.json_response(world(request).core.faults.list())


@routes.post(f"{API}/faults")
async def add_fault(request: web.Request) -> web.Response:
    """{kind, match, probability, remaining, seconds, code}"""
    here, body = world(request), await request.json()
    fault = here.core.faults.add(str(body.pop("kind")), str(body.pop("match", "")), **body)
    here.core.feed.publish("fault")
    return web.json_response(asdict(fault), status=201)


@routes.delete(f"{API}/faults")
async def clear_faults(request: web.Request) -> web.Response:
    return _removed(world(request), None)


@routes.delete(f"{API}/faults/{{id}}")
async def remove_fault(request: web.Request) -> web.Response:
    return _removed(world(request), int(request.match_info["id"]))


def _removed(here: World, fault_id: int | None) -> web.Response:
    count = here.core.faults.remove(fault_id)
    here.core.feed.publish("fault")
    return web.json_response({"removed": count})


@routes.get(f"{API}/alerts")
async def alerts(request: web.Request) -> web.Response:
    return web.json_response(world(request).core.alerts.latest())


@routes.post(f"{API}/settings")
async def tune(request: web.Request) -> web.Response:
    """{number_rate, step, transcription_delay, time_scale}, each optional."""
    here, body = world(request), await request.json()
    for name in TUNABLE:
        if name in body:
            setattr(here.core.settings, name, max(0.0, float(body[name])))
    if "time_scale" in body:
        here.core.clock.scale = max(0.001, float(body["time_scale"]))
    return web.json_response({name: getattr(here.core.settings, name) for name in TUNABLE})


@routes.post(f"{API}/services/{{sid}}")
async def service(request: web.Request) -> web.Response:
    """{advanced_opt_out}: on a real account this is a switch in the Console."""
    here, body = world(request), await request.json()
    here.core.store.update("service", request.match_info["sid"], advanced_opt_out=int(bool(body["advanced_opt_out"])))
    return web.json_response({"ok": True})
