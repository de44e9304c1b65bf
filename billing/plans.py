"""What can be bought: plans, what each includes, and what more of it costs. Read from plans.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

METERED = ("segments", "minutes", "numbers")
BASE = "base"  # the part of a plan that costs the same whatever is used
Interval = Literal["month", "year"]  # for how long ahead the base is paid


@dataclass(frozen=True)
class Metric:
    """Something that is counted; `event` is the name of its meter at Stripe."""

    key: str
    name: str
    one: str
    event: str


@dataclass(frozen=True)
class Plan:
    """`cents` a month and business; `included` amounts, and `overage_cents` for each one more. Up to `members` people.

    `yearly_cents` is the price of a year paid ahead, None where there is none. `buyer` is who can choose it: a business
    for itself, or an agency for its clients.
    """

    key: str
    name: str
    suits: str
    cents: int
    yearly_cents: int | None
    features: frozenset[str]
    included: Mapping[str, int]
    overage_cents: Mapping[str, Decimal]
    members: int
    buyer: str

    @property
    def months_free(self) -> int:
        """How many whole months the yearly price spares."""
        return 12 - -(-self.yearly_cents // self.cents) if self.yearly_cents else 0

    def price(self, interval: Interval = "month") -> int:
        """Cents for each period of the base. Raises ValueError for a year that cannot be bought."""
        if interval == "month":
            return self.cents
        if self.yearly_cents is None:
            raise ValueError(f"{self.name} is paid by the month.")
        return self.yearly_cents

    def lookup_key(self, part: str = BASE, interval: Interval = "month") -> str:
        """The name by which Stripe's price of this part is found: "hallway_growth_base", "hallway_growth_base_year"."""
        return f"hallway_{self.key}_{part}{'_year' if interval == 'year' else ''}"


@dataclass(frozen=True)
class Order:
    """What somebody wants to have: a plan, paid by the month or the year, for so many businesses."""

    plan: Plan
    interval: Interval = "month"
    quantity: int = 1


@dataclass(frozen=True)
class Terms:
    """How long things last that are nobody's choice."""

    trial_days: int
    before_plan: timedelta
    grace: timedelta
    grace_after_trial: timedelta


def _plan(key: str, row: Mapping[str, Any]) -> Plan:
    return Plan(
        key=key,
        name=row["name"],
        suits=row["for"],
        cents=row["cents"],
        yearly_cents=row.get("yearly_cents"),
        features=frozenset(row["features"]),
        included=row["included"],
        overage_cents={metric: Decimal(str(cents)) for metric, cents in row["overage_cents"].items()},
        members=row["members"],
        buyer=row.get("buyer", "tenant"),
    )


def _terms(row: Mapping[str, int]) -> Terms:
    days = {name: timedelta(days=row[f"{name}_days"]) for name in ("before_plan", "grace", "grace_after_trial")}
    return Terms(row["trial_days"], **days)


_DATA = tomllib.loads((Path(__file__).parent / "plans.toml").read_text())
FEATURES: Mapping[str, str] = _DATA["features"]
COMING = frozenset(_DATA["coming"])  # features that are not there yet
METRICS: Mapping[str, Metric] = {key: Metric(key, **row) for key, row in _DATA["metrics"].items()}
PLANS: Mapping[str, Plan] = {key: _plan(key, row) for key, row in _DATA["plans"].items()}
TERMS = _terms(_DATA["terms"])


def for_tenants() -> list[Plan]:
    """What a business can choose for itself, the smallest first."""
    return sorted((plan for plan in PLANS.values() if plan.buyer == "tenant"), key=lambda plan: plan.cents)


def for_agencies() -> Plan:
    """What an agency buys for its clients."""
    return next(plan for plan in PLANS.values() if plan.buyer == "agency")


def cheapest_with(feature: str) -> Plan | None:
    """The smallest plan a business can choose that has `feature`."""
    return next((plan for plan in for_tenants() if feature in plan.features), None)
