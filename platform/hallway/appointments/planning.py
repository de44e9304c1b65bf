"""When an appointment's reminders are due: pure rules over wall clocks, right over every change of the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JUST_TOLD = timedelta(hours=2)  # a reminder this soon after the confirmation only repeats it


@dataclass(frozen=True)
class Planned:
    """One reminder: due at, good until, and for one that is skipped from the start the rule and the reason."""

    kind: str  # day_before, morning_of
    due_at: datetime
    good_until: datetime
    rule: str | None = None
    reason: str | None = None


def plan(starts_at: datetime, zone: str, told_at: datetime, day_before_at: str, morning_of_at: str) -> list[Planned]:
    """The two reminders of a visit that was agreed on at `told_at`; hours are "HH:MM" on the property's wall clock.

    A day-before reminder says "tomorrow", so it is good until midnight; a morning one until the visit begins.
    """
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    eve = wall(day - timedelta(days=1), day_before_at, zone)
    morning = wall(day, morning_of_at, zone)
    return [
        _planned("day_before", eve, wall(day, "00:00", zone), told_at),
        _planned("morning_of", morning, starts_at, told_at),
    ]


def _planned(kind: str, due_at: datetime, good_until: datetime, told_at: datetime) -> Planned:
    rule = reason = None
    if due_at >= good_until:
        rule, reason = "reminder.begins_early", "The visit begins before the hour of the morning reminder."
    elif due_at <= told_at:
        rule, reason = "reminder.too_short", "It was agreed on too short before; the reminder's hour had passed."
    elif due_at - told_at < JUST_TOLD:
        rule, reason = "reminder.just_told", "They had been told less than two hours before."
    return Planned(kind, due_at, good_until, rule, reason)


def wall(day: date, clock: str, zone: str) -> datetime:
    """A wall-clock time on a day, in UTC. An hour the clocks skip moves on by that hour; a doubled one is the first."""
    local = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone))
    return local.astimezone(UTC)
