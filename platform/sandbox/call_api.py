"""/Calls: place, fetch, list, end, redirect."""

import json
from dataclasses import asdict

from aiohttp import web

from sandbox.api import ACCOUNT, Fields, account, active_account, filters, is_url, owned, page
from sandbox.dial import ALL_EVENTS
from sandbox.errors import Refused
from sandbox.leg import Leg, Progress, Redirected, Target
from sandbox.store import Row
from sandbox.wire import NANP, is_number, national, normal, rfc2822
from sandbox.world import World, world

routes = web.RouteTableDef()
DIRECTIONS = {"outbound-dial": "outbound-dial", "outbound-api": "outbound-api", "inbound": "inbound"}


@routes.post(f"{ACCOUNT}/Calls.json")
async def create(request: web.Request) -> web.Response:
    here, who, form = world(request), active_account(request), await request.post()
    target, (sender, recipient) = _target(form), _ends(here, who, form)
    leg = here.board.new_leg(
        account_sid=who["sid"], sender=sender["phone_number"], recipient=recipient, direction="outbound-api",
        number_sid=sender["sid"], progress=_progress(form),
        detects_machines=bool(form.get("MachineDetection")),
    )  # fmt: skip
    shown = _call_json(_row(here, leg))
    here.board.dial_out(leg, target, _timeout(form))
    return web.json_response(shown, status=201)


def _target(form: Fields) -> Target:
    """Where the TwiML comes from; exactly one way must be named."""
    if form.get("Twiml"):
        return Target(twiml=str(form["Twiml"]))
    url, fallback = str(form.get("Url", "")), str(form.get("FallbackUrl", ""))
    if not is_url(url):
        raise Refused(21205, url=url)
    spare = (fallback, str(form.get("FallbackMethod", "POST"))) if fallback else None
    return Target(url, str(form.get("Method", "POST")).upper(), spare)


def _ends(here: World, who: Row, form: Fields) -> tuple[Row, str]:
    """The number shown and the number called."""
    sender, recipient = normal(str(form.get("From", ""))), normal(str(form.get("To", "")))
    if not recipient:
        raise Refused(21201)
    if not sender:
        raise Refused(21213)
    if not is_number(recipient):
        raise Refused(21211, number=recipient)
    if not NANP.fullmatch(recipient):
        raise Refused(21215, number=recipient)
    if not is_number(sender):
        raise Refused(21212, number=sender)
    number = here.core.number(sender)
    if number is None or number["account_sid"] != who["sid"]:
        raise Refused(21210, number=sender)
    return number, recipient


def _progress(form: Fields) -> Progress | None:
    """Without named events only the end of the call is reported."""
    url = str(form.get("StatusCallback", ""))
    if not is_url(url):
        return None
    asked = " ".join(str(event) for event in form.getall("StatusCallbackEvent", [])).replace(",", " ").split()
    events = tuple(event for event in asked if event in ALL_EVENTS) or ("completed",)
    return Progress(url, str(form.get("StatusCallbackMethod", "POST")).upper(), events)


def _timeout(form: Fields) -> float:
    text = str(form.get("Timeout", "60"))
    return float(min(int(text), 600)) if text.isdigit() else 60.0


def _row(here: World, leg: Leg) -> Row:
    return here.core.store.one("SELECT * FROM call WHERE sid = ?", leg.sid) or {}


@routes.get(f"{ACCOUNT}/Calls.json")
async def index(request: web.Request) -> web.Response:
    who = account(request)
    equal = {"To": "recipient", "From": "sender", "Status": "status", "ParentCallSid": "parent_sid"}
    conditions, values = filters(request, equal, {"StartTime": "created", "EndTime": "ended"})
    sql = f"SELECT * FROM call WHERE account_sid = ?{conditions} ORDER BY created DESC, sid"
    return page(request, "calls", sql, (who["sid"], *values), _call_json)


@routes.get(f"{ACCOUNT}/Calls/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_call_json(owned(request, "call", request.match_info["sid"])))


@routes.post(f"{ACCOUNT}/Calls/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    """Status=completed hangs up, canceled only before the answer; Url or Twiml sends a live call elsewhere."""
    here, form = world(request), await request.post()
    row = owned(request, "call", request.match_info["sid"])
    leg = here.board.live.get(row["sid"])
    if leg and form.get("Status"):
        _end(here, leg, str(form["Status"]))
    elif form.get("Url") or form.get("Twiml"):
        if leg is None or leg.status != "in-progress":
            raise Refused(21220)
        leg.interrupt(Redirected(_target(form)))
    if leg and form.get("StatusCallback"):
        leg.progress = _progress(form)
        progress = json.dumps(asdict(leg.progress)) if leg.progress else None
        here.core.store.update("call", leg.sid, progress=progress)
    return web.json_response(_call_json(owned(request, "call", row["sid"])))


def _end(here: World, leg: Leg, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise Refused(20001, detail=f"Status cannot be set to {status}")
    if status == "canceled" and leg.status not in ("queued", "ringing"):
        raise Refused(20001, detail="Only a queued or ringing call can be canceled")
    here.board.hang_up(leg)


@routes.delete(f"{ACCOUNT}/Calls/{{sid}}.json")
async def remove(request: web.Request) -> web.Response:
    row = owned(request, "call", request.match_info["sid"])
    world(request).core.store.run("DELETE FROM call WHERE sid = ?", row["sid"])
    return web.Response(status=204)


def _call_json(row: Row) -> dict[str, object]:
    """A Call resource; the carrier settles no prices, so those stay null."""
    uri = f"/2010-04-01/Accounts/{row['account_sid']}/Calls/{row['sid']}"
    return {
        "account_sid": row["account_sid"],
        "answered_by": row["answered_by"],
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": rfc2822(row["created"]),
        "date_updated": rfc2822(row["updated"]),
        "direction": DIRECTIONS.get(row["direction"], "inbound"),
        "duration": None if row["ended"] is None else str(row["duration"] or 0),
        "end_time": rfc2822(row["ended"]),
        "forwarded_from": row["forwarded_from"],
        "from": row["sender"],
        "from_formatted": national(row["sender"]),
        "group_sid": None,
        "parent_call_sid": row["parent_sid"],
        "phone_number_sid": row["number_sid"],
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": row["sid"],
        "start_time": rfc2822(row["answered"] or row["created"]),
        "status": row["status"],
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": row["recipient"],
        "to_formatted": national(row["recipient"]),
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
