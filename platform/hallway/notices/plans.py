"""How each member wants to be told, and which phone is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from groundwork.database import ScopedSession, new_id
from hallway.notices.events import EVENTS, WAYS, event_of
from hallway.notices.models import NoticePlan

# Calls stand above notices, so their table is named here.
PHONE = text(
    "SELECT id, e164, label FROM phone WHERE tenant_id = :tenant AND member_id = :member ORDER BY position, id"
)
FREE = text(
    "SELECT id, e164, label FROM phone WHERE tenant_id = :tenant AND (member_id IS NULL OR member_id = :member) "
    "ORDER BY position, id"
)
LET_GO = text("UPDATE phone SET member_id = NULL WHERE tenant_id = :tenant AND member_id = :member")
TAKE = text(
    "UPDATE phone SET member_id = :member WHERE tenant_id = :tenant AND id = :phone AND member_id IS NULL RETURNING id"
)


class Cell(NamedTuple):
    """A phone of the business's."""

    id: UUID
    e164: str
    label: str


def plan_of(session: ScopedSession, member_id: UUID) -> NoticePlan:
    """What the member chose, or the usual plan, which is stored only once something is changed."""
    found = session.scalar(select(NoticePlan).where(NoticePlan.member_id == member_id))
    usual = {"ways": {}, "off_shift_too": False, "words_in_push": False, "fallback_minutes": 5}
    return found or NoticePlan(id=new_id(), member_id=member_id, **usual)


def ways_of(plan: NoticePlan, event: str) -> Sequence[str]:
    """The ways this plan chooses for an event, in the order of the table."""
    chosen = plan.ways.get(event, event_of(event).usual)
    return [way for way in WAYS if way in chosen]


def change(
    session: ScopedSession,
    member_id: UUID,
    ways: Mapping[str, Sequence[str]],
    *,
    off_shift_too: bool,
    words_in_push: bool,
    fallback_minutes: int,
) -> None:
    """Keep what a member chose. Events and ways that do not exist are left out."""
    plan = plan_of(session, member_id)
    plan.ways = {event: [way for way in WAYS if way in ways.get(event, ())] for event in EVENTS}
    plan.off_shift_too, plan.words_in_push = off_shift_too, words_in_push
    plan.fallback_minutes = fallback_minutes
    session.add(plan)
    session.flush()


def cell_of(session: ScopedSession, member_id: UUID) -> Cell | None:
    """The phone on which this member is texted, and from which they answer."""
    row = session.execute(PHONE, {"tenant": session.tenant_id, "member": member_id}).first()
    return Cell(*row) if row else None


def cells_for(session: ScopedSession, member_id: UUID) -> list[Cell]:
    """The phones a member may call theirs: their own, and those nobody else has."""
    return [Cell(*row) for row in session.execute(FREE, {"tenant": session.tenant_id, "member": member_id})]


def carry(session: ScopedSession, member_id: UUID, phone_id: UUID | None) -> bool:
    """Make a phone this member's, or none. False when somebody else has it."""
    who = {"tenant": session.tenant_id, "member": member_id}
    session.execute(LET_GO, who)
    return phone_id is None or session.execute(TAKE, {**who, "phone": phone_id}).first() is not None
