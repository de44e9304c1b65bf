"""Who works when: weekly shifts per member, in the business's own zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenants import hours
from tenants.models import Member, Shift, Tenant

Week = Mapping[str, Sequence[tuple[str, str]]]  # {"mon": [("08:00", "17:00")]}
WORKERS = ("owner", "manager", "agent")
MOST_PER_DAY = 3


class ShiftError(ValueError):
    """A week that cannot be kept; the message says why."""


def weeks(session: Session) -> dict[UUID, dict[str, list[tuple[str, str]]]]:
    """Every member's week, by the member's id; members without a shift are missing."""
    found: dict[UUID, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for shift in session.scalars(select(Shift).order_by(Shift.weekday, Shift.starts)):
        found[shift.member_id][shift.weekday].append((shift.starts, shift.ends))
    return {member: dict(week) for member, week in found.items()}


def keep(session: Session, member: Member, week: Week) -> None:
    """Let `week` stand for this member from now on. Raises ShiftError for hours that overlap or do not exist."""
    rows = [(day, *stretch) for day, stretches in week.items() for stretch in _checked(day, stretches)]
    session.execute(delete(Shift).where(Shift.member_id == member.id))
    session.add_all(Shift(member_id=member.id, weekday=day, starts=starts, ends=ends) for day, starts, ends in rows)
    session.flush()


def on_shift(session: Session, tenant: Tenant, at: datetime) -> list[Member]:
    """The members who work at `at`, by id. While nobody has a shift at all, everybody who may write counts."""
    who = select(Member).where(Member.removed_at.is_(None), Member.role.in_(WORKERS)).order_by(Member.id)
    known = weeks(session)
    return [one for one in session.scalars(who) if not known or works_at(tenant, known.get(one.id, {}), at)]


def is_on_shift(session: Session, tenant: Tenant, member_id: UUID, at: datetime) -> bool:
    known = weeks(session)
    return not known or works_at(tenant, known.get(member_id, {}), at)


def works_at(tenant: Tenant, week: Week, at: datetime) -> bool:
    """Whether `at` (aware) lies in a week's shifts; one that ends before it begins runs into the next day."""
    local = at.astimezone(hours.zone(tenant))
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    clock = local.strftime("%H:%M")
    now = any(starts <= clock < ends or (ends <= starts <= clock) for starts, ends in _day(week, today.weekday()))
    late = any(ends <= starts and clock < ends for starts, ends in _day(week, yesterday.weekday()))
    return now or late


def _day(week: Week, weekday: int) -> Sequence[tuple[str, str]]:
    return week.get(hours.DAYS[weekday], ())


def _checked(day: str, stretches: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    if day not in hours.DAYS or len(stretches) > MOST_PER_DAY:
        raise ShiftError(f"A day holds up to {MOST_PER_DAY} shifts.")
    ordered = sorted(stretches)
    for starts, ends in ordered:
        if not (_is_wall(starts) and (_is_wall(ends) or ends == "24:00")) or starts == ends:
            raise ShiftError("A shift has a beginning and an end, such as 08:00 and 17:00.")
    for (starts, ends), (after, _) in pairwise(ordered):
        if after < ends or ends <= starts:
            raise ShiftError("Two shifts of one day overlap.")
    return ordered


def _is_wall(text: str) -> bool:
    hour, _, minute = text.partition(":")
    return len(text) == 5 and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60
