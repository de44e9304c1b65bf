"""Which service a lead asks for, by the vocabulary of the trade."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hallway.leads.denial import long_ago, over, ruled_out
from hallway.leads.fields import Field, field
from hallway.leads.phrases import Found, Hearing, Phrase, parse, words_of
from hallway.leads.tables import rows
from hallway.leads.words import Token

TRADES = ("plumbing", "hvac", "electrical", "roofing", "garage_doors", "cleaning", "general")

_SURE = {1: 0.65, 2: 0.8, 3: 0.9}
_FALLBACK_DISCOUNT = 0.15
_CLEAR = 0.9


@dataclass(frozen=True, slots=True)
class Service:
    """One row of a trade's vocabulary; `rank` is its line, `fallback` marks rows that any trade shares."""

    id: str
    label: str
    phrases: tuple[Phrase, ...]
    rank: int
    fallback: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    service: Service
    found: Found

    @property
    def weight(self) -> tuple[bool, int, bool, int]:
        clear = self.found.likeness >= _CLEAR
        return not self.service.fallback, self.found.size, clear, -self.service.rank


@cache
def services(trade: str) -> tuple[Service, ...]:
    """The vocabulary of a trade, most telling rows first; an unknown trade reads as general.

    General is the handyman: its own rows, then those of every trade.
    """
    known = trade if trade in TRADES else "general"
    tables = ["general", *(t for t in TRADES if t != "general")] if known == "general" else [known]
    own = [(row, False) for table in tables for row in rows(table)]
    shared = [(row, True) for row in rows("common")]
    return tuple(
        Service(row[0], row[1], parse(row[2]), rank, fallback) for rank, (row, fallback) in enumerate(own + shared)
    )


@cache
def _vocabulary(trade: str) -> frozenset[str]:
    return words_of(phrase for service in services(trade) for phrase in service.phrases)


def find_service(text: str, tokens: Sequence[Token], trade: str) -> Field | None:
    """The one service the words speak for most, or None."""
    hearing = Hearing(tokens, _vocabulary(trade))
    candidates = [
        _Candidate(service, found)
        for service in services(trade)
        for phrase in service.phrases
        for found in hearing.find(phrase)[:3]
        if not _put_aside(tokens, found)
    ]
    best = max(candidates, key=lambda c: (c.weight, -c.found.first), default=None)
    return _as_field(text, tokens, best) if best else None


def _put_aside(tokens: Sequence[Token], found: Found) -> bool:
    return ruled_out(tokens, found) or over(tokens, found) or long_ago(tokens, found)


def _as_field(text: str, tokens: Sequence[Token], best: _Candidate) -> Field:
    start, end = best.found.span(tokens)
    sure = _SURE.get(best.found.size, 0.95) * best.found.likeness
    return field(
        "service",
        text,
        (start, end),
        value=best.service.id,
        label=best.service.label,
        confidence=sure - (_FALLBACK_DISCOUNT if best.service.fallback else 0.0),
        reason=_reason(best),
    )


def _reason(best: _Candidate) -> str:
    exact = best.found.likeness == 1.0
    return f"these words stand for {best.service.label}" + ("" if exact else ", read past a typo")
