"""`make chaos`: kill parts at random, then ask the carrier what people got.

ARGS="calls 500 [seed]" rings, ARGS="people 2000 [seed]" follows up with turned time; without ARGS both, one after the
other. A number alone is a number of calls.
"""

from __future__ import annotations

import random
import sys

from tests.chaos import calls, people

SCENARIOS = {"calls": (calls.run, 500), "people": (people.run, 2000)}


def main(words: list[str]) -> None:
    if words and words[0].isdigit():
        words = ["calls", *words]
    names = [words[0]] if words else list(SCENARIOS)
    numbers = [int(word) for word in words[1:]]
    good = True
    for name in names:
        run, usual = SCENARIOS[name]
        count = numbers[0] if numbers else usual
        seed = numbers[1] if len(numbers) > 1 else random.SystemRandom().randint(1, 99_999)
        print(f"{count} {name}, seed {seed}", flush=True)
        good = run(count, seed) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
