"""Start sending again after an account was stopped, or after a missing payment came."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, select, update

from groundwork import clock, jobs, live
from groundwork.database import ScopedSession
from hallway.conversations import Message
from hallway.sending.drafts import Lane
from tenants.models import Tenant


def resume(session: ScopedSession) -> None:
    """What stopped sending is mended: texts that were held for it, and are still good, go now."""
    session.get_one(Tenant, session.tenant_id).sending_stopped_reason = None
    _let_go(session, Message.held_rule == "tenant.stopped")
    live.tell(session, "sending")


def release(session: ScopedSession, rules: str) -> None:
    """What was held by rules whose names begin so, and is still good, goes now; the gate is asked again."""
    _let_go(session, Message.held_rule.startswith(rules, autoescape=True))


def _let_go(session: ScopedSession, why: ColumnElement[bool]) -> None:
    held = (Message.tenant_id == session.tenant_id, Message.state == "held", why)
    lanes = set(session.scalars(select(Message.lane).where(*held).distinct()))
    if lanes:
        session.execute(update(Message).where(*held).values(due_at=clock.now()))
    for lane in lanes:
        jobs.ring(session, f"deliver:{lane}", cast("Lane", lane))
