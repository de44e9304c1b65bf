"""What a business used in its period, what it costs beyond the plan, and how far its cap is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from sqlalchemy import text

from billing import rights, standings
from billing.plans import METERED, Plan
from groundwork import clock
from groundwork.database import ScopedSession
from tenants.models import Tenant

ALERTS = (50, 80, 100)
NEAR = 5_000  # segments; a cap further away than this is not asked for with every text
USED = text("""
SELECT CASE metric WHEN 'call_seconds' THEN 'minutes' ELSE metric END AS metric,
  sum(CASE metric WHEN 'call_seconds' THEN ceil(quantity / 60.0) ELSE quantity END)::int AS used
FROM usage_event
WHERE tenant_id = :tenant AND metric IN ('segments', 'call_seconds', 'numbers')
  AND used_at >= :since AND used_at < :until
GROUP BY metric
""")


@dataclass(frozen=True)
class Line:
    """One metric of a period: how much was used, how much of it the plan includes, and what the rest costs in cents."""

    metric: str
    used: int
    included: int
    cents: Decimal

    @property
    def over(self) -> int:
        return max(0, self.used - self.included)

    @property
    def percent(self) -> int:
        return min(100, self.used * 100 // self.included) if self.included else 100


@dataclass(frozen=True)
class Alert:
    """Part of the cap was reached for the first time in this period. In a trial the cap is what the plan includes."""

    percent: int
    spent_cents: int
    cap_cents: int
    trial: bool


def period(tenant: Tenant) -> tuple[datetime, datetime]:
    """The billing period; without one, the last thirty days."""
    now = clock.now()
    start = tenant.period_start or now - timedelta(days=30)
    return start, max(tenant.period_end or now, now) + timedelta(seconds=1)


def lines(session: ScopedSession, tenant_id: UUID, plan: Plan, since: datetime, until: datetime) -> list[Line]:
    """What was used between two moments, metric by metric."""
    rows = session.execute(USED, {"tenant": tenant_id, "since": since, "until": until}).all()
    return lines_of({row.metric: row.used for row in rows}, plan)


def lines_of(used: Mapping[str, int], plan: Plan) -> list[Line]:
    """The same of what was counted already: {metric: how much}."""
    return [_line(metric, used.get(metric, 0), plan) for metric in METERED]


def _line(metric: str, used: int, plan: Plan) -> Line:
    included = plan.included[metric]
    return Line(metric, used, included, max(0, used - included) * plan.overage_cents[metric])


def spent(found: Sequence[Line]) -> int:
    """Cents beyond the plan, a started one counted."""
    return int(sum((line.cents for line in found), Decimal(0)).to_integral_value(rounding="ROUND_CEILING"))


def cap_of(tenant: Tenant) -> int | None:
    """The most that usage beyond the plan may cost in a period, in cents; None: no limit. A trial has no beyond."""
    return 0 if standings.of(tenant) == "trial" else tenant.spend_cap_cents


def watch(session: ScopedSession) -> Alert | None:
    """Look at what was used: set where the cap lies for the gate, and say when a part of it was reached."""
    tenant = session.get_one(Tenant, session.tenant_id, with_for_update=True)
    tenant.usage_looked_at = clock.now()
    plan, cap = rights.plan_of(tenant), cap_of(tenant)
    if plan is None or cap is None:
        tenant.segment_limit = None
        return None
    found = lines(session, tenant.id, plan, *period(tenant))
    tenant.segment_limit = _limit(plan, cap, found)
    return _alert(tenant, cap, found)


def _limit(plan: Plan, cap: int, found: Sequence[Line]) -> int | None:
    """How many segments may be used in the whole period; None while that is far away."""
    segments = next(line for line in found if line.metric == "segments")
    left = max(Decimal(0), cap - sum((line.cents for line in found if line is not segments), Decimal(0)))
    more = int((left / plan.overage_cents["segments"]).to_integral_value(rounding=ROUND_FLOOR))
    limit = segments.included + more
    return limit if limit - segments.used < NEAR else None


def _alert(tenant: Tenant, cap: int, found: Sequence[Line]) -> Alert | None:
    trial, cost = standings.of(tenant) == "trial", spent(found)
    segments = next(line for line in found if line.metric == "segments")
    share = segments.used * 100 // segments.included if trial else cost * 100 // cap if cap else 100 * (cost > 0)
    reached = max((step for step in ALERTS if share >= step), default=0)
    if reached <= tenant.spend_alerted:
        return None
    tenant.spend_alerted = reached
    return Alert(reached, cost, cap, trial)
