"""Subscriptions over the API: listed, changed with a preview, ended, resumed."""

from typing import Any

from sandbox import world_time
from sandbox.cards import money
from sandbox.cards.cards import WORDS
from sandbox.cards.ledger import LIVE
from sandbox.cards.months import last_end, next_end, period_after
from sandbox.cards.wire import Doc, Refused, listing, new_id, truth, whole
from sandbox.world import World

BEHAVIORS = ("always_invoice", "create_prorations", "none")


def list_all(here: World, fields: Doc, _id: str) -> Doc:
    """Canceled ones only where status=all or canceled asks for them."""
    wanted, same = fields.get("status"), {"customer": fields["customer"]} if "customer" in fields else {}
    found = here.cards.desk.all("subscription", **same)
    if wanted != "all":
        found = [one for one in found if (one["status"] == wanted if wanted else one["status"] != "canceled")]
    expand = [path.removeprefix("data.") for path in fields.get("expand") or []]
    return listing([expanded(here, one, expand) for one in found], "/v1/subscriptions", int(fields.get("limit", 10)))


def show(here: World, fields: Doc, id_: str) -> Doc:
    return expanded(here, here.cards.desk.get("subscription", id_), fields.get("expand") or [])


def expanded(here: World, subscription: Doc, paths: list[str]) -> Doc:
    kinds = {"latest_invoice": "invoice", "default_payment_method": "payment_method"}
    more = {path: here.cards.desk.find(kinds[path], subscription[path]) for path in paths if path in kinds}
    invoice = more.get("latest_invoice")
    if invoice:
        invoice["hosted_invoice_url"] = f"{here.core.settings.base_url}/pay/i/{invoice['id']}"
    return subscription | {path: doc for path, doc in more.items() if subscription[path]}


