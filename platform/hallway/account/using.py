"""What a business uses: counted once, held against its spend cap, told to its people and to Stripe."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from billing import reporting, spending, usage
from billing.plans import TERMS
from billing.spending import Alert
from billing.usage import Usage
from groundwork import clock, scope
from groundwork.database import ScopedSession, open_session
from hallway import notices
from hallway.account.following import PAGE
from hallway.channels.numbers import numbers
from tenants.models import Tenant

LOOK_BACK = timedelta(days=2)  # a call whose end was told late is still found
CALLS = text("""
INSERT INTO usage_event (tenant_id, id, metric, source, quantity, used_at)
SELECT tenant_id, gen_random_uuid(), 'call_seconds', id::text,
  greatest(1, coalesce(duration, extract(epoch FROM ended_at - started_at)))::int, ended_at
FROM call
WHERE tenant_id = :tenant AND started_at >= :since AND ended_at IS NOT NULL
ON CONFLICT (tenant_id, metric, source) DO NOTHING
""")


def watch(tenant_id: UUID) -> None:
    """Handler of the bell `usage`: count, look at the cap, write down what is beyond the plan, and report it."""
    with open_session(scope.tenant(tenant_id)) as session:
        _count(session)
        alert = spending.watch(session)
        if alert:
            _tell(session, alert)
    reporting.file(tenant_id)
    reporting.send(tenant_id)


def _count(session: ScopedSession) -> None:
    tenant, now = session.get_one(Tenant, session.tenant_id), clock.now()
    session.execute(CALLS, {"tenant": tenant.id, "since": now - LOOK_BACK})
    start = tenant.period_start
    if start is None:
        return
    day = start.date().isoformat()
    active = [number for number in numbers(session) if number.active]
    usage.meter(session, [Usage("numbers", f"{one.e164}:{day}", 1, max(start, one.created_at)) for one in active])


def _tell(session: ScopedSession, alert: Alert) -> None:
    if alert.trial:
        title = f"{alert.percent} % of your trial's texts are used"
        body = f"A trial of {TERMS.trial_days} days has the texts of its plan and no more."
    else:
        title = f"{alert.percent} % of your spend cap is reached"
        body = f"${alert.spent_cents / 100:,.2f} of ${alert.cap_cents / 100:,.2f} this month, beyond your plan."
    if alert.percent >= 100:
        body += " Texts are refused until it is raised or the month is over; everything that comes in is kept."
    notices.tell_managers(session, title=title, body=body, url_path=PAGE, urgent=alert.percent >= 100)
