"""The hosted portal and invoice pages: card, plan, payments; forms post to their own page."""

from html import escape

from aiohttp import web

from sandbox import world_time
from sandbox.cards import html, money
from sandbox.cards.cards import WORDS
from sandbox.cards.checkout import OVER, page_of, typed
from sandbox.cards.entering import Declined, attach, fate_given
from sandbox.cards.ledger import LIVE
from sandbox.cards.subscriptions import period_end
from sandbox.cards.wire import Doc
from sandbox.world import World, world

routes = web.RouteTableDef()


@routes.get("/pay/p/{id}")
async def portal(request: web.Request) -> web.Response:
    session = page_of(request, "billing_portal.session")
    if session["_until"] < world_time.now():
        return html.page("Billing", html.problem(OVER), status=410)
    return _portal(world(request), session, {}, "")


@routes.post("/pay/p/{id}")
async def manage(request: web.Request) -> web.Response:
    here, session, form = world(request), page_of(request, "billing_portal.session"), await typed(request)
    office, customer = here.cards, here.cards.desk.get("customer", session["customer"])
    subscription = _subscription(here, customer["id"])
    if form.get("do") == "cancel" and subscription:
        # As the portal does it in flexible billing: the date alone, the boolean stays false.
        end = subscription["trial_end"] if subscription["status"] == "trialing" else period_end(subscription)
        office.ledger.changed(
            subscription | {"cancel_at": end, "canceled_at": int(world_time.now())}, {"cancel_at": None}
        )
    elif form.get("do") == "renew" and subscription:
        office.ledger.changed(
            subscription | {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}, {}
        )
    elif form.get("do") == "card":
        try:
            fate_given(form, charged=False)
        except Declined as declined:
            return _portal(here, session, form, WORDS[declined.why])
        office.ledger.give_card(customer, attach(office.desk, customer, form | {"asked": "yes"}))
        after = ((session.get("flow") or {}).get("after_completion") or {}).get("redirect") or {}
        if after.get("return_url"):
            raise web.HTTPSeeOther(after["return_url"])
    raise web.HTTPSeeOther(request.path)


def _subscription(here: World, customer: str) -> Doc | None:
    found = here.cards.desk.all("subscription", customer=customer)
    return next((one for one in found if one["status"] in LIVE), found[0] if found else None)


def _portal(here: World, session: Doc, form: Doc, wrong: str) -> web.Response:
    customer = here.cards.desk.get("customer", session["customer"])
    subscription = _subscription(here, customer["id"])
    card_only = (session.get("flow") or {}).get("type") == "payment_method_update"
    parts = [f"<h1>{escape(customer['name'] or 'Billing')}</h1>"]
    if subscription and not card_only:
        parts.append(_plan_panel(here, subscription))
    parts.append(_card_panel(here, customer, form, wrong))
    if not card_only:
        parts.append(_invoice_panel(here, customer["id"]))
    return html.page("Billing", "".join(parts), back=session["return_url"] or "", status=402 if wrong else 200)


def _plan_panel(here: World, subscription: Doc) -> str:
    item = next(one for one in subscription["items"]["data"] if not money.metered(one))
    name = here.cards.desk.get("product", item["price"]["product"])["name"]
    ends = subscription["cancel_at"]
    when = f"Ends on {html.day(ends)}." if ends else f"Goes on, on {html.day(item['current_period_end'])}."
    live = subscription["status"] in LIVE
    amount = html.dollars(item["price"]["unit_amount"] * item.get("quantity", 1))
    each = f"{amount} a {item['price']['recurring']['interval']}."
    button = html.deed("Keep the plan", "renew") if ends else html.deed("Cancel the plan", "cancel")
    return (
        f'<section class="panel"><div class="head"><h2>{escape(name)}</h2>{html.tag(subscription["status"])}</div>'
        f"<p>{each} {when if live else ''}</p>"
        f"<p>{button if live else ''}</p></section>"
    )


def _card_panel(here: World, customer: Doc, form: Doc, wrong: str) -> str:
    known = here.cards.desk.find("payment_method", customer["invoice_settings"]["default_payment_method"])
    now = f"<p>{escape(known['card']['brand'].title())} ending in {known['card']['last4']}</p>" if known else ""
    words = "Change the card" if known else "Add a card"
    return (
        f'<section class="panel"><h2>{words}</h2>{now}{html.problem(wrong)}<form method="post" autocomplete="off">'
        f"{html.card_fields(form, address=False)}{html.button('Save card', value='card')}</form></section>"
    )


def _invoice_panel(here: World, customer: str) -> str:
    every = here.cards.desk.all("invoice", customer=customer)
    items = [
        f'<li><span><a href="/pay/i/{one["id"]}">{escape(one["number"])}</a> · {html.day(one["created"])}</span>'
        f"<span>{html.dollars(one['total'])}</span>{html.tag(one['status'])}</li>"
        for one in every
    ]
    return f'<section class="panel"><h2>Invoices</h2>{html.rows(items, "None yet.")}</section>'


# -- invoice -----------------------------------------------------------------------------------------------------


@routes.get("/pay/i/{id}")
async def invoice(request: web.Request) -> web.Response:
    return _invoice(page_of(request, "invoice"), {}, "")


@routes.post("/pay/i/{id}")
async def pay_invoice(request: web.Request) -> web.Response:
    """Pay an open invoice with the card typed here, which stays the customer's card."""
    here, found, form = world(request), page_of(request, "invoice"), await typed(request)
    if found["status"] == "open":
        try:
            fate_given(form, charged=True)
        except Declined as declined:
            return _invoice(found, form, WORDS[declined.why])
        office, customer = here.cards, here.cards.desk.get("customer", found["customer"])
        office.ledger.give_card(customer, attach(office.desk, customer, form | {"asked": "yes"}))
        if found["parent"]:
            subscription = office.desk.get("subscription", found["parent"]["subscription_details"]["subscription"])
            office.ledger.collect(subscription, found, asked=True)
        else:
            office.ledger.receive(found, None)
    raise web.HTTPSeeOther(request.path)


def _invoice(found: Doc, form: Doc, wrong: str) -> web.Response:
    rows = [(one["description"], html.dollars(one["amount"]), "") for one in found["lines"]["data"]]
    off = sum(one["amount"] for one in found["total_discount_amounts"])
    tax = sum(one["amount"] for one in found["total_taxes"])
    rows += [("Discount", html.dollars(-off), "small")] if off else []
    rows += [("Tax", html.dollars(tax), "small"), ("Total", html.dollars(found["total"]), "total")]
    panel = f'<section class="panel">{html.lines(rows)}</section>'
    if found["status"] == "open":
        pay_now = html.button(f"Pay {html.dollars(found['amount_remaining'])}", value="pay", wide=True)
        panel += (
            f'<section class="panel"><h2>Pay now</h2>{html.problem(wrong)}<form method="post" autocomplete="off">'
            f"{html.card_fields(form, address=False)}{pay_now}</form></section>"
        )
    head = f'<div class="head"><h1>Invoice {escape(found["number"])}</h1>{html.tag(found["status"])}</div>'
    return html.page(
        "Invoice", f"{head}<p class='hint'>{html.day(found['created'])}</p>{panel}", status=402 if wrong else 200
    )
