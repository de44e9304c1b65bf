"""Rows of the table in docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measure: what, ours, the limit measured in the same run, their ratio, and the goal."""

    what: str
    ours: str
    limit: str
    ratio: str
    goal: str


HEAD = ("measured", "Hallway", "limit", "ratio", "goal")


def table(rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [HEAD, tuple("---" for _ in HEAD)]
    lines += [(row.what, row.ours, row.limit, row.ratio, row.goal) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
