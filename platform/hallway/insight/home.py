"""What the owner opens in the morning: today's missed calls and what became of them, how fast, and who waits now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, select, text

from groundwork.database import ScopedSession
from hallway.calls.models import Call, Voicemail
from hallway.conversations import Message, Task, inbox
from hallway.insight.health import Trouble, troubles
from hallway.leads.models import Lead
from tenants.models import Tenant

WEEK = 7
SHOWN = 5
STEPS = ("missed", "texted", "replied", "answered", "booked")

# Per local day, and once for the whole week (day is null): callers missed, texted, replied, answered by a person; and
# the seconds from missed to accepted, to delivered, to a person, at the median and the 95th percentile.
FUNNEL = text("""
    WITH missed AS (
      SELECT coalesce(c.conversation_id, c.id) AS caller, (c.missed_at AT TIME ZONE :zone)::date AS day, c.missed_at,
        m.accepted_at, m.delivered_at,
        (SELECT min(r.at) FROM message r WHERE r.tenant_id = :tenant_id AND r.conversation_id = c.conversation_id
          AND r.at > c.missed_at AND r.direction = 'in') AS replied_at,
        (SELECT min(p.at) FROM message p WHERE p.tenant_id = :tenant_id AND p.conversation_id = c.conversation_id
          AND p.at > c.missed_at AND p.direction = 'out' AND p.kind = 'person' AND p.state <> 'refused') AS wrote_at,
        (SELECT min(a.answered_at) FROM call a WHERE a.tenant_id = :tenant_id
          AND a.conversation_id = c.conversation_id AND a.started_at > c.started_at) AS spoke_at
      FROM call c LEFT JOIN message m ON m.tenant_id = :tenant_id AND m.id = c.text_back_message_id
      WHERE c.tenant_id = :tenant_id AND c.direction = 'in' AND c.outcome = 'missed'
        AND c.started_at >= :begin AND c.started_at < :end AND c.missed_at IS NOT NULL
    ),
    told AS (
      SELECT *, least(wrote_at, spoke_at) AS person_at, extract(epoch FROM accepted_at - missed_at) AS to_text,
        extract(epoch FROM delivered_at - missed_at) AS to_phone,
        extract(epoch FROM least(wrote_at, spoke_at) - missed_at) AS to_person
      FROM missed
    )
    SELECT day, count(DISTINCT caller) AS missed,
      count(DISTINCT caller) FILTER (WHERE accepted_at IS NOT NULL) AS texted,
      count(DISTINCT caller) FILTER (WHERE replied_at IS NOT NULL) AS replied,
      count(DISTINCT caller) FILTER (WHERE person_at IS NOT NULL) AS answered,
      percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_text) AS accepted,
      percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_phone) AS delivered,
      percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY to_person) AS person
    FROM told GROUP BY GROUPING SETS ((day), ())
""")


class Day(NamedTuple):
    """Callers of one local day, each counted once."""

    date: date
    missed: int = 0
    texted: int = 0
    replied: int = 0
    answered: int = 0


class Speed(NamedTuple):
    """Seconds at the median and at the 95th percentile."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Home:
    """Everything the home page says. `week` ends with today; `booked` is None where nothing was ever booked here."""

    week: list[Day]
    booked: int | None
    first_text: Speed | None
    delivered: Speed | None
    first_person: Speed | None
    waiting: list[inbox.Line]
    counts: inbox.Counts
    tasks: list[Task]
    last_call: datetime | None
    troubles: list[Trouble]

    @property
    def today(self) -> Day:
        return self.week[-1]


def today(session: ScopedSession, tenant: Tenant, now: datetime) -> Home:
    """The numbers of the local day that `now` falls in, and of the six days before it. Seven queries."""
    first, last = days(tenant, now)
    begin, end = _midnight(tenant, first), _midnight(tenant, last + timedelta(days=1))
    rows = _funnel(session, tenant, begin, end)
    total = rows.get(None)
    booked, last_call = _ever(session, _midnight(tenant, last), end)
    return Home(
        week=[_day(first + timedelta(days=n), rows) for n in range(WEEK)],
        booked=booked,
        first_text=_speed(total.accepted if total else None),
        delivered=_speed(total.delivered if total else None),
        first_person=_speed(total.person if total else None),
        waiting=inbox.page(session, "waiting", None, limit=SHOWN).lines,
        counts=inbox.counts(session, None),
        tasks=open_tasks(session, SHOWN),
        last_call=last_call,
        troubles=troubles(session, tenant, now),
    )


