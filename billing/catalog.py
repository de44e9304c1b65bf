"""Make at Stripe what plans.toml says: a product and prices per plan, a meter per metric. Again, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing import stripe_catalogue
from billing.plans import METERED, METRICS, PLANS, Plan

EVENTS = (
    *("checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired"),
    *("customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted"),
    *("customer.subscription.paused", "customer.subscription.resumed", "customer.subscription.trial_will_end"),
    *("invoice.paid", "invoice.payment_failed", "invoice.payment_action_required", "invoice.finalization_failed"),
    *("invoice.marked_uncollectible", "invoice.voided", "customer.updated", "customer.deleted"),
    *("charge.refunded", "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"),
    *("payment_method.attached", "payment_method.automatically_updated", "payment_method.detached"),
)


def sync() -> Iterator[str]:
    """Make what is missing; a line of plain words for each. Raises StripeAwayError, StripeRefusedError."""
    meters = {}
    for metric in METRICS.values():
        meters[metric.key], made = stripe_catalogue.ensure_meter(metric)
        yield f"meter {metric.event}: {'made' if made else 'there'}"
    for plan in PLANS.values():
        product, made = stripe_catalogue.ensure_product(plan)
        yield f"product {plan.name}: {'made' if made else 'there'}"
        for key, made in _prices(plan, product, meters):
            yield f"price {key}: {'made' if made else 'there'}"


def _prices(plan: Plan, product: str, meters: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    yield plan.lookup_key(), stripe_catalogue.ensure_base(plan, "month", product)
    if plan.yearly_cents:
        yield plan.lookup_key(interval="year"), stripe_catalogue.ensure_base(plan, "year", product)
    for part in METERED:
        yield plan.lookup_key(part), stripe_catalogue.ensure_counted(plan, part, product, meters[part])


def make_endpoint(hooks_url: str) -> str:
    """Have Stripe post its events to this installation; gives the secret for STRIPE_WEBHOOK_SECRET."""
    return stripe_catalogue.make_endpoint(f"{hooks_url}/hooks/stripe", list(EVENTS))