def update(here: World, fields: Doc, id_: str) -> Doc:
    desk, ledger = here.cards.desk, here.cards.ledger
    subscription = desk.get("subscription", id_)
    if subscription["status"] not in LIVE:
        raise Refused("A canceled subscription can only update its cancellation_details and metadata.")
    if fields.get("billing_cycle_anchor") == "now":
        raise Refused("Invalid object", param="billing_cycle_anchor")
    if "cancel_at" in fields and "cancel_at_period_end" in fields:
        raise Refused("You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
    if fields.get("trial_end") == "now" and subscription["status"] == "trialing":
        subscription |= {"trial_end": int(world_time.now()), "_warned": True}
        ledger.changed(subscription, {"trial_end": None})
        here.cards.catch_up()
        return desk.get("subscription", id_)
    if "items" in fields:
        at = _proration_date(fields)
        items = _items(here, subscription, fields["items"], at)
        return ledger.change_items(subscription, items, _behavior(fields), at)
    return ledger.changed(subscription, _set_end(subscription, fields))


def _set_end(subscription: Doc, fields: Doc) -> Doc:
    before = {name: subscription[name] for name in ("cancel_at", "cancel_at_period_end")}
    if "cancel_at" in fields:
        subscription["cancel_at"] = _cancel_at(subscription, fields["cancel_at"])
        subscription["cancel_at_period_end"] = False
    if "cancel_at_period_end" in fields:
        ends = truth(fields["cancel_at_period_end"])
        end = subscription["trial_end"] if subscription["status"] == "trialing" else period_end(subscription)
        subscription |= {"cancel_at_period_end": ends, "cancel_at": end if ends else None}
    subscription["canceled_at"] = int(world_time.now()) if subscription["cancel_at"] else None
    return before


def _cancel_at(subscription: Doc, given: str) -> int | None:
    """The ends of periods become dates at once."""
    named = {"min_period_end": next_end, "max_period_end": last_end}
    if given in named:
        return named[given](subscription["items"]["data"])
    return whole(given, "cancel_at") if given else None


def period_end(subscription: Doc) -> int:
    """Of several periods the one that ends first, as cancel_at_period_end has it."""
    return next_end(subscription["items"]["data"])


def _items(here: World, subscription: Doc, given: list[Doc], at: int) -> list[Doc]:
    """The items as they will be: named ones changed, new ones added, the others as they are."""
    desk = here.cards.desk
    known = {item["id"]: item for item in subscription["items"]["data"]}
    for one in given:
        price = desk.get("price", one["price"], "items[price]") if "price" in one else None
        old = known.get(one.get("id", ""))
        if one.get("id") and old is None:
            raise Refused(f"No such subscription_item: '{one['id']}'", param="items[id]", code="resource_missing")
        quantity = int(one["quantity"]) if "quantity" in one else (old or {}).get("quantity")
        if old is None:
            start, end = _period_now(subscription, price or {}, at)
            made = here.cards.ledger.item(subscription["id"], price or {}, quantity, start, end)
            known[made["id"]] = made
        else:
            more = {} if quantity is None else {"quantity": quantity}
            known[old["id"]] = {**old, "price": price or old["price"], **more, **_moved(subscription, old, price, at)}
    return list(known.values())


def _period_now(subscription: Doc, price: Doc, at: int) -> tuple[int, int]:
    """The period in which a new item begins: that of the trial, or its own by the subscription's day."""
    if subscription["status"] == "trialing":
        return subscription["trial_start"], subscription["trial_end"]
    start = int(subscription["_anchor"])
    while (end := period_after(price, subscription["_anchor"], start)) <= at:
        start = end
    return start, end


def _moved(subscription: Doc, old: Doc, price: Doc | None, at: int) -> Doc:
    """An item that is paid for another length of time from now on begins a period of its own."""
    same = price is None or price["recurring"]["interval"] == old["price"]["recurring"]["interval"]
    if price is None or same or subscription["status"] == "trialing":
        return {}
    return {"current_period_start": at, "current_period_end": period_after(price, at, at), "_anchor": at}


def _behavior(fields: Doc) -> str:
    behavior = fields.get("proration_behavior", "create_prorations")
    if behavior not in BEHAVIORS:
        raise Refused(f"Invalid proration_behavior: {behavior}", param="proration_behavior")
    return str(behavior)


def _proration_date(fields: Doc) -> int:
    return whole(fields.get("proration_date") or world_time.now(), "proration_date")


def preview(here: World, fields: Doc, _id: str) -> Doc:
    """The invoice that a change would make now; nothing is kept."""
    subscription = here.cards.desk.get("subscription", fields.get("subscription"), "subscription")
    details = fields.get("subscription_details") or {}
    at, trial = _proration_date(details), subscription["status"] == "trialing"
    items = _items(here, subscription, details.get("items") or [], at)
    lines = [] if trial else here.cards.ledger.prorate(subscription, items, at)
    sums = money.totals(here.cards.desk, subscription, lines)
    due = max(0, sums["total"] + here.cards.desk.get("customer", subscription["customer"])["balance"])
    return {
        "id": new_id("upcoming_in"), "object": "invoice", "customer": subscription["customer"], "status": "draft",
        "currency": "usd", "amount_due": due, "amount_remaining": due, "created": int(world_time.now()),
        "lines": {"object": "list", "data": lines, "has_more": False, "url": "/v1/invoices/upcoming/lines"}, **sums,
    }  # fmt: skip


def resume(here: World, fields: Doc, id_: str) -> Doc:
    if not isinstance(fields.get("billing_cycle_anchor", {}), dict):
        raise Refused("Invalid object", param="billing_cycle_anchor")
    done = here.cards.ledger.resume(here.cards.desk.get("subscription", id_))
    if done["status"] == "paused":
        invoice = here.cards.desk.get("invoice", done["latest_invoice"])
        raise card_error(str(invoice.get("_why")))
    return done


def card_error(why: str) -> Refused:
    """402: the card was refused, and why."""
    code = "authentication_required" if why == "authentication_required" else "card_declined"
    return Refused(WORDS.get(why, WORDS["card_declined"]), code=code, status=402, kind="card_error")


def cancel(here: World, _fields: Doc, id_: str) -> Doc:
    return here.cards.ledger.end(here.cards.desk.get("subscription", id_), "cancellation_requested")


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "subscriptions", list_all),
    ("GET", "subscriptions/{id}", show),
    ("POST", "subscriptions/{id}", update),
    ("DELETE", "subscriptions/{id}", cancel),
    ("POST", "subscriptions/{id}/resume", resume),
)
