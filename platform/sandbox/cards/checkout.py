"""The hosted checkout: a plan, a card, a promotion code; the end leads back to the business."""

from typing import Any

from aiohttp import web

from sandbox.cards import html
from sandbox.cards.cards import WORDS
from sandbox.cards.entering import Declined, attach, fate_given
from sandbox.cards.wire import Doc, Refused
from sandbox.world import World, world

routes = web.RouteTableDef()
OVER = "This page is no longer good. Go back and ask for a new one."


def page_of(request: web.Request, kind: str) -> Doc:
    try:
        return world(request).cards.desk.get(kind, request.match_info["id"])
    except Refused as refused:
        raise web.HTTPNotFound(text=OVER) from refused


async def typed(request: web.Request) -> Doc:
    return {name: str(value).strip()[:200] for name, value in (await request.post()).items()}


@routes.get("/pay/c/{id}")
async def checkout(request: web.Request) -> web.Response:
    session = page_of(request, "checkout.session")
    if session["status"] != "open":
        return html.page("Checkout", html.problem(OVER), status=410)
    return _checkout(world(request), session, {}, "")


@routes.post("/pay/c/{id}")
async def pay(request: web.Request) -> web.Response:
    here, session, form = world(request), page_of(request, "checkout.session"), await typed(request)
    if session["status"] != "open":
        return html.page("Checkout", html.problem(OVER), status=410)
    if form.get("do") == "promo":
        return _apply_promotion(here, session, form)
    if form.get("do") in ("approve", "refuse"):
        held: Doc = session.get("_held") or {}
        if form["do"] == "refuse" or not held:
            return _checkout(here, session, held, WORDS["authentication_required"])
        return _complete(here, session, held | {"asked": "yes"})
    if form.get("do") == "without" and _may_skip(session):
        return _complete(here, session, form)
    try:
        fate = fate_given(form, charged=not _trial(session))
    except Declined as declined:
        return _checkout(here, session, form, WORDS[declined.why])
    if fate.asks:
        here.cards.desk.keep(session | {"_held": form})
        return html.page(
            "Your bank", html.bank("Somebody wants to use your card at Hallway.", html.dollars(_due(here, session)))
        )
    return _complete(here, session, form)


def _trial(session: Doc) -> int:
    return int(session["_subscription"].get("trial_period_days") or 0)


def _may_skip(session: Doc) -> bool:
    return bool(_trial(session)) and session["payment_method_collection"] == "if_required"


def _prices(here: World, session: Doc) -> list[tuple[Doc, int | None]]:
    return [(here.cards.desk.get("price", one["price"]), one["quantity"]) for one in session["_lines"]]


def _full(here: World, session: Doc) -> int:
    return sum(
        int(price["unit_amount"]) * quantity for price, quantity in _prices(here, session) if quantity is not None
    )


def _due(here: World, session: Doc) -> int:
    base, coupon = _full(here, session), here.cards.desk.find("coupon", session.get("_coupon"))
    return base - (round(base * coupon["percent_off"] / 100) if coupon and coupon["percent_off"] else 0)


def _checkout(here: World, session: Doc, form: Doc, wrong: str) -> web.Response:
    trial, due = _trial(session), _due(here, session)
    rows = _rows(here, session, due, trial)
    head = f"{trial} days free" if trial else html.dollars(due)
    each = f"a {_prices(here, session)[0][0]['recurring']['interval']}, plus tax"
    after = f"then {html.dollars(due)} {each}" if trial else each
    promo = _promo_form(session) if session["allow_promotion_codes"] else ""
    sums = f'<p class="sum">{head} <small>{after}</small></p>{html.lines(rows)}{promo}'
    left = f"<section><div><h1>Subscribe to Hallway</h1>{sums}</div></section>"
    go = html.button("Start trial" if trial else f"Subscribe for {html.dollars(due)}", value="pay", wide=True)
    skip = html.button("Start without a card", value="without", quiet=True, wide=True) if _may_skip(session) else ""
    right = (
        f"<section><div><h2>Pay with a card</h2>{html.problem(wrong)}"
        f'<form method="post" autocomplete="off">{html.card_fields(form, address=True)}{go}{skip}</form>'
        '<p class="hint">Try 4242 4242 4242 4242. Others that are refused, or whose bank asks, stand on the '
        '<a href="/cards">card desk</a>.</p></div></section>'
    )
    return html.page(
        "Checkout", left + right, back=session["cancel_url"] or "", shape="pair", status=402 if wrong else 200
    )


def _rows(here: World, session: Doc, due: int, trial: int) -> list[tuple[str, str, str]]:
    rows = []
    for price, quantity in _prices(here, session):
        product = here.cards.desk.get("product", price["product"])["name"]
        if quantity is None:
            each = f"{float(price['unit_amount_decimal']):g}¢"
            rows.append((f"Each of the {price['metadata'].get('part', 'units')} beyond the plan", each, "small"))
        else:
            rows.append(
                (
                    f"{product}{f' × {quantity}' if quantity > 1 else ''}",
                    html.dollars(price["unit_amount"] * quantity),
                    "",
                )
            )
    if session.get("_code"):
        rows.append((f"Code {session['_code']}", html.dollars(due - _full(here, session)), "small"))
    rows.append(("Today", html.dollars(0 if trial else due), "total"))
    return rows


def _promo_form(session: Doc) -> str:
    wrong = html.problem(session.get("_promo_wrong") or "")
    field = '<label>Promotion code <input name="code" autocomplete="off"></label>'
    return f'<form method="post">{field}{wrong}{html.button("Apply", value="promo", quiet=True)}</form>'


def _apply_promotion(here: World, session: Doc, form: Doc) -> web.Response:
    code = form.get("code", "").upper()
    found = next(
        (one for one in here.cards.desk.all("promotion_code", active=True) if one["code"].upper() == code), None
    )
    session |= {"_coupon": found["promotion"]["coupon"], "_code": code, "_promo_wrong": ""} if found else {
        "_promo_wrong": f"There is no code {code}."}  # fmt: skip
    return _checkout(here, here.cards.desk.keep(session), {}, "")


def _complete(here: World, session: Doc, form: Doc) -> web.Response:
    """Customer, card and subscription as one; then back to the business."""
    office = here.cards
    customer = office.desk.get("customer", session["customer"])
    customer["address"] = {"country": "US", "state": form.get("state") or None, "postal_code": form.get("zip") or None}
    office.desk.keep(customer)
    if form.get("number"):
        office.ledger.give_card(customer, attach(office.desk, customer, form))
    asked: dict[str, Any] = session["_subscription"]
    behavior = ((asked.get("trial_settings") or {}).get("end_behavior") or {}).get("missing_payment_method")
    subscription = office.ledger.subscribe(
        customer["id"], _prices(here, session), trial_days=_trial(session), end_behavior=behavior,
        metadata=asked.get("metadata"), tax=session["automatic_tax"]["enabled"], coupon=session.get("_coupon"),
    )  # fmt: skip
    paid = "no_payment_required" if _trial(session) else "paid"
    session |= {"status": "complete", "payment_status": paid, "subscription": subscription["id"], "_held": None}
    office.news.tell("checkout.session.completed", office.desk.keep(session))
    raise web.HTTPSeeOther(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))
