"""Learn the weights of rulebook/reply_likeness.py: `.venv/bin/python -m scripts.learn_replies`.

From the labelled replies of the tests, without those kept aside. The same replies give the same weights.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hallway.rulebook.reply_likeness import BIAS, WEIGHTS, features, probability, scale
from hallway.rulebook.reply_text import plain

VECTORS = Path(__file__).parent.parent / "tests" / "vectors"
REPLIES = ("replies_own.tsv", "replies_learned.tsv")
NEITHER = {"partial_opt_out", "doubtful", "wrong_number"}  # no help for telling a whole wish from none
ROUNDS, RATE, SHRINK, SEED = 12, 0.3, 1e-5, 1
SEEN, SMALLEST = 2, 0.08  # a feature seen once says little, and a smaller weight nothing


class Example(NamedTuple):
    """A reply as its features, and whether it is an opt-out (1.0) or not (0.0)."""

    features: list[str]
    wanted: float


def main() -> None:
    weights = learn(list(examples()))
    kept = sorted((name, f"{weight:.2f}") for name, weight in weights.items() if abs(weight) >= SMALLEST)
    WEIGHTS.write_text("".join(f"{name}\t{weight}\n" for name, weight in kept), encoding="utf-8")
    print(f"{len(kept)} weights in {WEIGHTS.name}")


def examples() -> Iterator[Example]:
    lines = [line for name in REPLIES for line in (VECTORS / name).read_text(encoding="utf-8").splitlines()[1:]]
    for _, text, label in (line.split("\t") for line in lines):
        if label not in NEITHER:
            yield Example(features(plain(json.loads(text))), float(label == "opt_out"))


def learn(known: Sequence[Example]) -> dict[str, float]:
    """Logistic regression by stochastic gradient descent, each weight with its own rate (AdaGrad)."""
    often = Counter(name for one in known for name in one.features)
    data = [([n for n in one.features if often[n] >= SEEN], one.wanted) for one in known]
    weights: dict[str, float] = {}
    moved: dict[str, float] = {}
    order = random.Random(SEED)  # noqa: S311  (no secret: the same order each time)
    for _ in range(ROUNDS):
        order.shuffle(data)
        for names, wanted in data:
            error = scale(names) * (probability(names, weights) - wanted)
            for name in (BIAS, *names):
                _move(weights, moved, name, error)
    return weights


def _move(weights: dict[str, float], moved: dict[str, float], name: str, error: float) -> None:
    weight = weights.get(name, 0.0)
    slope = error + SHRINK * weight
    moved[name] = moved.get(name, 1.0) + slope * slope
    weights[name] = weight - RATE * slope / math.sqrt(moved[name])


if __name__ == "__main__":
    main()
