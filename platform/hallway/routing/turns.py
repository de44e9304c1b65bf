"""Whose turn it is: round robin over those on shift, kept in the database so that two at once take two turns."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from groundwork.database import ScopedSession, new_id
from hallway.routing.models import Turn

EVERYBODY = "everybody"
# One at a time in each line of each tenant, until the transaction ends.
IN_LINE = text("SELECT pg_advisory_xact_lock(hashtextextended('turn ' || :tenant || ' ' || :line, 0))")


def take(session: ScopedSession, line: str, among: Sequence[UUID]) -> UUID | None:
    """Whoever of `among` has waited longest for a turn in this line; None when there is nobody.

    Somebody who comes back on shift gets the next one and then waits like all others: turns are not saved up.
    """
    if not among:
        return None
    session.execute(IN_LINE, {"tenant": str(session.tenant_id), "line": line})
    chosen = _longest_waiting(session, line, among)
    last = session.scalar(select(func.max(Turn.number)).where(Turn.line == line)) or 0
    row = {"tenant_id": session.tenant_id, "id": new_id(), "line": line, "member_id": chosen, "number": last + 1}
    unique = [Turn.tenant_id, Turn.line, Turn.member_id]
    statement = insert(Turn).values(**row)
    session.execute(statement.on_conflict_do_update(index_elements=unique, set_={"number": last + 1}))
    return chosen


def peek(session: ScopedSession, line: str, among: Sequence[UUID]) -> UUID | None:
    """Who would be next, without taking the turn."""
    return _longest_waiting(session, line, among) if among else None


def _longest_waiting(session: ScopedSession, line: str, among: Sequence[UUID]) -> UUID:
    rows = session.execute(select(Turn.member_id, Turn.number).where(Turn.line == line, Turn.member_id.in_(among)))
    served = {row.member_id: row.number for row in rows}
    return min(among, key=lambda member: (served.get(member, 0), member))
