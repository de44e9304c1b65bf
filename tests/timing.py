"""How long something takes, asked so that a busy machine does not change the answer."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 20


def works_within(seconds: float, deed: Callable[[], object], tries: int = 3) -> bool:
    """Whether one of a few runs needs less than this of the processor; what others do on the machine counts little."""
    return any(_took(deed, time.process_time) < seconds for _ in range(tries))


def answers_within(seconds: float, deed: Callable[[], object]) -> bool:
    """Whether one of many runs is over after this time by the wall, with all that it waits for."""
    return any(_took(deed, time.perf_counter) < seconds for _ in range(TRIES))


def _took(deed: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    deed()
    return clock() - started
