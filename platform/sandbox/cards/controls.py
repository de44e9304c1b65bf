"""The desk's own office: who pays what, events with a button to send them again, cards to try, codes."""

from contextlib import suppress
from html import escape

from aiohttp import web

from sandbox.cards import charges, html
from sandbox.cards.desk import FINALS
from sandbox.cards.wire import Doc, Refused, shown
from sandbox.world import World, world

routes = web.RouteTableDef()
API = "/sandbox/api/cards"
SHOWN, SHOWN_PAYMENTS = 40, 12
CARDS = {
    "4242 4242 4242 4242": "works",
    "4000 0000 0000 0002": "declined at once",
    "4000 0000 0000 9995": "declined: not enough money",
    "4000 0000 0000 0341": "taken now, declined whenever it is charged",
    "4000 0025 0000 3155": "its bank asks the owner first",
}
FINAL_WORDS = {
    "unpaid": "leave it unpaid",
    "canceled": "cancel the subscription",
    "past_due": "leave it past due",
    "paused": "pause the subscription",
}


@routes.get("/cards")
async def office(request: web.Request) -> web.Response:
    here = world(request)
    parts = [_customers(here), _payments(here), _cards(), _codes(here), _final(here), _events(here)]
    head = (
        '<h1>Card desk</h1><p class="hint">Time here is the sandbox\'s own: turn its clock on '
        '<a href="/">the phones\' page</a>, and trials end, invoices fall due.</p>'
    )
    return html.page("Card desk", head + "".join(parts), back="/")


def _customers(here: World) -> str:
    items = []
    for customer in here.cards.desk.all("customer"):
        found = here.cards.desk.all("subscription", customer=customer["id"])
        state = html.tag(found[0]["status"]) if found else '<span class="tag">no subscription</span>'
        ends = f"until {html.day(found[0]['items']['data'][0]['current_period_end'])}" if found else ""
        items.append(f"<li><span><b>{escape(customer['name'] or customer['id'])}</b> {ends}</span>{state}</li>")
    return f'<section class="panel"><h2>Customers</h2>{html.rows(items, "Nobody has chosen a plan yet.")}</section>'


def _payments(here: World) -> str:
    """The newest charges, with what may become of them."""
    desk, items = here.cards.desk, []
    for one in desk.all("charge")[:SHOWN_PAYMENTS]:
        who = desk.get("customer", one["customer"])["name"] or one["customer"]
        words = f"<b>{escape(who)}</b> {html.dollars(one['amount'])} · {html.day(one['created'])}"
        items.append(f"<li><span>{words}</span>{_fate(here, one)}</li>")
    return f'<section class="panel"><h2>Payments</h2>{html.rows(items, "Nothing has been paid yet.")}</section>'


def _fate(here: World, charge: Doc) -> str:
    for found in here.cards.desk.all("dispute", charge=charge["id"]):
        if found["status"] in charges.DECISIONS:
            return html.tag(f"dispute {found['status']}")
        buttons = "".join(_deed(f"Bank says {how}", decide=found["id"], how=how) for how in charges.DECISIONS)
        return f"{html.tag('disputed')}{buttons}"
    if charge["refunded"]:
        return html.tag("given back")
    return _deed("Give back", refund=charge["id"]) + _deed("Dispute", dispute=charge["id"])


def _deed(words: str, **told: str) -> str:
    hidden = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in told.items())
    return f'<form class="bare" method="post" action="/cards">{hidden}{html.button(words, quiet=True)}</form>'


def _cards() -> str:
    rows = "".join(f"<dt><code>{number}</code></dt><dd>{words}</dd>" for number, words in CARDS.items())
    return f'<section class="panel"><h2>Cards to try</h2><dl>{rows}</dl></section>'


def _codes(here: World) -> str:
    items = []
    for code in here.cards.desk.all("promotion_code"):
        coupon: Doc = here.cards.desk.find("coupon", code["promotion"]["coupon"]) or {}
        off = (
            f"{coupon.get('percent_off') or 0:g} % off"
            if coupon.get("percent_off")
            else html.dollars(coupon.get("amount_off") or 0)
        )
        items.append(f"<li><span><code>{escape(code['code'])}</code></span><span>{off}</span></li>")
    return f'<section class="panel"><h2>Promotion codes</h2>{html.rows(items, "None yet.")}</section>'


def _final(here: World) -> str:
    chosen = here.cards.desk.setting("final", "unpaid")
    options = "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{words}</option>'
        for key, words in FINAL_WORDS.items()
    )
    return (
        '<section class="panel"><h2>When every try to charge has failed</h2><form method="post" action="/cards">'
        f'<label>Then <select name="final">{options}</select></label>{html.button("Save", quiet=True)}</form></section>'
    )


def _events(here: World) -> str:
    items = []
    for event in here.cards.desk.all("event")[:SHOWN]:
        told = ", ".join(map(str, event["_delivered"])) or "waiting"
        again = (
            f'<form class="bare" method="post" action="/cards"><input type="hidden" name="event" value="{event["id"]}">'
        )
        again += f"{html.button('Send again', quiet=True)}</form>"
        items.append(
            f"<li><span><code>{escape(event['type'])}</code></span><span class='hint'>{escape(told)}</span>{again}</li>"
        )
    return f'<section class="panel"><h2>Events</h2>{html.rows(items, "Nothing has happened yet.")}</section>'


@routes.post("/cards")
async def act(request: web.Request) -> web.Response:
    form = await request.post()
    with suppress(Refused):  # a page that stood open while something else happened
        _do(world(request), {name: str(value) for name, value in form.items()})
    raise web.HTTPSeeOther("/cards")


def _do(here: World, told: Doc) -> None:
    """What becomes of hopeless subscriptions {final}; an event told once more {event}; money that goes back.

    {refund, cents}, {dispute} name a charge, {decide, how} a dispute.
    """
    if told.get("final") in FINALS:
        here.cards.desk.set("final", told["final"])
    if told.get("event"):
        here.cards.news.send(here.cards.desk.get("event", told["event"]))
    if told.get("refund"):
        charges.refund(here, told["refund"], int(told["cents"]) if told.get("cents") else None)
    if told.get("dispute"):
        charges.dispute(here, told["dispute"])
    if told.get("decide"):
        charges.decide(here, told["decide"], told.get("how", ""))


@routes.post(API)
async def do(request: web.Request) -> web.Response:
    """The same for tests."""
    try:
        _do(world(request), await request.json())
    except Refused as refused:
        return web.json_response({"error": refused.error}, status=refused.status)
    return web.json_response({"ok": True})


@routes.get(API)
async def state(request: web.Request) -> web.Response:
    """Everything of one kind: ?kind=subscription; events with what became of their delivery."""
    found = world(request).cards.desk.all(request.query.get("kind", "subscription"))
    return web.json_response([shown(one) | {"delivered": one.get("_delivered")} for one in found])
