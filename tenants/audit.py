"""What administrators and agencies did in a business, kept where the business can read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from groundwork.database import Json, ScopedSession
from tenants import members
from tenants.models import AuditEvent
from tenants.signin import SignedIn

PAGE = 50


def note(
    session: ScopedSession,
    who: SignedIn,
    action: str,
    detail: Json | None = None,
    ip: str | None = None,
    *,
    tenant_id: UUID | None = None,
) -> None:
    """Write down that `who` did `action` ("Changed the opening hours"), in plain words; `detail` is what changed.

    `tenant_id` is named in a SYSTEM session only; elsewhere it is the session's own.
    """
    session.add(
        AuditEvent(
            tenant_id=tenant_id or session.tenant_id,
            actor_user_id=who.user_id,
            actor_name=who.name,
            acting_for=who.agency,
            action=action,
            detail=detail or {},
            ip=ip,
        )
    )


def note_by_itself(session: ScopedSession, whose: str, action: str, detail: Json) -> None:
    """Write down what no person did here: something that `whose` service told us."""
    session.add(AuditEvent(tenant_id=session.tenant_id, actor_name=whose, action=action, detail=detail))


def note_everywhere(system: ScopedSession, who: SignedIn, action: str, detail: Json | None, ip: str | None) -> None:
    """Write down what `who` did to their own log-in, in every business they are a member of. In a SYSTEM session."""
    for place in members.places_of(system, who.user_id):
        if place.agency_id is None:
            note(system, replace(who, agency=None), action, detail, ip, tenant_id=place.tenant_id)


def latest(
    session: ScopedSession,
    before: tuple[datetime, UUID] | None = None,
    *,
    agency_only: bool = False,
    by: UUID | None = None,
    words: str = "",
) -> Sequence[AuditEvent]:
    """Up to PAGE entries, newest first; `before` is (created_at, id) of the last one already shown.

    `by` is the user who did it, `words` a part of what was done.
    """
    query = select(AuditEvent).order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc()).limit(PAGE)
    if before:
        query = query.where(tuple_(AuditEvent.created_at, AuditEvent.id) < before)
    if agency_only:
        query = query.where(AuditEvent.acting_for.is_not(None))
    if by:
        query = query.where(AuditEvent.actor_user_id == by)
    if words:
        query = query.where(AuditEvent.action.icontains(words, autoescape=True))
    return session.scalars(query).all()
