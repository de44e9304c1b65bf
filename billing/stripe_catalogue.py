"""The catalogue at Stripe: meters, products and prices, and where Stripe's events go. What is there stays as it is."""

from __future__ import annotations

from decimal import Decimal

import stripe

from billing.plans import BASE, Interval, Metric, Plan
from billing.stripe_api import API_VERSION, Params, client, in_our_words


def ensure_meter(metric: Metric) -> tuple[str, bool]:
    """Stripe's id of the meter, and whether it was made now."""
    with in_our_words():
        for known in client().v1.billing.meters.list({"limit": 100, "status": "active"}).data:
            if known.event_name == metric.event:
                return known.id, False
        params: Params = {"display_name": metric.name, "event_name": metric.event}
        params |= {"default_aggregation": {"formula": "sum"}, "value_settings": {"event_payload_key": "value"}}
        params["customer_mapping"] = {"type": "by_id", "event_payload_key": "stripe_customer_id"}
        return client().v1.billing.meters.create(params).id, True  # type: ignore[arg-type]


def ensure_product(plan: Plan) -> tuple[str, bool]:
    """Stripe's id of the plan's product, which bears the plan's key, and whether it was made now."""
    id_ = f"hallway_{plan.key}"
    with in_our_words():
        try:
            return client().v1.products.retrieve(id_).id, False
        except stripe.InvalidRequestError:
            params: Params = {"id": id_, "name": f"Hallway {plan.name}", "metadata": {"plan": plan.key}}
            return client().v1.products.create(params).id, True  # type: ignore[arg-type]


def ensure_base(plan: Plan, interval: Interval, product: str) -> bool:
    """Make the price of a plan's base for a month or a year; True when made now."""
    return _ensure_price(plan, BASE, product, str(plan.price(interval)), None, interval)


def ensure_counted(plan: Plan, part: str, product: str, meter: str) -> bool:
    """Make the price of what is used beyond the plan; True when made now."""
    return _ensure_price(plan, part, product, str(plan.overage_cents[part]), meter, "month")


def _ensure_price(plan: Plan, part: str, product: str, cents: str, meter: str | None, interval: Interval) -> bool:
    """Make the price unless one of this amount is there; the lookup key moves to it, and who has the old one keeps it.

    `cents` may hold a fraction.
    """
    key = plan.lookup_key(part, interval)
    recurring: Params = {"interval": interval} | ({"usage_type": "metered", "meter": meter} if meter else {})
    params: Params = {"product": product, "currency": "usd", "unit_amount_decimal": cents, "recurring": recurring}
    params |= {"lookup_key": key, "transfer_lookup_key": True, "tax_behavior": "exclusive"}
    params["metadata"] = {"plan": plan.key, "part": part}
    with in_our_words():
        known = client().v1.prices.list({"lookup_keys": [key], "active": True}).data
        if known and known[0].unit_amount_decimal == Decimal(cents):
            return False
        client().v1.prices.create(params)  # type: ignore[arg-type]
        return True


def make_endpoint(url: str, kinds: list[str]) -> str:
    """Have events posted to `url`; gives the secret, which Stripe shows this once."""
    params: Params = {"url": url, "enabled_events": kinds, "api_version": API_VERSION}
    with in_our_words():
        return str(client().v1.webhook_endpoints.create(params).secret)  # type: ignore[arg-type]
