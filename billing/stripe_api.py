"""The one file that speaks to Stripe. Everything it gives back is in our own words."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import stripe
import structlog
from stripe import StripeClient

from billing import stripe_words
from billing.plans import BASE, METERED, METRICS, TERMS, Interval, Order, Plan
from billing.standings import Subscription
from billing.stripe_words import Invoice, Preview
from groundwork import config

API_VERSION = "2026-10-28.endive"
# Of several subscriptions of one customer the one that grants most counts.
BEST_FIRST = ("active", "trialing", "past_due", "paused", "unpaid", "incomplete", "canceled", "incomplete_expired")
MOST_SUBSCRIPTIONS = 20
Params = dict[str, Any]
log = structlog.get_logger(__name__)


class StripeAwayError(Exception):
    """Stripe did not answer, or answered that it cannot now. Nobody knows whether it did what was asked."""


class StripeRefusedError(ValueError):
    """Stripe answered no; the message is in its words."""


class BadEventError(ValueError):
    """An event that Stripe did not sign, or that cannot be read."""


@dataclass(frozen=True)
class Event:
    """A verified event: what it is called, and which customer it is about, where it says so, or which charge."""

    id: str
    kind: str
    customer: str | None
    charge: str | None = None


def sold() -> bool:
    """Whether this installation has a Stripe account at all."""
    return bool(config.settings().stripe_key)


@lru_cache(maxsize=1)
def _client(key: str, url: str) -> StripeClient:
    stripe.enable_telemetry = False
    logging.getLogger("stripe").setLevel(logging.WARNING)
    return StripeClient(key, base_addresses={"api": url, "meter_events": url}, max_network_retries=1)


def client() -> StripeClient:
    settings = config.settings()
    return _client(settings.stripe_key, settings.stripe_api_url)


@contextmanager
def in_our_words() -> Iterator[None]:
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise StripeRefusedError(error.user_message or "Stripe did not take this.") from error
    except stripe.StripeError as error:
        raise StripeAwayError(f"Stripe does not answer ({type(error).__name__}).") from error


# -- events ------------------------------------------------------------------------------------------------------


def read_event(raw: bytes, signature: str) -> Event:
    """Check the signature over the very bytes that came. Raises BadEventError."""
    for secret in config.settings().stripe_webhook_secrets:
        try:
            event = stripe.Webhook.construct_event(raw, signature, secret)
        except stripe.SignatureVerificationError:
            continue
        except ValueError as error:
            raise BadEventError("This is not an event.") from error
        about = json.loads(raw)["data"]["object"]
        return Event(event.id, event.type, _customer(about), _named(about.get("charge")))
    raise BadEventError("The signature does not match.")


def _customer(told: Params) -> str | None:
    if told.get("object") == "customer":
        return str(told["id"])
    return _named(told.get("customer"))


def _named(told: str | Params | None) -> str | None:
    """The id of something that is named or told in full."""
    return told if isinstance(told, str) else (told or {}).get("id")


# -- customers and hosted pages ----------------------------------------------------------------------------------


def make_customer(payer_id: str, name: str, email: str | None) -> str:
    """Stripe's id of the one customer of this payer, however often it is asked."""
    params: Params = {"name": name, "metadata": {"payer": payer_id}} | ({"email": email} if email else {})
    with in_our_words():
        return client().v1.customers.create(params, {"idempotency_key": f"customer-{payer_id}"}).id  # type: ignore[arg-type]


