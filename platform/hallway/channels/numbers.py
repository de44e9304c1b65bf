"""The numbers customers call: their names, how calls reach them, how long our phones ring."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from groundwork.database import Json, ScopedSession
from hallway.channels.models import Number

MODES = {
    "direct": "Customers call this number",
    "forwarded": "Customers call your old number, which forwards unanswered calls here",
}
RING_ORDERS = {
    "in_turn": "One after the other, in the order above",
    "at_once": "All at once; the first to press 1 gets the call",
}
SHORTEST_RING, LONGEST_RING = 5, 60
# Mobile carriers hand an unanswered call to their own voicemail after some 20 to 30 seconds.
SAFE_RING = 20


def numbers(session: ScopedSession) -> Sequence[Number]:
    """All numbers of this business, the oldest first."""
    return session.scalars(select(Number).order_by(Number.created_at, Number.id)).all()


def change_number(number: Number, **values: object) -> Json:
    """Set label, mode, ring_order or ring_seconds; returns {column: [before, after]} of what changed, for the log."""
    changed: Json = {}
    for column, after in values.items():
        before = getattr(number, column)
        if before != after:
            setattr(number, column, after)
            changed[column] = [before, after]
    return changed
