"""The tower: all clients of an agency in one look, those that need help first. Counts and ages, nobody's name or words.

Read through the agency's own log-in, in as many statements for four hundred clients as for four; leaks were measured
before (`measuring`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import load_only

from billing import rights, spending, standings
from groundwork import clock, scope
from groundwork.database import Json, open_session
from hallway.insight.health import earliest_id
from tenants.models import Tenant

TOO_LONG = timedelta(hours=24)
MANY_WAIT = 9
MANY_LOST = 3
DAY = timedelta(hours=24)
Rows = Mapping[str, Json]
TOLD = {
    "waits": """
        SELECT tenant_id, count(*) AS waiting, min(waiting_since) AS since FROM conversation
        WHERE waiting_since IS NOT NULL AND status = 'open' AND tenant_id = ANY(:ids) GROUP BY tenant_id""",
    "calls": """
        SELECT tenant_id, count(*) AS missed, count(*) FILTER (WHERE text_back = 'sent') AS texted,
          count(*) FILTER (WHERE text_back IS NULL OR text_back = 'refused') AS untexted
        FROM call WHERE direction = 'in' AND outcome = 'missed' AND started_at >= :day AND tenant_id = ANY(:ids)
        GROUP BY tenant_id""",
    "numbers": """
        SELECT tenant_id, count(*) FILTER (WHERE active) AS active,
          count(*) FILTER (WHERE active AND missing_since IS NOT NULL) AS missing,
          count(*) FILTER (WHERE active AND quiet_since IS NOT NULL) AS quiet
        FROM number WHERE tenant_id = ANY(:ids) GROUP BY tenant_id""",
    "filings": """
        SELECT tenant_id, count(*) FILTER (WHERE state = 'refused') AS refused FROM registration
        WHERE tenant_id = ANY(:ids) GROUP BY tenant_id""",
    "lost": """
        SELECT tenant_id, count(*) FILTER (WHERE channel <> 'email') AS texts,
          count(*) FILTER (WHERE channel = 'email') AS mails
        FROM message WHERE direction = 'out' AND state IN ('failed', 'undelivered', 'expired') AND id >= :since
          AND at >= :day AND tenant_id = ANY(:ids) GROUP BY tenant_id""",
    "tasks": "SELECT tenant_id, count(*) AS open FROM task WHERE done_at IS NULL AND tenant_id = ANY(:ids) GROUP BY 1",
    "leaks": "SELECT tenant_id, leaks, worst, worst_count, worst_total FROM leak_count WHERE tenant_id = ANY(:ids)",
    "used": """
        SELECT u.tenant_id, jsonb_object_agg(u.metric, u.used) AS used FROM (
          SELECT e.tenant_id, CASE e.metric WHEN 'call_seconds' THEN 'minutes' ELSE e.metric END AS metric,
            sum(CASE e.metric WHEN 'call_seconds' THEN ceil(e.quantity / 60.0) ELSE e.quantity END)::int AS used
          FROM usage_event e JOIN tenant t ON t.id = e.tenant_id
          WHERE e.metric IN ('segments', 'call_seconds', 'numbers') AND e.tenant_id = ANY(:ids)
            AND e.used_at >= coalesce(t.period_start, :month) GROUP BY 1, 2
        ) u GROUP BY u.tenant_id""",
}
# One statement: eight are eight journeys to the database, and each costs this process more than the rows do.
STATEMENT = text(
    " UNION ALL ".join(f"SELECT '{of}' AS of, q.tenant_id, to_jsonb(q) AS row FROM ({q}) q" for of, q in TOLD.items())
)
NOTHING: Json = {}
OF_TENANT = (Tenant.name, Tenant.trade, Tenant.plan, Tenant.standing, Tenant.standing_until, Tenant.created_at,
             Tenant.spend_cap_cents, Tenant.text_back_enabled, Tenant.sending_stopped_reason)  # fmt: skip


class Leaks(NamedTuple):
    """How many of the eight signs leak, and the largest: its title, and how many of how many."""

    number: int
    worst: str | None
    leaked: int
    total: int


class Trouble(NamedTuple):
    """Something that needs help, in plain words. The greater the `weight`, the further up."""

    words: str
    weight: int


@dataclass
class Client:
    """How one client does."""

    id: UUID
    name: str
    trade: str
    waiting: int = 0
    waiting_since: datetime | None = None
    tasks: int = 0
    missed: int = 0
    texted: int = 0
    spent_cents: int | None = None
    cap_cents: int | None = None
    leaks: Leaks | None = None  # None: not measured yet
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(trouble.weight for trouble in self.troubles)


def look(agency_id: UUID, clients: Collection[UUID]) -> list[Client]:
    """Those of `clients` that are this agency's, the ones in need first, then whoever has people waiting longest."""
    now = clock.now()
    named = {"ids": list(clients), "day": now - DAY, "since": earliest_id(now - DAY), "month": now - timedelta(days=30)}
    with open_session(scope.agency(agency_id)) as session:
        tenants = session.scalars(select(Tenant).where(Tenant.id.in_(clients)).options(load_only(*OF_TENANT))).all()
        rows = session.execute(STATEMENT, named).all()
    found: dict[UUID, dict[str, Json]] = defaultdict(dict)
    for row in rows:
        found[row.tenant_id][row.of] = row.row
    seen = [_client(tenant, found[tenant.id], now) for tenant in tenants]
    return sorted(seen, key=lambda one: (-one.weight, one.waiting_since or now, one.name.lower()))


