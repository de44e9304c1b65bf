"""The leaks of an agency's clients are measured each hour by workers, so that its page has only to read them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, timers
from groundwork.database import ScopedSession, new_id
from groundwork.tables import Timer
from hallway.insight import leaks
from hallway.insight.models import LeakCount
from tenants.models import Tenant

MEASURE, EVERY = "measure_leaks", timedelta(hours=1)


def arrange(system: ScopedSession) -> None:
    """Have the leaks of every agency's clients measured, at once where they never were. Takes a SYSTEM session."""
    waits = exists().where(Timer.tenant_id == Tenant.id, Timer.kind == MEASURE, Timer.key == "all")
    new = select(Tenant.id).where(Tenant.agency_id.is_not(None), ~waits.where(Timer.state == "ready"))
    timers.put_everywhere(system, MEASURE, "all", system.scalars(new).all(), {}, queue="bulk")


def measure(session: ScopedSession, timer: Timer) -> None:
    """Handler of `measure_leaks`; it ends with the agency."""
    if session.get_one(Tenant, session.tenant_id).agency_id is None:
        return
    found = leaks.leaking(leaks.signs(session))
    values = {"measured_at": clock.now(), "leaks": len(found), "worst": None, "worst_count": 0, "worst_total": 0}
    if found:
        values |= {"worst": found[0].title, "worst_count": found[0].count, "worst_total": found[0].total}
    row = insert(LeakCount).values(tenant_id=session.tenant_id, id=new_id(), **values)
    session.execute(row.on_conflict_do_update(index_elements=["tenant_id"], set_=values))
    timers.put(session, MEASURE, timer.key, clock.now() + EVERY, move=True, queue="bulk")
