"""Stripe's objects in our own words. It speaks to nobody: what is read here, stripe_api fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing.plans import BASE
from billing.standings import Subscription

NOT_PAID = ("past_due", "unpaid", "incomplete", "paused")
Params = dict[str, Any]


@dataclass(frozen=True)
class Invoice:
    """An invoice for the page. Amounts are cents."""

    id: str
    number: str
    status: str
    total: int
    due: int
    at: datetime
    url: str | None


@dataclass(frozen=True)
class Preview:
    """What a change of plan costs now, line by line in cents, as of `at`."""

    lines: list[tuple[str, int]]
    due_now: int
    credit: int  # what is given back is more than what is due: it is kept for the next invoices
    at: datetime


def preview(told: Params, otherwise: str, at: datetime) -> Preview:
    """An invoice that was not made: its lines, and what makes their sum what is due."""
    lines = [(one.get("description") or otherwise, one["amount"]) for one in told["lines"]["data"] if one["amount"]]
    more = [
        ("Discount", -sum(one["amount"] for one in told.get("total_discount_amounts") or ())),
        ("Tax", sum(one["amount"] for one in told.get("total_taxes") or ())),
        ("Kept for you from before", told["amount_due"] - max(0, told["total"])),
    ]
    lines += [(words, cents) for words, cents in more if cents]
    return Preview(lines, told["amount_due"], max(0, -told["total"]), at)


def subscription(told: Params, owner: Params, owing: list[Params]) -> Subscription:
    """A subscription and its customer, both with what hangs on them expanded, and its unpaid invoices, oldest first."""
    items = told["items"]["data"]
    plans = {part_of(one["price"]): one for one in items}
    base = next((one for (_, part), one in plans.items() if part == BASE), items[0])
    invoice = owing[0] if owing else told.get("latest_invoice") or {}
    counted = next((one for (_, part), one in plans.items() if part != BASE), base)
    period = [_at(counted.get(name) or told.get(name)) for name in ("current_period_start", "current_period_end")]
    renews = base.get("current_period_end") or told.get("current_period_end")
    return Subscription(
        id=told["id"],
        status=told["status"],
        plan=part_of(base["price"])[0] or None,
        quantity=base.get("quantity") or 1,
        trial_end=_at(told.get("trial_end")),
        period_start=period[0],
        period_end=period[1],
        cancel_at=_ends(told, period[1]),
        trouble_since=_trouble(told, invoice),
        asked_to_pause=paused_by(told) == "request",
        parts={part: one["id"] for (_, part), one in plans.items()},
        details=_details(told, owner, owing) | {"interval": interval_of(base["price"]), "renews_at": renews},
    )


def part_of(price: Params) -> tuple[str, str]:
    """Plan and part of a price: by its own note, for a lookup key moves on when a price is made anew."""
    note = price.get("metadata") or {}
    return str(note.get("plan", "")), str(note.get("part", ""))


def paused_by(told: Params) -> str | None:
    """Why a subscription is paused: "request", "trial" or "money"; None while it is not."""
    if told["status"] != "paused":
        return None
    paused = ((told.get("status_details") or {}).get("paused") or {}).get("subscription") or {}
    words = {"pause_requested": "request", "trial_end_without_payment_method": "trial"}
    return words.get(str(paused.get("type")), "money")


def interval_of(price: Params) -> str:
    """For how long ahead a price is paid: "month" or "year"."""
    return str((price.get("recurring") or {}).get("interval") or "month")


def _ends(told: Params, period_end: datetime | None) -> datetime | None:
    """When it ended or will. The portal's "at the end of the period" sets cancel_at alone, the API's the boolean."""
    if told.get("ended_at") or told.get("cancel_at"):
        return _at(told.get("ended_at") or told.get("cancel_at"))
    return period_end if told.get("cancel_at_period_end") else None


def _trouble(told: Params, invoice: Params) -> datetime | None:
    if told["status"] == "paused" and paused_by(told) == "trial":
        return _at(told.get("trial_end"))
    return _at(invoice.get("created")) if told["status"] in NOT_PAID else None


def _details(told: Params, owner: Params, owing: list[Params]) -> Params:
    settings = owner.get("invoice_settings") or {}
    method = told.get("default_payment_method") or settings.get("default_payment_method") or {}
    card = method.get("card") if isinstance(method, dict) else None
    shown: Params = {"card": {key: card[key] for key in ("brand", "last4", "exp_month", "exp_year")} if card else None}
    if owing:
        due = sum(one["amount_remaining"] for one in owing)
        shown["invoice"] = {"id": owing[0]["id"], "due": due, "url": owing[0].get("hosted_invoice_url")}
    shown["ends_by"] = "flag" if told.get("cancel_at_period_end") else "date" if told.get("cancel_at") else None
    shown["paused_by"] = paused_by(told)
    return shown | {"discounts": len(told.get("discounts") or [])}


def _at(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def invoice(told: Params) -> Invoice:
    """One invoice for the page."""
    at = datetime.fromtimestamp(told["created"], UTC)
    number, url = told.get("number") or told["id"], told.get("hosted_invoice_url")
    return Invoice(told["id"], number, told["status"], told["total"], told["amount_remaining"], at, url)
