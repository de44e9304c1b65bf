"""How much a text reads like a wish to be left alone, learned from every labelled reply we have.

Rules find what somebody has thought of; people think of more. A logistic regression over words, their neighbours and
pieces stands beside the rules. `scripts/learn_replies.py` makes its weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

WEIGHTS = Path(__file__).parent / "data" / "reply_weights.tsv"
BIAS = ""  # the feature that every text has
PIECE = 5  # letters in a piece of a longer word, which survives slips and endings


def likeness(said: str) -> float:
    """0.0 (nothing like it) to 1.0 for plain words (see reply_text.plain)."""
    weights = _weights()
    return probability(weights.get(BIAS, 0.0) + sum(weights.get(one, 0.0) for one in features(said)))


def probability(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def features(said: str) -> list[str]:
    """What the weights are about: words, two and three in a row, two with one between, pieces, and the length."""
    words = said.split()
    row = ["^", *words, "$"]
    found = set(words) | {f"{a} {b}" for a, b in pairwise(row)}
    for a, b, c in zip(row, row[1:], row[2:], strict=False):
        found |= {f"{a} {b} {c}", f"{a} * {c}"}
    for word in words:
        found.update(_pieces(word))
    return sorted(found | {f"length {min(6, len(row) // 3)}"})


def _pieces(word: str) -> Iterator[str]:
    edged = f"<{word}>"
    return (f"#{edged[i : i + PIECE]}" for i in range(len(edged) - PIECE + 1) if len(word) >= PIECE)


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines)}
