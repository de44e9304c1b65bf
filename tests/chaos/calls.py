"""Calls are missed while web, workers, clock, Redis and carrier are killed at random.

Every caller must have got exactly one text, by the carrier's own count.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

from tests.chaos.house import House, open_house
from tests.chaos.reaper import Reaper

BETWEEN_CALLS = 0.35  # seconds
PATIENCE = 600  # seconds that healing may take after the last call
NAMES = {0: "no text", 1: "exactly one text"}


@dataclass(frozen=True)
class Verdict:
    """How many texts the callers got, and which callers got another number than one."""

    texts: Counter[int]
    wrong: dict[str, int]

    def __str__(self) -> str:
        return ", ".join(f"{count} callers {NAMES.get(n, f'{n} texts')}" for n, count in sorted(self.texts.items()))


def run(calls: int, seed: int) -> bool:
    """Place `calls` calls; True when every caller got exactly one text."""
    with open_house() as house:
        callers = [f"+1512{2000000 + number}" for number in range(calls)]
        with Reaper(house, random.Random(seed)) as reaper:
            for caller in callers:
                place(house, caller)
                time.sleep(BETWEEN_CALLS)
        print(f"killed: {dict(reaper.killed)}; waiting until everything has settled", flush=True)
        begin = time.monotonic()
        verdict = settle(house, callers)
        print(f"{verdict} after {time.monotonic() - begin:.0f} s; kept in {house.folder}", flush=True)
        for caller, count in list(verdict.wrong.items())[:20]:
            print(f"  {caller}: {count} texts; {house.account_of(caller)}")
        return not verdict.wrong


def place(house: House, caller: str) -> None:
    """Dial until the carrier takes the call; a caller whose phone has no service tries again."""
    for _ in range(100):
        try:
            house.carrier.call(caller, house.businesses[0].number)
        except Exception:  # noqa: BLE001  (the carrier is being killed; that is the point)
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The carrier stayed away for 20 s; it should have been brought back.")


def settle(house: House, callers: list[str]) -> Verdict:
    """Wait until nothing is left to do, then count by the carrier."""
    deadline = time.monotonic() + PATIENCE
    verdict = count(house, callers)
    while time.monotonic() < deadline and (verdict.texts[1] < len(callers) or house.unsettled()):
        time.sleep(2)
        verdict = count(house, callers)
        if any(texts > 1 for texts in verdict.wrong.values()):
            break
    # A second text would come soon after the first, when a worker wakes up late.
    time.sleep(10)
    return count(house, callers)


def count(house: House, callers: list[str]) -> Verdict:
    counted = house.carrier.counts()
    got = {caller: counted.get(caller, {}).get("texts", 0) for caller in callers}
    return Verdict(Counter(got.values()), {caller: texts for caller, texts in got.items() if texts != 1})
