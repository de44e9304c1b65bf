"""What one more number costs a business: the plan's price where plans are sold, else what the carrier takes."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from billing import rights, standings
from groundwork import clock
from groundwork.database import ScopedSession
from hallway.channels import Number
from hallway.channels.prices import Price
from tenants.models import Tenant

LATELY = timedelta(days=2)


class Cost(NamedTuple):
    """In words: `short` stands beside a number, `words` say it in full."""

    short: str
    words: str


def number_cost(session: ScopedSession, tenant: Tenant, price: Price) -> Cost:
    """Of a number that the carrier sells at `price`."""
    plan = rights.plan_of(tenant)
    if standings.of(tenant) == "self_hosted":
        short = f"${price.cents / 100:.2f} a month"
        return Cost(short, f"You pay {short} for it, billed from today, until you give it back. {_as_of(price)}")
    if plan is None:
        return Cost("Included", "Every plan includes a number, and you choose the plan at the end.")
    have = session.scalar(select(func.count(Number.id)).where(Number.active)) or 0
    included, each = plan.included["numbers"], f"${plan.overage_cents['numbers'] / 100:.2f} a month"
    if have < included:
        return Cost(
            "Included", f"Your plan includes {included} number{'s' * (included > 1)}: this one costs nothing more."
        )
    told = f"It costs {each} on your invoice, for it is beyond the {included} of your plan, until you give it back."
    return Cost(each, told)


def _as_of(price: Price) -> str:
    if price.told_at is None:
        return "The carrier did not tell its price just now; this is the one on its public list."
    day = f"{price.told_at:%B %-d, %Y}"
    if clock.now() - price.told_at > LATELY:
        return f"The carrier does not tell its price now; this is the one of {day}."
    return f"The carrier's price of {day}."
