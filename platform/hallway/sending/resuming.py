"""Start sending again after an account was stopped."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select, update

from groundwork import clock, jobs, live
from groundwork.database import ScopedSession
from hallway.conversations import Message
from hallway.sending.queueing import Lane
from tenants.models import Tenant


def resume(session: ScopedSession) -> None:
    """What stopped sending is mended: texts that were held for it, and are still good, go now."""
    session.get_one(Tenant, session.tenant_id).sending_stopped_reason = None
    held = (Message.tenant_id == session.tenant_id, Message.state == "held", Message.held_rule == "tenant.stopped")
    lanes = set(session.scalars(select(Message.lane).where(*held).distinct()))
    session.execute(update(Message).where(*held).values(due_at=clock.now()))
    for lane in lanes:
        jobs.ring(session, f"deliver:{lane}", cast("Lane", lane))
    live.tell(session, "sending")
