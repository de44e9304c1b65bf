"""Billing periods: the same day each month or year, the last one where a month is too short."""

import calendar
from datetime import UTC, datetime

from sandbox.cards.wire import Doc

MONTHS = {"month": 1, "year": 12}


def month_after(anchor: int, start: int, months: int = 1) -> int:
    """The end of the months of billing that begin at `start`, by the day and hour of `anchor`; seconds."""
    first, day = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(anchor, UTC)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return int(day.replace(year=year, month=month + 1, day=min(day.day, last)).timestamp())


def period_after(price: Doc, anchor: int, start: int) -> int:
    """The end of the period of a price that begins at `start`."""
    return month_after(anchor, start, MONTHS[price["recurring"]["interval"]])


def begin_period(items: list[Doc], anchor: int, start: int) -> None:
    """Each of these items begins a period of its own length, by its own day where it has one."""
    for item in items:
        end = period_after(item["price"], int(item.get("_anchor", anchor)), start)
        item["current_period_start"], item["current_period_end"] = start, end


def next_end(items: list[Doc]) -> int:
    """When the first of the items' periods is over."""
    return int(min(item["current_period_end"] for item in items))


def last_end(items: list[Doc]) -> int:
    return int(max(item["current_period_end"] for item in items))
