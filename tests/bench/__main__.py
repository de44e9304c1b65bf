"""`make bench`: measure the promises, each beside a limit measured in the same run.

ARGS="a b c d e" picks some; BENCH_MESSAGES is the size of the large crowd (2,000,000), BENCH_DUE how many
timers are due at once (100,000).
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench import bulk, crowd, hooks, intake, pages, text_back, wall_cost
from tests.bench.report import Row, table
from tests.bench.stack import Stack, stack

RESULT = Path("var/bench.md")
SMALL, LARGE = 10_000, int(os.environ.get("BENCH_MESSAGES", "2000000"))


def main() -> None:
    wanted = set(sys.argv[1:]) or set("abcde")
    with stack() as here:
        rows = list(_rows(here, wanted))
    text = f"{os.cpu_count()} cores, Python {platform.python_version()}\n\n{table(rows)}\n"
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text)
    print(f"\n{text}\nKept in {RESULT}.")


def _rows(here: Stack, wanted: set[str]) -> Iterator[Row]:
    owner = hooks.business()
    if "a" in wanted:
        yield from _told(text_back.measure(here, owner))
    if "b" in wanted:
        yield from _told(intake.measure(here, owner))
    if "e" in wanted:
        yield from _told(bulk.timers(here, owner))
        for row in bulk.texts(here, owner):
            yield from _told([row])
    if wanted & set("cd"):
        small = crowd.grow(here, SMALL)
        if "c" in wanted:
            before = pages.measure(here, small)
        large = crowd.grow(here, LARGE)
        if "c" in wanted:
            yield from _told(pages.rows(before, pages.measure(here, large)))
        if "d" in wanted:
            yield from _told(wall_cost.measure(here, large.tenant_id, large.conversation))


def _told(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(f"{row.what}: {row.ours} beside {row.limit} = {row.ratio} (goal {row.goal})", flush=True)
    return rows


if __name__ == "__main__":
    main()
