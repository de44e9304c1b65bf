"""Refunds and disputes as Stripe has them now, and paying again what a bank took back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from billing.reversals import Reversal, State
from billing.stripe_api import Params, StripeRefusedError, client, in_our_words

MOST_CHARGES = 100
STATES: dict[str, State] = {
    "warning_needs_response": "asked",
    "warning_under_review": "asked",
    "warning_closed": "won",
    "needs_response": "open",
    "under_review": "open",
    "prevented": "won",
    "won": "won",
    "lost": "lost",
}


def read(customer: str, now: datetime) -> list[Reversal]:
    """What of this customer's newest payments went back. A dispute names no customer, so its charge leads to it."""
    with in_our_words():
        params: Params = {"customer": customer, "limit": MOST_CHARGES}
        charges = client().v1.charges.list(params).to_dict(for_json=True)["data"]  # type: ignore[arg-type]
        found = [_refund(one, now) for one in charges if one["amount_refunded"]]
        for one in charges:
            if one["disputed"]:
                told = client().v1.disputes.list({"charge": one["id"]}).to_dict(for_json=True)["data"]
                found += [_dispute(each, one, now) for each in told]
        paid_again = _paid_again(customer) if any(one.state == "lost" for one in found) else {}
    return [_settled(one, paid_again) for one in found]


def owner_of(charge: str) -> str | None:
    """Stripe's id of the customer who paid this charge; None for a charge of somebody else's."""
    try:
        with in_our_words():
            found = client().v1.charges.retrieve(charge).to_dict(for_json=True).get("customer")
    except StripeRefusedError:
        return None
    return found if isinstance(found, str) else (found or {}).get("id")


def pay_again(customer: str, lost: Reversal) -> None:
    """Charge what the bank took back once more, on one invoice however often it is asked. Raises StripeRefusedError."""
    with in_our_words():
        bill = _paid_again(customer).get(lost.id) or _bill(customer, lost)
        if bill["status"] == "draft":
            bill = client().v1.invoices.finalize_invoice(bill["id"]).to_dict(for_json=True)
        if bill["status"] == "open":
            client().v1.invoices.pay(bill["id"])
        elif bill["status"] != "paid":
            raise StripeRefusedError("This payment cannot be made again here. Ask whoever sends your invoices.")


def _bill(customer: str, lost: Reversal) -> Params:
    """A draft with the one line; its note says which dispute it settles."""
    note, words = {"dispute": lost.id}, f"Payment of {lost.at:%B %-d, %Y}, taken back by the bank"
    about: Params = {"customer": customer, "pending_invoice_items_behavior": "exclude", "metadata": note}
    bill = client().v1.invoices.create(about | {"auto_advance": False}, {"idempotency_key": f"again-{lost.id}"})  # type: ignore[arg-type]
    line: Params = {"customer": customer, "invoice": bill.id, "amount": lost.cents, "currency": "usd"}
    line |= {"description": words, "metadata": note}
    client().v1.invoice_items.create(line, {"idempotency_key": f"again-line-{bill.id}"})  # type: ignore[arg-type]
    return client().v1.invoices.retrieve(bill.id).to_dict(for_json=True)


def _paid_again(customer: str) -> dict[str, Params]:
    """{dispute: the invoice that makes up for it}."""
    told = client().v1.invoices.list({"customer": customer, "limit": MOST_CHARGES}).to_dict(for_json=True)["data"]
    return {one["metadata"]["dispute"]: one for one in told if (one.get("metadata") or {}).get("dispute")}


def _refund(charge: Params, now: datetime) -> Reversal:
    return Reversal(charge["id"], charge["amount_refunded"], "given", _at(charge), now)


def _dispute(told: Params, charge: Params, now: datetime) -> Reversal:
    return Reversal(told["id"], told["amount"], STATES.get(told["status"], "open"), _at(charge), now)


def _settled(one: Reversal, bills: dict[str, Any]) -> Reversal:
    paid = one.state == "lost" and bills.get(one.id, {}).get("status") == "paid"
    return Reversal(one.id, one.cents, "settled", one.at, one.since) if paid else one


def _at(charge: Params) -> datetime:
    return datetime.fromtimestamp(charge["created"], UTC)