def _client(tenant: Tenant, rows: Rows, now: datetime) -> Client:
    one = Client(tenant.id, tenant.name, tenant.trade)
    if waits := rows.get("waits"):
        one.waiting, one.waiting_since = waits["waiting"], datetime.fromisoformat(waits["since"])
    if calls := rows.get("calls"):
        one.missed, one.texted = calls["missed"], calls["texted"]
    if leaks := rows.get("leaks"):
        one.leaks = Leaks(leaks["leaks"], leaks["worst"], leaks["worst_count"], leaks["worst_total"])
    one.tasks = rows.get("tasks", NOTHING).get("open", 0)
    _spend(one, tenant, rows.get("used", NOTHING))
    found = [*_of_sending(tenant), *_of_channels(rows), *_of_people(one, rows, now), *_of_spend(one)]
    one.troubles = sorted(found, key=lambda trouble: -trouble.weight)
    return one


def _spend(one: Client, tenant: Tenant, row: Json) -> None:
    plan = rights.plan_of(tenant)
    if plan is not None:
        one.spent_cents = spending.spent(spending.lines_of(row.get("used", NOTHING), plan))
        one.cap_cents = spending.cap_of(tenant)


def _of_sending(tenant: Tenant) -> Iterator[Trouble]:
    if tenant.sending_stopped_reason:
        yield Trouble("No text goes out: the carrier refuses them", 100)
    if not tenant.text_back_enabled:
        yield Trouble("Texting back is switched off", 60)
    words = {
        "grace": ("A payment is missing; follow-up waits", 50),
        "paused": ("Paused: a payment is missing", 90),
        "cancelled": ("The plan was cancelled", 30),
    }.get(standings.of(tenant))
    if words:
        yield Trouble(*words)


def _of_channels(rows: Rows) -> Iterator[Trouble]:
    numbers, filings, lost = (rows.get(name, NOTHING) for name in ("numbers", "filings", "lost"))
    if not numbers.get("active"):
        yield Trouble("No phone number", 70)
    elif numbers["missing"]:
        yield Trouble(_count(numbers["missing"], "number is", "numbers are") + " gone at the carrier", 95)
    if quiet := numbers.get("quiet"):
        yield Trouble(_count(quiet, "number gets", "numbers get") + " no forwarded calls any more", 85)
    if refused := filings.get("refused"):
        yield Trouble(_count(refused, "filing", "filings") + " refused by the carriers", 80)
    if lost.get("texts", 0) >= MANY_LOST:
        yield Trouble(f"{lost['texts']} texts not delivered in 24 hours", 45)
    if lost.get("mails", 0) >= MANY_LOST:
        yield Trouble(f"{lost['mails']} e-mails not delivered in 24 hours", 40)


def _of_people(one: Client, rows: Rows, now: datetime) -> Iterator[Trouble]:
    if untexted := rows.get("calls", NOTHING).get("untexted"):
        yield Trouble(_count(untexted, "missed call", "missed calls") + " not texted in 24 hours", 55)
    if one.waiting_since and now - one.waiting_since > TOO_LONG:
        yield Trouble(f"Somebody has waited {_age(now - one.waiting_since)}", 50)
    elif one.waiting > MANY_WAIT:
        yield Trouble(f"{one.waiting} people wait for an answer", 35)


def _of_spend(one: Client) -> Iterator[Trouble]:
    if one.spent_cents is None or not one.cap_cents:
        return
    share = one.spent_cents * 100 // one.cap_cents
    if share >= 100:
        yield Trouble("The spending cap is reached; nothing more is sent", 75)
    elif share >= 80:
        yield Trouble(f"{share} % of the spending cap is used", 30)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _age(waited: timedelta) -> str:
    return _count(waited.days, "day", "days")