def checkout_url(customer: str, order: Order, back: str, payer_id: str, *, trial: bool) -> str:
    """The hosted page where a card is given and the subscription begins.

    A checkout takes prices of one interval only, so a year is sold without the parts counted by the month; they join
    the subscription when it is read (https://docs.stripe.com/billing/subscriptions/mixed-interval).
    """
    wanted = (BASE,) if order.interval == "year" else (BASE, *METERED)
    prices = {part: price for part, price in _prices(order.plan, order.interval).items() if part in wanted}
    lines = [{"price": one} | ({"quantity": order.quantity} if part == BASE else {}) for part, one in prices.items()]
    subscription: Params = {"metadata": {"payer": payer_id}, "billing_mode": {"type": "flexible"}}
    if trial:
        subscription["trial_period_days"] = TERMS.trial_days
        subscription["trial_settings"] = {"end_behavior": {"missing_payment_method": "pause"}}
    params: Params = {
        "mode": "subscription",
        "customer": customer,
        "client_reference_id": payer_id,
        "line_items": lines,
        "success_url": f"{back}?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{back}?cancelled=yes",
        "subscription_data": subscription,
        "payment_method_collection": "if_required" if trial else "always",
        "automatic_tax": {"enabled": True},
        "customer_update": {"address": "auto", "name": "auto"},
        "tax_id_collection": {"enabled": True},
        "allow_promotion_codes": True,
    }
    with in_our_words():
        return str(client().v1.checkout.sessions.create(params).url)  # type: ignore[arg-type]


def portal_url(customer: str, back: str, *, card: bool = False) -> str:
    """The hosted page for card, address and invoices; `card` leads straight to a new card and back."""
    params: Params = {"customer": customer, "return_url": back}
    if card:
        after = {"type": "redirect", "redirect": {"return_url": back}}
        params["flow_data"] = {"type": "payment_method_update", "after_completion": after}
    with in_our_words():
        return client().v1.billing_portal.sessions.create(params).url  # type: ignore[arg-type]


def _prices(plan: Plan, interval: Interval) -> dict[str, str]:
    """{part: Stripe's id of its price}. Raises StripeRefusedError when the catalogue was never made."""
    keys = {plan.lookup_key(BASE, interval): BASE} | {plan.lookup_key(part): part for part in METERED}
    found = client().v1.prices.list({"lookup_keys": list(keys), "active": True, "limit": 10})
    prices = {keys[price.lookup_key]: price.id for price in found.data if price.lookup_key in keys}
    if len(prices) < len(keys):
        raise StripeRefusedError("This plan is not in the Stripe account yet. Run: hallway billing sync-plans")
    return {part: prices[part] for part in (BASE, *METERED)}


# -- the subscription --------------------------------------------------------------------------------------------


def read_back(customer: str) -> Subscription | None:
    """The subscription of a customer that counts, as it is at Stripe now; None when there is none."""
    expand = ["data.latest_invoice", "data.default_payment_method"]
    params: Params = {"customer": customer, "status": "all", "limit": MOST_SUBSCRIPTIONS, "expand": expand}
    with in_our_words():
        found = client().v1.subscriptions.list(params).data  # type: ignore[arg-type]
        if not found:
            return None
        best = min(found, key=lambda one: (_rank(one.status), -one.created))
        owing = _owing(best.id) if best.status in stripe_words.NOT_PAID else []
        owner = client().v1.customers.retrieve(customer, {"expand": ["invoice_settings.default_payment_method"]})
        return stripe_words.subscription(best.to_dict(for_json=True), owner.to_dict(for_json=True), owing)


def _owing(subscription: str) -> list[Params]:
    """Its invoices that are not paid, the oldest first; of a subscription long unpaid they are drafts."""
    told = client().v1.invoices.list({"subscription": subscription, "limit": 100}).to_dict(for_json=True)["data"]
    return [one for one in reversed(told) if one["status"] in ("open", "draft") and one["amount_remaining"]]


def _rank(status: str) -> int:
    return BEST_FIRST.index(status) if status in BEST_FIRST else 3  # what nobody knows yet


# -- changes -----------------------------------------------------------------------------------------------------


