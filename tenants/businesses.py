"""What a business says about itself: name, place, hours, closed days, the crew-busy switch, its own limits on texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from groundwork.database import Json
from tenants import hours
from tenants.models import Tenant

TRADES = {
    "plumbing": "Plumbing",
    "hvac": "Heating and air conditioning",
    "electrical": "Electrical",
    "roofing": "Roofing",
    "garage_doors": "Garage doors",
    "cleaning": "Cleaning",
    "general": "Handyman and other trades",
}
ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona (no daylight saving)",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico and Virgin Islands",
    "Pacific/Guam": "Guam",
}
STATES = (
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH",
    "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
)  # fmt: skip
DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
MOST_CLOSED_DAYS = 100


class BusinessError(ValueError):
    """A change of a business that cannot be made; the message says why."""


@dataclass(frozen=True)
class Closure:
    """A day the business is closed; `own` ones were entered, the others are federal holidays."""

    day: date
    name: str
    own: bool


def change(tenant: Tenant, values: Mapping[str, Any]) -> Json:
    """Set columns of a business; returns {column: [before, after]} of what really changed, for its log."""
    changed = {}
    for column, after in values.items():
        before = getattr(tenant, column)
        if before != after:
            setattr(tenant, column, after)
            changed[column] = [_plain(before), _plain(after)]
    return changed


def add_closed_day(tenant: Tenant, day: date, name: str) -> None:
    """Close one day, or rename a day already closed. Raises BusinessError when the list is full."""
    others = [entry for entry in tenant.closed_days if entry["date"] != day.isoformat()]
    if len(others) >= MOST_CLOSED_DAYS:
        raise BusinessError(f"There are {MOST_CLOSED_DAYS} closed days already. Remove some that are over.")
    entry = {"date": day.isoformat(), "name": name}
    tenant.closed_days = sorted([*others, entry], key=lambda each: str(each["date"]))


def remove_closed_day(tenant: Tenant, day: date) -> bool:
    """Open again on that day. False when it was not closed."""
    kept = [entry for entry in tenant.closed_days if entry["date"] != day.isoformat()]
    found = len(kept) < len(tenant.closed_days)
    tenant.closed_days = kept
    return found


def closures(tenant: Tenant, today: date, days: int = 366) -> Iterator[Closure]:
    """The days this business is closed within the next year, own days and observed holidays, in order."""
    own = {entry["date"] for entry in tenant.closed_days}
    for ahead in range(days):
        day = today + timedelta(days=ahead)
        name = hours.closed_day_name(tenant, day)
        if name:
            yield Closure(day, name, day.isoformat() in own)


def end_of_day(tenant: Tenant, now: datetime) -> datetime:
    """The next midnight in the business's zone."""
    local = now.astimezone(hours.zone(tenant))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
