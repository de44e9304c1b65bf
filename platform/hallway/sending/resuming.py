"""Start sending again: after an account was stopped, a missing payment came, or a deed was undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

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


def put_back(session: ScopedSession, until: Mapping[UUID, datetime]) -> None:
    """Messages that were taken back wait again, each until its time; the gate is asked again before one leaves."""
    taken_back = (Message.tenant_id == session.tenant_id, Message.id.in_(until), Message.state == "cancelled")
    for message in session.scalars(select(Message).where(*taken_back).with_for_update()).all():
        message.state, message.due_at, message.error, message.settled_at = "held", until[message.id], None, None
        if until[message.id] <= clock.now():
            jobs.ring(session, f"deliver:{message.lane}", cast("Lane", message.lane))


def _let_go(session: ScopedSession, why: ColumnElement[bool]) -> None:
    held = (Message.tenant_id == session.tenant_id, Message.state == "held", why)
    lanes = set(session.scalars(select(Message.lane).where(*held).distinct()))
    if lanes:
        session.execute(update(Message).where(*held).values(due_at=clock.now()))
    for lane in lanes:
        jobs.ring(session, f"deliver:{lane}", cast("Lane", lane))
