"""Money that goes back: refunds, disputes and what the bank decides; and invoices of no subscription."""

from typing import Any

from sandbox.cards import money
from sandbox.cards.wire import Doc, Refused, listing, new_id, whole
from sandbox.world import World

DECISIONS = ("won", "lost")


def refund(here: World, charge_id: str, cents: int | None = None) -> Doc:
    """Give back all of a charge, or a part of it."""
    desk = here.cards.desk
    taken = desk.get("charge", charge_id, "charge")
    rest = taken["amount"] - taken["amount_refunded"]
    amount = rest if cents is None else cents
    if not 0 < amount <= rest:
        raise Refused(f"Refund amount is greater than unrefunded amount on charge ({rest}).", param="amount")
    made = desk.make("refund", "re", amount=amount, charge=charge_id, currency="usd", reason="requested_by_customer",
                     payment_intent=taken["payment_intent"], status="succeeded")  # fmt: skip
    made.pop("livemode")
    desk.keep(made)
    taken["amount_refunded"] += amount
    taken["refunded"] = taken["amount_refunded"] == taken["amount"]
    here.cards.news.tell("charge.refunded", desk.keep(taken))
    return made


def dispute(here: World, charge_id: str) -> Doc:
    """The owner of the card told the bank that this is not theirs: the money is gone until it is decided."""
    desk = here.cards.desk
    taken = desk.get("charge", charge_id, "charge")
    if taken["disputed"]:
        raise Refused(f"Charge {charge_id} has been disputed already.", param="charge")
    desk.keep(taken | {"disputed": True})
    made = desk.make("dispute", "du", amount=taken["amount"], charge=charge_id, currency="usd", reason="fraudulent",
                     payment_intent=taken["payment_intent"], status="needs_response",
                     is_charge_refundable=False)  # fmt: skip
    here.cards.news.tell("charge.dispute.created", made)
    return made


def decide(here: World, dispute_id: str, how: str) -> Doc:
    """The bank has decided: won is for the merchant."""
    found = here.cards.desk.get("dispute", dispute_id)
    if how not in DECISIONS or found["status"] in DECISIONS:
        raise Refused("A dispute is won or lost, once.", param="status")
    here.cards.news.tell("charge.dispute.closed", here.cards.desk.keep(found | {"status": how}))
    return found


def list_charges(here: World, fields: Doc, _id: str) -> Doc:
    same = {"customer": fields["customer"]} if "customer" in fields else {}
    return listing(here.cards.desk.all("charge", **same), "/v1/charges", int(fields.get("limit", 10)))


def show_charge(here: World, _fields: Doc, id_: str) -> Doc:
    return here.cards.desk.get("charge", id_)


def list_disputes(here: World, fields: Doc, _id: str) -> Doc:
    same = {"charge": fields["charge"]} if "charge" in fields else {}
    return listing(here.cards.desk.all("dispute", **same), "/v1/disputes", int(fields.get("limit", 10)))


def make_invoice(here: World, fields: Doc, _id: str) -> Doc:
    """A draft of no subscription; items join it by its id."""
    desk = here.cards.desk
    owner = desk.get("customer", fields.get("customer"), "customer")
    nothing: Doc = {
        "subtotal": 0,
        "total": 0,
        "total_excluding_tax": 0,
        "total_discount_amounts": [],
        "total_taxes": [],
    }
    id_, now = new_id("in"), int(desk.now())
    made = desk.make(
        "invoice", "in", id=id_, customer=owner["id"], number=money.number(desk, owner["id"]), status="draft",
        currency="usd", amount_due=0, amount_paid=0, amount_remaining=0, attempt_count=0, attempted=False,
        next_payment_attempt=None, billing_reason="manual", collection_method="charge_automatically",
        period_start=now, period_end=now, parent=None, discounts=[], starting_balance=0, ending_balance=0,
        lines={"object": "list", "data": [], "has_more": False, "url": f"/v1/invoices/{id_}/lines"}, **nothing,
    )  # fmt: skip
    made["metadata"] = fields.get("metadata") or {}
    return desk.keep(made)


def make_item(here: World, fields: Doc, _id: str) -> Doc:
    desk = here.cards.desk
    bill = desk.get("invoice", fields.get("invoice"), "invoice")
    if bill["status"] != "draft":
        raise Refused("You can only add items to a draft invoice.", param="invoice")
    amount, words = whole(fields.get("amount"), "amount"), fields.get("description")
    one = {"id": new_id("il"), "object": "line_item", "amount": amount, "currency": "usd", "description": words}
    bill["lines"]["data"].append(one)
    sums = dict.fromkeys(("subtotal", "total", "total_excluding_tax", "amount_due", "amount_remaining"), 0)
    desk.keep(bill | {name: bill[name] + amount for name in sums})
    return desk.make("invoiceitem", "ii", amount=amount, currency="usd", customer=bill["customer"],
                     description=words, invoice=bill["id"])  # fmt: skip


def finalize(here: World, _fields: Doc, id_: str) -> Doc:
    bill = here.cards.desk.get("invoice", id_)
    if bill["status"] != "draft":
        raise Refused("This invoice is already finalized.", code="invoice_not_editable")
    done = here.cards.desk.keep(bill | {"status": "open" if bill["amount_remaining"] else "paid"})
    here.cards.news.tell("invoice.finalized", done)
    return done


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("GET", "charges", list_charges),
    ("GET", "charges/{id}", show_charge),
    ("GET", "disputes", list_disputes),
    ("POST", "invoices", make_invoice),
    ("POST", "invoiceitems", make_item),
    ("POST", "invoices/{id}/finalize", finalize),
)
