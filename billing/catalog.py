"""Make at Stripe what plans.toml says: a product and prices per plan, a meter per metric. Again, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from billing import stripe_api
from billing.plans import BASE, METERED, METRICS, PLANS

EVENTS = (
    *("checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired"),
    *("customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted"),
    *("customer.subscription.paused", "customer.subscription.resumed", "customer.subscription.trial_will_end"),
    *("invoice.paid", "invoice.payment_failed", "invoice.payment_action_required", "invoice.finalization_failed"),
    *("invoice.marked_uncollectible", "invoice.voided", "customer.updated", "customer.deleted"),
    *("payment_method.attached", "payment_method.automatically_updated", "payment_method.detached"),
)


def sync() -> Iterator[str]:
    """Make what is missing; a line of plain words for each. Raises StripeAwayError, StripeRefusedError."""
    meters = {}
    for metric in METRICS.values():
        meters[metric.key], made = stripe_api.ensure_meter(metric)
        yield f"meter {metric.event}: {'made' if made else 'there'}"
    for plan in PLANS.values():
        product, made = stripe_api.ensure_product(plan)
        yield f"product {plan.name}: {'made' if made else 'there'}"
        for part in (BASE, *METERED):
            cents = str(plan.cents if part == BASE else plan.overage_cents[part])
            made = stripe_api.ensure_price(plan, part, product, cents, meters.get(part))
            yield f"price {plan.lookup_key(part)}: {'made' if made else 'there'}"


def make_endpoint(hooks_url: str) -> str:
    """Have Stripe post its events to this installation; gives the secret for STRIPE_WEBHOOK_SECRET."""
    return stripe_api.make_endpoint(f"{hooks_url}/hooks/stripe", list(EVENTS))
