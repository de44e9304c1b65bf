"""What somebody may do with their subscription: begin, change, end and pay it. Each ends with a reading of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from billing import applying, payers, stripe_api, stripe_reversals
from billing.applying import Change
from billing.models import Payer
from billing.payers import Buyer
from billing.plans import PLANS, Order
from billing.standings import Subscription
from billing.stripe_api import StripeRefusedError
from billing.stripe_words import Preview
from groundwork import clock, scope
from groundwork.database import open_session

OWES = ("past_due", "unpaid", "paused")
OVER = (None, "incomplete", "incomplete_expired", "canceled")  # then a new one may begin


class ChoiceError(ValueError):
    """A choice that cannot be made now; the message says why."""


@dataclass(frozen=True)
class Held:
    """A payer with its subscription as read a moment ago, and what that changed."""

    payer: Payer
    read: Subscription | None
    changes: list[Change]


def refresh(payer_id: UUID) -> Held:
    """Read the subscription now. Raises StripeAwayError."""
    changes = applying.apply(payer_id)
    with open_session(scope.SYSTEM) as session:
        payer = session.scalars(select(Payer).where(Payer.id == payer_id)).one()
        return Held(payer, applying.as_read(payer), changes)


def begin(buyer: Buyer, order: Order, back: str) -> str:
    """The address of the hosted page where this plan is bought; a first plan begins with a trial.

    Raises ChoiceError while a subscription runs: two open windows must not become two.
    """
    held = refresh(payers.open_for(buyer).id)
    if held.payer.status not in OVER:
        raise ChoiceError("There is a plan already. Change it instead of buying a second one.")
    first = held.payer.subscription is None
    customer = _customer(held.payer)
    return stripe_api.checkout_url(customer, order, back, str(held.payer.id), trial=first)


def portal(payer: Payer, back: str, *, card: bool = False) -> str:
    """The address of the hosted page for card, address and invoices; it is good for minutes and never kept."""
    return stripe_api.portal_url(_customer(payer), back, card=card)


def preview(payer: Payer, order: Order) -> Preview:
    """What a change to `order` now would cost."""
    read = _changeable(refresh(payer.id).read)
    return stripe_api.preview_change(_customer(payer), read, order, clock.now())


def change(payer: Payer, order: Order, at: datetime) -> Held:
    """Change as previewed at `at`; asked twice it is one change."""
    read = _changeable(refresh(payer.id).read)
    key = f"change-{read.id}-{order.plan.key}-{order.interval}-{order.quantity}-{int(at.timestamp())}"
    stripe_api.change(read, order, at, key)
    return refresh(payer.id)


def cancel(payer: Payer) -> Held:
    """End it with the period that is paid."""
    return _do(payer, lambda read: stripe_api.cancel_at_end(read, cancel=True))


def keep(payer: Payer) -> Held:
    """Take a cancellation back."""
    return _do(payer, lambda read: stripe_api.cancel_at_end(read, cancel=False))


def settle(payer: Payer) -> Held:
    """Pay what is open, or begin again what paused, with the card that is there. Raises StripeRefusedError."""
    return _do(payer, lambda read: _pay(_customer(payer), read))


def _pay(customer: str, read: Subscription) -> None:
    if read.status in OWES:
        stripe_api.settle(read)
    if read.lost:
        stripe_reversals.pay_again(customer, read.lost)


def came_back(payer: Payer) -> Held:
    """Somebody returns from a hosted page: what is open is tried with what may be a new card."""
    held = refresh(payer.id)
    owing = held.read is not None and held.read.status in OWES
    if held.read is None or not owing or not held.read.details.get("card"):
        return held
    try:
        stripe_api.settle(held.read)
    except StripeRefusedError:
        return refresh(payer.id)  # the page says what is open and offers another card
    return refresh(payer.id)


def _do(payer: Payer, deed: Callable[[Subscription], None]) -> Held:
    deed(_running(refresh(payer.id).read))
    return refresh(payer.id)


def _running(read: Subscription | None) -> Subscription:
    if read is None or read.status in OVER:
        raise ChoiceError("There is no plan to change. Choose one first.")
    return read


def _changeable(read: Subscription | None) -> Subscription:
    """A date on which it ends would stay, and cut off what is paid for now."""
    running = _running(read)
    if running.cancel_at:
        raise ChoiceError("This plan is about to end. Keep it first, then change it.")
    return running


def _customer(payer: Payer) -> str:
    if payer.customer is None:
        raise ChoiceError("There is no account at the payment service yet. Choose a plan first.")
    return payer.customer


def order_of(key: str, interval: str = "month") -> Order:
    """The plan called `key`, by the month or the year, as a business may choose it. Raises ChoiceError."""
    plan = PLANS.get(key)
    if plan is None or plan.buyer != "tenant":
        raise ChoiceError("There is no such plan.")
    if interval == "year" and plan.yearly_cents:
        return Order(plan, "year")
    if interval != "month":
        raise ChoiceError("This plan is paid by the month or by the year.")
    return Order(plan)
