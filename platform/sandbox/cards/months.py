"""Billing months: the same day each month, the last one where a month is too short."""

import calendar
from datetime import UTC, datetime


def month_after(anchor: int, start: int) -> int:
    """The end of the month of billing that begins at `start`, by the day and hour of `anchor`; seconds."""
    first, day = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(anchor, UTC)
    year, month = first.year + first.month // 12, first.month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return int(day.replace(year=year, month=month, day=min(day.day, last)).timestamp())
