"""What an invoice says: lines, discount, tax, total. Cents throughout."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.cards.desk import Desk
from sandbox.cards.wire import Doc, new_id

TAX_PERCENT = {"TX": Decimal("8.25"), "CO": Decimal("2.9"), "NY": Decimal("8.875")}  # elsewhere nothing is registered


def cents(amount: Decimal) -> int:
    return int(amount.to_integral_value(rounding=ROUND_HALF_UP))


def base_lines(desk: Desk, items: list[Doc]) -> list[Doc]:
    """The parts that cost the same whatever is used, for the periods that begin."""
    licensed = [item for item in items if not metered(item)]
    return [line(desk, item, priced(item, item.get("quantity", 1)), *period(item)) for item in licensed]


def period(item: Doc) -> tuple[int, int]:
    return item["current_period_start"], item["current_period_end"]


def usage_lines(desk: Desk, subscription: Doc, items: list[Doc]) -> list[Doc]:
    """What the meters counted for this customer in the periods that are over."""
    lines = []
    for item in (item for item in items if metered(item)):
        start, end = period(item)
        used = metered_value(desk, subscription["customer"], item["price"]["recurring"]["meter"], start, end)
        if used:
            lines.append(line(desk, item, priced(item, used), start, end, quantity=used))
    return lines


def metered(item: Doc) -> bool:
    return bool(item["price"]["recurring"]["usage_type"] == "metered")


def metered_value(desk: Desk, customer: str, meter: str, start: int, end: int) -> int:
    event = desk.get("billing.meter", meter)["event_name"]
    told = desk.all("billing.meter_event", customer=customer, event_name=event)
    return sum(int(one["payload"]["value"]) for one in told if start <= one["timestamp"] < end)


def priced(item: Doc, quantity: int) -> int:
    return cents(Decimal(item["price"]["unit_amount_decimal"]) * quantity)


def line(desk: Desk, item: Doc, amount: int, start: int, end: int, **more: Any) -> Doc:
    """One line of an invoice; `words` and `proration` where they are not the usual ones."""
    price = item["price"]
    product = desk.find("product", price["product"]) or {"name": price["product"]}
    quantity = more.get("quantity", item.get("quantity", 1))
    words = more.get("words") or f"{quantity} × {product['name']}{_part(price)}"
    details = {"subscription": item["subscription"], "subscription_item": item["id"], "invoice_item": None}
    details |= {"proration": bool(more.get("proration")), "proration_details": None}
    return {
        "id": new_id("il"), "object": "line_item", "amount": amount, "currency": "usd", "description": words,
        "discountable": True, "discounts": [], "discount_amounts": [], "livemode": False, "metadata": {},
        "period": {"start": start, "end": end}, "quantity": quantity, "subtotal": amount, "taxes": [],
        "parent": {"type": "subscription_item_details", "subscription_item_details": details,
                   "invoice_item_details": None},
        "pricing": {"type": "price_details", "unit_amount_decimal": price["unit_amount_decimal"],
                    "price_details": {"price": price["id"], "product": price["product"]}},
    }  # fmt: skip


def _part(price: Doc) -> str:
    part = price["metadata"].get("part", "base")
    return "" if part == "base" else f", {part} beyond the plan"


def totals(desk: Desk, subscription: Doc, lines: list[Doc]) -> Doc:
    """Subtotal, discount, tax and total of these lines."""
    subtotal = sum(one["amount"] for one in lines)
    off = discount_of(desk, subscription, max(0, subtotal))
    tax = tax_of(desk, subscription, max(0, subtotal - off))
    return {
        "subtotal": subtotal, "total": subtotal - off + tax, "total_excluding_tax": subtotal - off,
        "total_discount_amounts": [{"amount": off, "discount": subscription["discounts"][0]}] if off else [],
        "total_taxes": [{"amount": tax, "tax_behavior": "exclusive", "type": "tax_rate_details"}] if tax else [],
    }  # fmt: skip


def discount_of(desk: Desk, subscription: Doc, subtotal: int) -> int:
    coupon = desk.find("coupon", subscription.get("_coupon"))
    if coupon is None or not subscription["discounts"]:
        return 0
    if coupon["percent_off"]:
        return cents(Decimal(subtotal) * Decimal(str(coupon["percent_off"])) / 100)
    return min(subtotal, int(coupon["amount_off"] or 0))


def tax_of(desk: Desk, subscription: Doc, amount: int) -> int:
    if not subscription["automatic_tax"]["enabled"]:
        return 0
    address = desk.get("customer", subscription["customer"]).get("address") or {}
    return cents(amount * TAX_PERCENT.get(str(address.get("state")), Decimal(0)) / 100)


def number(desk: Desk, customer: str) -> str:
    """The next number of this customer's invoices."""
    return f"{customer[-6:].upper()}-{len(desk.all('invoice', customer=customer)) + 1:04d}"


def _balanced(desk: Desk, customer_id: str, total: int) -> tuple[int, Doc]:
    """What is due after the customer's balance, which is credit below zero and keeps what an invoice gives back."""
    customer = desk.get("customer", customer_id)
    before = int(customer["balance"])
    due = max(0, total + before)
    desk.keep(customer | {"balance": min(0, total + before)})
    return due, {"starting_balance": before, "ending_balance": min(0, total + before)}


def invoice(desk: Desk, subscription: Doc, lines: list[Doc], reason: str, **more: Any) -> Doc:
    """A new invoice, open; one of nothing is paid at once."""
    sums = totals(desk, subscription, lines)
    due, balance = _balanced(desk, subscription["customer"], sums["total"])
    about = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
    id_ = new_id("in")
    return desk.make(
        "invoice", "in", id=id_, customer=subscription["customer"], status="open" if due else "paid", currency="usd",
        number=number(desk, subscription["customer"]), amount_due=due, amount_paid=0, amount_remaining=due,
        attempt_count=0, attempted=False, next_payment_attempt=None, billing_reason=reason,
        collection_method="charge_automatically",
        period_start=lines[0]["period"]["start"] if lines else int(desk.now()),
        period_end=lines[0]["period"]["end"] if lines else int(desk.now()),
        lines={"object": "list", "data": lines, "has_more": False, "url": f"/v1/invoices/{id_}/lines"},
        parent={"type": "subscription_details", "subscription_details": about, "quote_details": None},
        discounts=subscription["discounts"], **{**sums, **balance, **more},
    )  # fmt: skip


def charge(desk: Desk, invoice: Doc, card: Doc | None) -> Doc | None:
    """What a paid invoice took from a card; nothing where nothing was due."""
    if not invoice["amount_paid"]:
        return None
    return desk.make(
        "charge", "ch", amount=invoice["amount_paid"], amount_captured=invoice["amount_paid"], amount_refunded=0,
        captured=True, currency="usd", customer=invoice["customer"], disputed=False, paid=True, refunded=False,
        payment_intent=new_id("pi"), payment_method=card["id"] if card else None, status="succeeded",
        description=f"Payment for invoice {invoice['number']}",
    )  # fmt: skip
