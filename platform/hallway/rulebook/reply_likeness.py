"""How much a text reads like a wish to be left alone, learned from every labelled reply we have.

Rules find what somebody has thought of; people think of more. A logistic regression over words, their neighbours and
pieces stands beside the rules. `scripts/learn_replies.py` makes its weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

WEIGHTS = Path(__file__).parent / "data" / "reply_weights.tsv"
BIAS = ""  # the feature that every text has
PIECE = 5  # letters in a piece, which survives slips and endings
SCALE = 4.0  # a long text has many features; without a common scale it would be surer of itself than a short one


def likeness(said: str) -> float:
    """0.0 (nothing like it) to 1.0 for plain words (see reply_text.plain)."""
    return probability(features(said), _weights())


def probability(names: Sequence[str], weights: Mapping[str, float]) -> float:
    """What these weights make of a text with these features."""
    score = scale(names) * (weights.get(BIAS, 0.0) + sum(weights.get(name, 0.0) for name in names))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def scale(names: Sequence[str]) -> float:
    return SCALE / math.sqrt(1 + len(names))


def features(said: str) -> list[str]:
    """What the weights are about: words, up to three in a row, two with others between, pieces, and the length."""
    row = ["^", *said.split(), "$"]
    found = set(row[1:-1]) | {f"{a} {b}" for a, b in pairwise(row)}
    for a, b, c in zip(row, row[1:], row[2:], strict=False):
        found |= {f"{a} {b} {c}", f"{a} * {c}"}
    found |= {f"{a} ** {d}" for a, d in zip(row, row[3:], strict=False)}
    return sorted(found | _pieces(f" {said} ") | {f"length {min(6, len(row) // 3)}"})


def _pieces(text: str) -> set[str]:
    return {f"#{text[i : i + PIECE]}" for i in range(len(text) - PIECE + 1)}


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines)}
