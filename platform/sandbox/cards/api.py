"""Stripe's REST API under /stripe: https://docs.stripe.com/api, the parts that subscriptions need."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox import guard, world_time
from sandbox.cards import catalogue, charges, subscriptions
from sandbox.cards.wire import Doc, Refused, answer, listing, nested, new_id, truth
from sandbox.world import World, world

routes = web.RouteTableDef()
BASE = "/stripe/v1"
HOUR, DAY = 3600, 86_400
Params = Doc
Deed = Callable[[World, Params, str], Doc]


def served(method: str, path: str, deed: Deed) -> None:
    """Answer `path` by `deed(world, fields, id)`; credentials, idempotency and faults are looked after here."""

    @wraps(deed)
    async def handle(request: web.Request) -> web.StreamResponse:
        return await guard.under_faults(request, _careful(deed))

    routes.route(method, f"{BASE}/{path}")(handle)


def _careful(deed: Deed) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        here = world(request)
        try:
            _check_key(here, request)
            fields = nested(parse_qsl(await request.text() or request.query_string, keep_blank_values=True))
            return _once(here, request, fields, deed)
        except Refused as refused:
            return web.json_response({"error": refused.error}, status=refused.status)

    return handle


def _check_key(here: World, request: web.Request) -> None:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if given != here.core.settings.cards_key:
        hidden = f"{given[:8]}****" if given else ""
        raise Refused(f"Invalid API Key provided: {hidden}", status=401)


def _once(here: World, request: web.Request, fields: Params, deed: Deed) -> web.Response:
    """A key that was seen before gets the answer of then; with other fields it is an error."""
    key, id_ = request.headers.get("Idempotency-Key", ""), request.match_info.get("id", "")
    asked = json.dumps([request.method, request.path, fields], sort_keys=True)
    known = here.cards.desk.answered(key) if key and request.method == "POST" else None
    if known and known["asked"] != asked:
        raise Refused("Keys for idempotent requests can only be used with the same parameters they were first used "
                      "with.", kind="idempotency_error")  # fmt: skip
    if known:
        return answer(known["told"])
    told = deed(here, fields, id_)
    if key and request.method == "POST":
        here.cards.desk.remember(key, {"asked": asked, "told": told})
    here.core.feed.publish("cards")
    return answer(told)


# -- customers ---------------------------------------------------------------------------------------------------


def make_customer(here: World, fields: Params, _id: str) -> Doc:
    made = here.cards.desk.make(
        "customer", "cus", name=fields.get("name"), email=fields.get("email"), address=None, balance=0, currency="usd",
        delinquent=False, invoice_settings={"default_payment_method": None, "custom_fields": None, "footer": None},
        tax_exempt="none", phone=None, preferred_locales=[], shipping=None, description=None, test_clock=None,
    )  # fmt: skip
    made["metadata"] = fields.get("metadata") or {}
    return here.cards.desk.keep(made)


def show_customer(here: World, fields: Params, id_: str) -> Doc:
    found = here.cards.desk.get("customer", id_)
    if "invoice_settings.default_payment_method" in (fields.get("expand") or []):
        chosen = found["invoice_settings"]["default_payment_method"]
        found["invoice_settings"]["default_payment_method"] = here.cards.desk.find("payment_method", chosen)
    return found


# -- hosted pages ------------------------------------------------------------------------------------------------


def make_session(here: World, fields: Params, _id: str) -> Doc:
    """A checkout; its page is the sandbox's own."""
    if "payment_method_types" in fields:
        raise Refused("Specifying payment_method_types is no longer supported.", param="payment_method_types",
                      code="payment_method_types_no_longer_supported")  # fmt: skip
    desk, lines = here.cards.desk, []
    desk.get("customer", fields.get("customer"), "customer")
    for one in fields.get("line_items") or []:
        price = desk.get("price", one.get("price"), "line_items[price]")
        if price["recurring"]["usage_type"] == "metered" and "quantity" in one:
            raise Refused("You may not specify quantity for a metered price.", param="line_items[quantity]")
        lines.append({"price": price["id"], "quantity": int(one["quantity"]) if "quantity" in one else None})
    if len({desk.get("price", one["price"])["recurring"]["interval"] for one in lines}) > 1:
        raise Refused("Checkout does not support multiple prices with different billing intervals.", param="line_items")
    if not lines:
        raise Refused("You must pass at least one line item in `subscription` mode.", param="line_items")
    id_ = new_id("cs_test", 58)
    return desk.make(
        "checkout.session", "cs", id=id_, customer=fields["customer"], mode=fields.get("mode"), status="open",
        payment_status="unpaid", client_reference_id=fields.get("client_reference_id"), subscription=None,
        success_url=fields.get("success_url"), cancel_url=fields.get("cancel_url"), currency="usd", invoice=None,
        allow_promotion_codes=truth(fields.get("allow_promotion_codes")), ui_mode="hosted_page",
        expires_at=int(world_time.now()) + DAY, url=f"{here.core.settings.base_url}/pay/c/{id_}",
        automatic_tax={"enabled": truth((fields.get("automatic_tax") or {}).get("enabled")), "status": None},
        payment_method_collection=fields.get("payment_method_collection", "always"),
        _lines=lines, _subscription=fields.get("subscription_data") or {},
    )  # fmt: skip


