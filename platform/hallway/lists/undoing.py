"""Taking a list back: the people it made and nobody has met since, and the consent it claimed for them."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import text

from groundwork import clock, live, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.consent import many
from hallway.lists import running, slices
from hallway.lists.agreeing import CHOICES
from hallway.lists.models import CustomerList

UNDO = "undo_list"
AT_ONCE = 1000
# Whoever has a conversation, was blocked, or was told of by another list since, stays.
LOOK = text("""
SELECT c.id FROM contact c WHERE c.tenant_id = :tenant AND c.list_id = :list AND c.blocked_at IS NULL
  AND NOT EXISTS (SELECT FROM conversation v WHERE v.tenant_id = :tenant AND v.contact_id = c.id)
ORDER BY c.id LIMIT :most FOR UPDATE OF c SKIP LOCKED
""")
ADDRESSES = text("SELECT kind, value FROM contact_point WHERE tenant_id = :tenant AND contact_id = ANY (:ids)")
REMOVE = text("DELETE FROM contact WHERE tenant_id = :tenant AND id = ANY (:ids)")


def undo(session: ScopedSession, list_: CustomerList) -> None:
    """Workers take it back from now on. Stops that stood in the list stay: nobody is written to because of an undo."""
    list_.state = "undoing"
    timers.put(session, UNDO, list_.id, clock.now(), move=True, queue="bulk")


def run(session: ScopedSession, timer: Timer) -> None:
    """A slice of taking a list back."""
    slices.work(session, timer, take_back_some, _fail)


def _fail(session: ScopedSession, list_id: UUID) -> None:
    slices.mine(session, CustomerList, list_id).state = "done"


def take_back_some(session: ScopedSession, list_id: UUID) -> bool:
    """Some hundred of its people; False when none is left."""
    list_ = slices.mine(session, CustomerList, list_id)
    live.tell(session, "list", list_id)
    if list_.state != "undoing":
        return False
    mine = {"tenant": session.tenant_id}
    ids = list(session.scalars(LOOK, {**mine, "list": list_.id, "most": AT_ONCE}))
    if not ids:
        list_.state, list_.ended_at = "undone", clock.now()
        return False
    points = session.execute(ADDRESSES, {**mine, "ids": ids})
    ways = [(running.CHANNELS[row.kind], row.value) for row in points if row.kind in running.CHANNELS]
    session.execute(REMOVE, {**mine, "ids": ids})
    list_.removed += len(ids)
    source = json.dumps({"list": str(list_.id), "file": list_.name})
    for purpose in CHOICES[list_.consent or "unknown"].purposes:
        many.undo_many(session, ways, purpose, source)
    return True
