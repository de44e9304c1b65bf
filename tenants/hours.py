"""When a business is open: its hours, closed days, holidays and the crew-busy switch, in its own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from tenants.models import Tenant

Situation = Literal["open", "after_hours", "holiday", "busy"]
Stretch = tuple[datetime, datetime]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 60


def situation(tenant: Tenant, at: datetime) -> Situation:
    """What holds at `at` (aware): busy only counts while the business would be open.

    An interval belongs to the day it begins on: Friday 18:00 to 02:00 runs into Saturday, and closing Friday closes it.
    """
    local = at.astimezone(zone(tenant))
    days = (local.date() - timedelta(days=1), local.date())
    if any(begin <= local < end for day in days for begin, end in _open_stretches(tenant, day)):
        return "busy" if tenant.busy_until and tenant.busy_until > at else "open"
    return "holiday" if closed_day_name(tenant, local.date()) else "after_hours"


def opens_next(tenant: Tenant, at: datetime) -> datetime | None:
    """When the next opening after `at` begins, in the business's zone; None when nothing opens within 60 days."""
    local = at.astimezone(zone(tenant))
    for ahead in range(LOOK_AHEAD_DAYS):
        for begin, _end in _open_stretches(tenant, local.date() + timedelta(days=ahead)):
            if begin > local:
                return begin
    return None


def after_open_hours(tenant: Tenant, at: datetime, amount: float) -> datetime:
    """When the doors have been open for `amount` hours since `at`; for a business that never opens, as time passes."""
    left, local = timedelta(hours=amount), at.astimezone(zone(tenant))
    for ahead in range(-1, LOOK_AHEAD_DAYS):
        for begin, end in _open_stretches(tenant, local.date() + timedelta(days=ahead)):
            # In UTC, for a night in which the clocks change has another length than the wall says.
            since, until = max(begin.astimezone(UTC), at), end.astimezone(UTC)
            if until - since > left or (until - since == left and until > since):
                return since + left
            left -= max(until - since, timedelta(0))
    return at + timedelta(hours=amount)


def reopens_in_words(tenant: Tenant, at: datetime) -> str | None:
    """ "today at 8 am", "tomorrow at 7:30 am", "Monday at 8 am"; None when no opening is known."""
    opens = opens_next(tenant, at)
    if opens is None:
        return None
    days = (opens.date() - at.astimezone(zone(tenant)).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or opens.strftime("%A" if days < 7 else "%A, %B %-d")
    hour = opens.strftime("%-I:%M %p" if opens.minute else "%-I %p")
    return f"{day} at {hour.lower()}"


def zone(tenant: Tenant) -> ZoneInfo:
    return ZoneInfo(tenant.timezone)


def closed_day_name(tenant: Tenant, day: date) -> str | None:
    """The name of the day this business is closed for, its own or a federal holiday; None on an ordinary day."""
    own = {str(entry.get("date")): str(entry.get("name") or "Closed") for entry in tenant.closed_days}
    if day.isoformat() in own:
        return own[day.isoformat()]
    return _federal(day.year).get(day) if tenant.observe_federal_holidays else None


def _open_stretches(tenant: Tenant, day: date) -> Iterator[Stretch]:
    """The stretches that begin on `day`, in order; none on a closed day."""
    if closed_day_name(tenant, day):
        return
    intervals = tenant.hours.get(DAYS[day.weekday()]) or []
    for opens, closes in sorted(tuple(interval) for interval in intervals):
        begin, end = _moment(tenant, day, opens), _moment(tenant, day, closes)
        yield (begin, end) if begin < end else (begin, _moment(tenant, day + timedelta(days=1), closes))


def _moment(tenant: Tenant, day: date, wall: str) -> datetime:
    """ "24:00" is the midnight that ends the day."""
    hour, minute = (int(part) for part in wall.split(":"))
    midnight_after = hour == 24
    moment = datetime.combine(day, time(0 if midnight_after else hour, minute), zone(tenant))
    return moment + timedelta(days=1) if midnight_after else moment


@lru_cache(maxsize=16)
def _federal(year: int) -> dict[date, str]:
    """Federal holidays with their observed days (5 U.S.C. 6103), by the `holidays` package."""
    return dict(holidays.country_holidays("US", years=year))