def days(tenant: Tenant, now: datetime) -> tuple[date, date]:
    """First and last local day of the week that ends today."""
    last = now.astimezone(ZoneInfo(tenant.timezone)).date()
    return last - timedelta(days=WEEK - 1), last


def _midnight(tenant: Tenant, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(tenant.timezone)).astimezone(UTC)


def _funnel(session: ScopedSession, tenant: Tenant, begin: datetime, end: datetime) -> dict[date | None, Any]:
    bounds = {"tenant_id": tenant.id, "zone": tenant.timezone, "begin": begin, "end": end}
    return {row.day: row for row in session.execute(FUNNEL, bounds)}


def _day(day: date, rows: dict[date | None, Any]) -> Day:
    row = rows.get(day)
    return Day(day, row.missed, row.texted, row.replied, row.answered) if row else Day(day)


def _speed(values: Sequence[Any] | None) -> Speed | None:
    """Percentiles as PostgreSQL gives them: null, or nulls, where there was nothing to measure."""
    if not values or values[0] is None:
        return None
    return Speed(float(values[0]), float(values[1]))


def _ever(session: ScopedSession, begin: datetime, end: datetime) -> tuple[int | None, datetime | None]:
    """Leads booked within the bounds, None when none was ever booked; and when a call last came in."""
    booked = select(func.count(Lead.id).filter(Lead.booked_at >= begin, Lead.booked_at < end))
    ever = select(func.count(Lead.id)).where(Lead.booked_at.is_not(None))
    last = select(func.max(Call.started_at)).where(Call.direction == "in")
    row = session.execute(
        select(
            booked.where(Lead.booked_at.is_not(None)).scalar_subquery(), ever.scalar_subquery(), last.scalar_subquery()
        )
    ).one()
    return row[0] if row[1] else None, row[2]


def open_tasks(session: ScopedSession, limit: int) -> list[Task]:
    """Open tasks, the oldest first."""
    mine = select(Task).where(Task.done_at.is_(None)).order_by(Task.created_at).limit(limit)
    return list(session.scalars(mine))


def done_tasks(session: ScopedSession, limit: int = 20) -> list[Task]:
    """Tasks that are done, the latest asked first."""
    lately = select(Task).where(Task.done_at.is_not(None)).order_by(Task.id.desc()).limit(limit)
    return list(session.scalars(lately))


def said(session: ScopedSession, tasks: Sequence[Task]) -> dict[str, str]:
    """What they wrote, by the key of the task that asks a person to judge it."""
    keys = [UUID(task.key) for task in tasks if task.kind == "review_reply"]
    written = select(Message.id, Message.body).where(Message.id.in_(keys))
    spoken = select(Voicemail.id, Voicemail.transcript).where(Voicemail.id.in_(keys), Voicemail.transcript.is_not(None))
    return {str(id_): body for id_, body in session.execute(written.union_all(spoken))} if keys else {}


def conversations_of(tenant: Tenant, now: datetime, step: str) -> Select[Any]:
    """Ids of today's conversations that got as far as `step`, one of STEPS: what a number of the funnel leads to."""
    _, day = days(tenant, now)
    begin, end = _midnight(tenant, day), _midnight(tenant, day + timedelta(days=1))
    missed = select(Call.conversation_id).where(
        Call.direction == "in", Call.outcome == "missed", Call.started_at >= begin, Call.started_at < end
    )
    texted = exists().where(Message.id == Call.text_back_message_id, Message.accepted_at.is_not(None))
    return {
        "missed": missed,
        "texted": missed.where(texted),
        "replied": missed.where(exists().where(*_after_call("in"))),
        "answered": missed.where(exists().where(*_after_call("out"), Message.kind == "person")),
        "booked": select(Lead.conversation_id).where(Lead.booked_at >= begin, Lead.booked_at < end),
    }[step]


def _after_call(direction: str) -> tuple[ColumnElement[bool], ...]:
    same = Message.conversation_id == Call.conversation_id
    return same, Message.at > Call.missed_at, Message.direction == direction
