"""Tell Stripe's meters what was used beyond the plan: each part once, under an identifier of our own.

The included amounts are ours to subtract: Stripe counts by customer, and an agency is one customer with many clients.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select, update

from billing import payers, rights, spending, standings, stripe_api
from billing.models import UsageEvent, UsageReport
from billing.stripe_api import StripeAwayError, StripeRefusedError
from groundwork import clock, scope
from groundwork.database import ScopedSession, new_id, open_session
from tenants.models import Tenant

KNOWN_AGAIN = timedelta(hours=23)  # Stripe drops a second event of the same identifier for a day
SEEN_AGAIN = timedelta(hours=1)
MOST_TENANTS = 500
METERED = ("segments", "call_seconds", "numbers")
log = structlog.get_logger(__name__)


def file_overage(session: ScopedSession, tenant: Tenant, customer: str, since: datetime, until: datetime) -> int:
    """Write down what Stripe was not told yet of a period; returns how many parts. Works in a SYSTEM session too."""
    plan = rights.plan_of(tenant)
    if plan is None or standings.of(tenant) == "trial":
        return 0
    filed = 0
    for line in spending.lines(session, tenant.id, plan, since, until):
        mine = (UsageReport.tenant_id == tenant.id, UsageReport.metric == line.metric)
        told = select(func.coalesce(func.sum(UsageReport.quantity), 0)).where(*mine, UsageReport.period_start == since)
        quantity = line.over - (session.scalar(told) or 0)
        if quantity > 0:
            about = {"metric": line.metric, "period_start": since, "customer": customer, "quantity": quantity}
            at = until - timedelta(seconds=1)
            session.add(UsageReport(tenant_id=tenant.id, id=new_id(), used_at=at, state="new", **about))
            filed += 1
    session.flush()
    return filed


def file(tenant_id: UUID) -> int:
    """The overage of the present period, written down for Stripe; returns how many parts."""
    with open_session(scope.SYSTEM) as session:
        tenant = session.get_one(Tenant, tenant_id, with_for_update=True)
        payer = payers.paying_for(session, tenant)
        if payer is None or payer.customer is None or tenant.period_start is None:
            return 0
        return file_overage(session, tenant, payer.customer, tenant.period_start, clock.now())


def send(tenant_id: UUID) -> int:
    """Tell Stripe what was written down; returns how many parts it took. Told again, a part is known as the same."""
    with open_session(scope.tenant(tenant_id)) as session:
        waiting = session.scalars(select(UsageReport).where(UsageReport.state == "new").order_by(UsageReport.id)).all()
        for report in waiting:
            report.tried_at = report.tried_at or clock.now()
    return sum(_send(tenant_id, report) for report in waiting)


def _send(tenant_id: UUID, report: UsageReport) -> bool:
    if report.tried_at and clock.now() - report.tried_at > KNOWN_AGAIN:
        # Stripe would no longer know it again: better to lose it than to bill it twice.
        log.error("usage that Stripe may have twice is not told again", report_id=str(report.id))
        return _settle(tenant_id, report.id, "doubtful")
    try:
        stripe_api.report(report.metric, report.customer, report.quantity, str(report.id), report.used_at)
    except StripeAwayError:
        return False
    except StripeRefusedError:
        log.exception("usage was not taken", report_id=str(report.id))
        return _settle(tenant_id, report.id, "doubtful")
    return _settle(tenant_id, report.id, "sent")


def _settle(tenant_id: UUID, report_id: UUID, state: str) -> bool:
    with open_session(scope.tenant(tenant_id)) as session:
        mine = (UsageReport.tenant_id == tenant_id, UsageReport.id == report_id)
        sent_at = clock.now() if state == "sent" else None
        session.execute(update(UsageReport).where(*mine).values(state=state, sent_at=sent_at))
    return state == "sent"


def due(session: ScopedSession) -> list[UUID]:
    """Businesses to look at: something new was used, or nobody looked for an hour. Takes a SYSTEM session."""
    newer = select(UsageEvent.id).where(
        UsageEvent.tenant_id == Tenant.id, UsageEvent.metric.in_(METERED), UsageEvent.used_at > Tenant.usage_looked_at
    )
    old = or_(Tenant.usage_looked_at.is_(None), Tenant.usage_looked_at < clock.now() - SEEN_AGAIN)
    wanted = select(Tenant.id).where(Tenant.plan.is_not(None), or_(old, newer.exists()))
    return list(session.scalars(wanted.order_by(Tenant.usage_looked_at.nulls_first()).limit(MOST_TENANTS)))
