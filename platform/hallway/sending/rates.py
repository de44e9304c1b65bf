"""What each number may send, and who goes first: text-backs and answers before reminders, reminders before campaigns.

`now` is never slowed down by us: the carrier queues what comes faster than it sends. So the other lanes must leave that
queue empty; they take a share of the number's rate, less what every lane sent in the last seconds.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, text

from groundwork.database import ScopedSession
from hallway.sending.drafts import Lane

WINDOW = timedelta(seconds=10)
SHARE: Mapping[Lane, float] = {"now": 1.0, "soon": 0.8, "bulk": 0.5}

# The numbers' rows are locked, so that two workers do not both take the same room. Carriers count segments.
ROOMS = text("""
SELECT n.e164, n.per_second,
  (SELECT coalesce(sum(greatest(m.segments, 1)), 0) FROM message m
   WHERE m.tenant_id = :tenant AND m.from_address = n.e164 AND m.direction = 'out' AND m.claimed_at > :since) AS used
FROM number n WHERE n.tenant_id = :tenant FOR UPDATE OF n
""")


class Room:
    """What a number may still send in this window, and its pace (segments per second) after that."""

    def __init__(self, pace: float, used: float) -> None:
        self.pace = max(pace, 0.01)
        self.left = pace * WINDOW.total_seconds() - used


def rooms(session: ScopedSession, lane: Lane, now: datetime) -> dict[str, Room]:
    """The room of every number of this tenant, for one lane."""
    rows = session.execute(ROOMS, {"tenant": session.tenant_id, "since": now - WINDOW})
    return {row.e164: Room(row.per_second * SHARE[lane], float(row.used)) for row in rows}


def too_fast(rows: Sequence[RowMapping], known: Mapping[str, Room], now: datetime) -> dict[uuid.UUID, datetime]:
    """The texts that find no room now, each with the moment it may find some: spread out at the number's pace."""
    later: dict[uuid.UUID, datetime] = {}
    waiting: Counter[str] = Counter()
    for row in rows:
        room = known.get(row["from_address"] or "")
        if room is None:
            continue
        cost = max(row["segments"], 1)
        if room.left >= cost or (room.left > 0 and cost > room.pace * WINDOW.total_seconds()):
            room.left -= cost
        else:
            waiting[row["from_address"]] += cost
            later[row["id"]] = now + timedelta(seconds=waiting[row["from_address"]] / room.pace)
    return later