def preview_change(customer: str, read: Subscription, order: Order, at: datetime) -> Preview:
    """What changing to `order` now would cost, line by line; nothing is changed."""
    with in_our_words():
        items = _new_items(read, order)
        details: Params = {
            "items": items,
            "proration_date": int(at.timestamp()),
            "proration_behavior": "always_invoice",
        }
        params: Params = {"customer": customer, "subscription": read.id, "subscription_details": details}
        told = client().v1.invoices.create_preview(params).to_dict(for_json=True)  # type: ignore[arg-type]
    return stripe_words.preview(told, order.plan.name, at)


def change(read: Subscription, order: Order, at: datetime, key: str) -> None:
    """Change to `order` now; the difference for the rest of the period, as of `at`, is billed at once."""
    with in_our_words():
        trialing = read.status == "trialing"
        params: Params = {"items": _new_items(read, order)}
        params |= {"proration_behavior": "none"} if trialing else {"proration_behavior": "always_invoice"}
        params |= {} if trialing else {"proration_date": int(at.timestamp())}
        client().v1.subscriptions.update(read.id, params, {"idempotency_key": key})  # type: ignore[arg-type]


def add_counted_parts(read: Subscription, plan: Plan) -> None:
    """Let the parts that are counted by the month join a subscription sold without them; asked twice it is once."""
    with in_our_words():
        prices, missing = _prices(plan, "month"), [part for part in METERED if part not in read.parts]
        params: Params = {"items": [{"price": prices[part]} for part in missing], "proration_behavior": "none"}
        key = f"parts-{read.id}-{plan.key}-{'-'.join(missing)}"
        client().v1.subscriptions.update(read.id, params, {"idempotency_key": key})  # type: ignore[arg-type]


def _new_items(read: Subscription, order: Order) -> list[Params]:
    items: list[Params] = []
    for part, price in _prices(order.plan, order.interval).items():
        known = {"id": read.parts[part]} if part in read.parts else {}
        items.append({**known, "price": price} | ({"quantity": order.quantity} if part == BASE else {}))
    return items


def cancel_at_end(read: Subscription, *, cancel: bool) -> None:
    """Let it end with what is paid, or take that back.

    Where parts have periods of their own, cancel_at_period_end is the end of the shortest: a paid year would be lost
    (https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums).
    """
    by_flag = not cancel and read.details.get("ends_by") == "flag"
    params: Params = {"cancel_at_period_end": False} if by_flag else {"cancel_at": "max_period_end" if cancel else ""}
    with in_our_words():
        client().v1.subscriptions.update(read.id, params)  # type: ignore[arg-type]


def settle(read: Subscription) -> None:
    """Pay what is open with the card that is there now, or begin again what paused. Raises StripeRefusedError."""
    with in_our_words():
        owing = _owing(read.id)
        for bill in owing:
            if bill["status"] == "draft":
                client().v1.invoices.finalize_invoice(bill["id"])
            client().v1.invoices.pay(bill["id"])
        if read.status == "paused" and client().v1.subscriptions.retrieve(read.id).status == "paused":
            client().v1.subscriptions.resume(read.id, {"billing_cycle_anchor": {"type": "now"}})


def invoices(customer: str, limit: int = 12) -> list[Invoice]:
    """The newest first, without drafts."""
    with in_our_words():
        found = client().v1.invoices.list({"customer": customer, "limit": limit}).to_dict(for_json=True)["data"]
    return [stripe_words.invoice(one) for one in found if one["status"] != "draft"]


def report(metric: str, customer: str, quantity: int, identifier: str, at: datetime) -> None:
    """Count usage once: the same identifier again within a day changes nothing."""
    payload = {"stripe_customer_id": customer, "value": str(quantity)}
    params: Params = {"event_name": METRICS[metric].event, "payload": payload, "identifier": identifier}
    with in_our_words():
        try:
            client().v1.billing.meter_events.create(params | {"timestamp": int(at.timestamp())})  # type: ignore[arg-type]
        except stripe.InvalidRequestError as error:
            if error.code != "duplicate_meter_event" and "already exists" not in str(error.user_message):
                raise
