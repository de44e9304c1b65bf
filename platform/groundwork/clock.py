"""The time of day, always aware and in UTC. The demo world's clock can be turned forward; a real one never is.

HALLWAY_CLOCK names the file of a demo world in which its turns are written: a line per turn, the real time of the turn
and the seconds by which the world is ahead since then. Without it the world's time is the real one.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

VARIABLE = "HALLWAY_CLOCK"
Turn = tuple[datetime, timedelta]
_read: dict[str, tuple[tuple[int, int], list[Turn]]] = {}  # what stood in the file when it was last changed


def now() -> datetime:
    """This instant in the world of the product, aware, in UTC."""
    return _in_the_world(real())


def real() -> datetime:
    """This instant as it really is: for leases and whatever has to last as long as work takes."""
    return datetime.now(UTC)


def in_(**span: float) -> datetime:
    """The instant `span` from now: in_(minutes=5)."""
    return now() + timedelta(**span)


def ago(span: timedelta) -> datetime:
    """What the world's clock showed `span` of real time ago: a turn meanwhile makes nothing older."""
    return _in_the_world(real() - span)


def _in_the_world(instant: datetime) -> datetime:
    path = os.environ.get(VARIABLE)
    if not path:
        return instant
    return instant + next((ahead for since, ahead in reversed(_turns(path)) if since <= instant), timedelta(0))


def _turns(path: str) -> list[Turn]:
    """The turns so far; the file is read again only when it was changed."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at every look at the clock, and a Path costs more than that
    except OSError:
        return []
    stamp = (found.st_mtime_ns, found.st_size)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        known = _read[path] = (stamp, [_turn(line) for line in Path(path).read_text().splitlines() if line.strip()])
    return known[1]


def _turn(line: str) -> Turn:
    since, ahead = line.split()
    return datetime.fromtimestamp(float(since), UTC), timedelta(seconds=float(ahead))
