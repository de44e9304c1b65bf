"""Payments that went back: given back by whoever sells, or taken back by the bank; and what of it is news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

# asked: the bank only asks so far; open: the money is gone until it is decided; settled: lost, and paid again since
State = Literal["given", "asked", "open", "won", "lost", "settled"]


@dataclass(frozen=True)
class Reversal:
    """One payment that went back. `id` is the charge's or the dispute's, `at` when it was paid, `since` when this state
    was first read."""

    id: str
    cents: int
    state: State
    at: datetime
    since: datetime

    def kept(self) -> dict[str, Any]:
        """As it is kept with the payer."""
        return {**vars(self), "at": self.at.isoformat(), "since": self.since.isoformat()}


def read(kept: Iterable[dict[str, Any]]) -> list[Reversal]:
    """What was kept, newest payment first."""
    times = ("at", "since")
    found = [Reversal(**{**one, **{name: datetime.fromisoformat(one[name]) for name in times}}) for one in kept]
    return sorted(found, key=lambda one: one.at, reverse=True)


def merge(before: Sequence[Reversal], now: Sequence[Reversal]) -> tuple[list[Reversal], list[Reversal]]:
    """Everything as it stands now, and what of it is news. A state that lasts keeps the moment it was first seen."""
    known = {one.id: one for one in before}
    merged, news = [], []
    for one in now:
        old = known.get(one.id)
        same = old is not None and (old.state, old.cents) == (one.state, one.cents)
        merged.append(replace(one, since=old.since) if old and same else one)
        news += [] if same else [one]
    return merged, news


def lost(every: Iterable[Reversal]) -> Reversal | None:
    """The longest lost payment that nobody paid again."""
    return min((one for one in every if one.state == "lost"), key=lambda one: one.since, default=None)