def show_session(here: World, _fields: Params, id_: str) -> Doc:
    return here.cards.desk.get("checkout.session", id_)


def make_portal(here: World, fields: Params, _id: str) -> Doc:
    desk = here.cards.desk
    desk.get("customer", fields.get("customer"), "customer")
    id_ = new_id("bps", 24)
    return desk.make(
        "billing_portal.session", "bps", id=id_, customer=fields["customer"], return_url=fields.get("return_url"),
        configuration="bpc_sandbox", flow=fields.get("flow_data"), locale=None, on_behalf_of=None,
        url=f"{here.core.settings.base_url}/pay/p/{id_}", _until=world_time.now() + HOUR,
    )  # fmt: skip


# -- invoices ----------------------------------------------------------------------------------------------------


def list_invoices(here: World, fields: Params, _id: str) -> Doc:
    same = {name: fields[name] for name in ("customer", "status") if name in fields}
    found = here.cards.desk.all("invoice", **same)
    if "subscription" in fields:
        found = [one for one in found if one["parent"] and _subscription_id(one) == fields["subscription"]]
    return listing([_with_page(here, one) for one in found], "/v1/invoices", int(fields.get("limit", 10)))


def _with_page(here: World, invoice: Doc) -> Doc:
    return invoice | {"hosted_invoice_url": f"{here.core.settings.base_url}/pay/i/{invoice['id']}"}


def show_invoice(here: World, _fields: Params, id_: str) -> Doc:
    return _with_page(here, here.cards.desk.get("invoice", id_))


def pay_invoice(here: World, _fields: Params, id_: str) -> Doc:
    """Charge it with the card that is there now. A card that is refused answers 402."""
    invoice = here.cards.desk.get("invoice", id_)
    if invoice["status"] == "paid":
        raise Refused("Invoice is already paid", code="invoice_already_paid")
    if invoice["parent"] is None:
        return _with_page(here, _pay_alone(here, invoice))
    subscription = here.cards.desk.get("subscription", _subscription_id(invoice))
    paid = here.cards.ledger.collect(subscription, invoice)
    if paid["status"] != "paid":
        raise subscriptions.card_error(str(paid.get("_why")))
    return _with_page(here, paid)


def _subscription_id(invoice: Doc) -> str:
    return str(invoice["parent"]["subscription_details"]["subscription"])


def _pay_alone(here: World, invoice: Doc) -> Doc:
    """An invoice of no subscription, with the customer's own card."""
    owner = here.cards.desk.get("customer", invoice["customer"])
    card = here.cards.desk.find("payment_method", owner["invoice_settings"]["default_payment_method"])
    why = card["_fate"]["charged"] if card else "card_declined"
    if why:
        raise subscriptions.card_error(why)
    return here.cards.ledger.receive(invoice, card)


def show_event(here: World, _fields: Params, id_: str) -> Doc:
    return here.cards.desk.get("event", id_)


def list_events(here: World, fields: Params, _id: str) -> Doc:
    return listing(here.cards.desk.all("event"), "/v1/events", int(fields.get("limit", 10)))


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "customers", make_customer),
    ("GET", "customers/{id}", show_customer),
    ("POST", "checkout/sessions", make_session),
    ("GET", "checkout/sessions/{id}", show_session),
    ("POST", "billing_portal/sessions", make_portal),
    ("GET", "invoices", list_invoices),
    ("POST", "invoices/create_preview", subscriptions.preview),
    ("GET", "invoices/{id}", show_invoice),
    ("POST", "invoices/{id}/pay", pay_invoice),
    ("GET", "events", list_events),
    ("GET", "events/{id}", show_event),
    *catalogue.ROUTES,
    *charges.ROUTES,
    *subscriptions.ROUTES,
)
for _method, _path, _deed in ROUTES:
    served(_method, _path, _deed)
