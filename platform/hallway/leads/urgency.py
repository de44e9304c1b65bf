"""How pressing a request is: emergency, urgent or normal, with the words that say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hallway.leads.denial import negated
from hallway.leads.fields import Field, field
from hallway.leads.phrases import Found, Hearing, Phrase, parse, words_of
from hallway.leads.tables import rows
from hallway.leads.words import Token

LABELS = {"emergency": "Emergency", "urgent": "Urgent", "normal": "Not urgent"}


@dataclass(frozen=True, slots=True)
class Sign:
    """One row of the urgency table."""

    level: str
    reason: str
    phrases: tuple[Phrase, ...]
    together_with: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    sign: Sign
    found: Found


@cache
def signs() -> tuple[Sign, ...]:
    """The urgency table."""
    padded = ([*row, ""] for row in rows("urgency"))
    return tuple(Sign(row[0], row[1], parse(row[2]), parse(row[3])) for row in padded)


@cache
def _vocabulary() -> frozenset[str]:
    return words_of(phrase for sign in signs() for phrase in (*sign.phrases, *sign.together_with))


def find_urgency(text: str, tokens: Sequence[Token]) -> Field | None:
    """The level the words speak for, or None when they say nothing of it.

    Emergency words win over all; then "no rush" wins over "leaking" and "today".
    """
    hearing = Hearing(tokens, _vocabulary())
    hits = _hits(hearing)
    calmed = [hit for hit in hits if hit.sign.level != "normal" and negated(tokens, hit.found)]
    standing = [hit for hit in hits if hit not in calmed]
    for level in ("emergency", "normal", "urgent"):
        said = [hit for hit in standing if hit.sign.level == level]
        if said:
            return _as_field(text, tokens, level, said)
    return _calm_field(text, tokens, calmed[0].found) if calmed else None


def _hits(hearing: Hearing) -> list[_Hit]:
    hidden = {index for hit in _all_hits(hearing, ("ignored",)) for index in hit.found.indexes}
    heard = _all_hits(hearing, ("emergency", "urgent", "normal"))
    return [hit for hit in heard if not (set(hit.found.indexes) <= hidden)]


def _all_hits(hearing: Hearing, levels: tuple[str, ...]) -> list[_Hit]:
    return [
        _Hit(sign, found)
        for sign in signs()
        if sign.level in levels and _accompanied(hearing, sign)
        for phrase in sign.phrases
        for found in hearing.find(phrase)
    ]


def _accompanied(hearing: Hearing, sign: Sign) -> bool:
    return not sign.together_with or any(hearing.find(phrase) for phrase in sign.together_with)


def _as_field(text: str, tokens: Sequence[Token], level: str, said: list[_Hit]) -> Field:
    strongest = max(said, key=lambda hit: (hit.found.size, hit.found.last - hit.found.first, -hit.found.first))
    span = strongest.found.span(tokens)
    heard = _apart(sorted({hit.found.span(tokens) for hit in said}, key=lambda s: (s[0] - s[1], s)))
    quoted = " and ".join(f'"{text[start:end]}"' for start, end in heard[:3])
    return field(
        "urgency",
        text,
        span,
        value=level,
        label=LABELS[level],
        confidence=min(0.95, 0.75 + 0.1 * len(heard)) * strongest.found.likeness,
        reason=f"{strongest.sign.reason}: {quoted}",
    )


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first of any that overlap, in the order of the text."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end))
    return sorted(kept)


def _calm_field(text: str, tokens: Sequence[Token], found: Found) -> Field:
    first = found.first
    while first > 0 and tokens[first].clause == tokens[first - 1].clause and found.first - first < 3:
        first -= 1
    span = tokens[first].start, tokens[found.last].end
    return field(
        "urgency", text, span, value="normal", label=LABELS["normal"], confidence=0.7, reason="said it is not pressing"
    )
