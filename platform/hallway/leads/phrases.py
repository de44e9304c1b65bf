"""Phrases written in the vocabulary tables, and finding them among the words of a message.

In a table, phrases stand apart by `|`. A phrase is words that must occur near each other in one sentence,
in any order. `leak/drip` takes either word; `no_heat` asks for neighbors in that order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from hallway.leads.tables import rows
from hallway.leads.words import Token, is_filler, likeness, plain, stem

_MOST_WORDS_BETWEEN = 5

Slot = frozenset[str]
Group = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Groups of slots; a slot holds the words that fill it."""

    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        return sum(len(group) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found: indexes of its tokens, how many words it asked for, and how alike they were (0..1)."""

    indexes: tuple[int, ...]
    size: int
    likeness: float

    @property
    def first(self) -> int:
        return min(self.indexes)

    @property
    def last(self) -> int:
        return max(self.indexes)

    def span(self, tokens: Sequence[Token]) -> tuple[int, int]:
        """Character span from the first word to the last."""
        return tokens[self.first].start, tokens[self.last].end


def parse(cell: str) -> tuple[Phrase, ...]:
    """Read a cell of phrases."""
    return tuple(Phrase(tuple(_group(part) for part in phrase.split())) for phrase in cell.split("|") if phrase.strip())


def _group(part: str) -> Group:
    return tuple(frozenset(plain(word) for word in slot.split("/")) for slot in part.split("_"))


class Hearing:
    """The words of one message, each with the vocabulary words it may stand for."""

    def __init__(self, tokens: Sequence[Token], vocabulary: frozenset[str]) -> None:
        self.tokens = tokens
        self._places: dict[str, list[tuple[int, float]]] = {}
        for index, token in enumerate(tokens):
            for word, alike in _meanings(token.word, vocabulary):
                self._places.setdefault(word, []).append((index, alike))

    def find(self, phrase: Phrase) -> list[Found]:
        """Every place where the phrase is said, tightest first, then in order."""
        options = [self._group_places(group) for group in phrase.groups]
        if not all(options):
            return []
        found = (self._complete(anchor, options[1:], phrase.size) for anchor in options[0])
        return sorted({hit for hit in found if hit}, key=lambda hit: (hit.last - hit.first, hit.first))

    def _group_places(self, group: Group) -> list[Found]:
        runs = [Found((index,), 1, alike) for index, alike in self._slot_places(group[0])]
        for slot in group[1:]:
            places = dict(self._slot_places(slot))
            runs = [grown for run in runs if (grown := self._grow(run, places))]
        return runs

    def _slot_places(self, slot: Slot) -> list[tuple[int, float]]:
        best: dict[int, float] = {}
        for word in slot:
            for index, alike in self._places.get(word, ()):
                best[index] = max(alike, best.get(index, 0.0))
        return sorted(best.items())

    def _grow(self, run: Found, places: dict[int, float]) -> Found | None:
        index = run.last + 1
        while index not in places and index < len(self.tokens) and is_filler(self.tokens[index]):
            index += 1
        if index not in places or self.tokens[index].clause != self.tokens[run.last].clause:
            return None
        return Found((*run.indexes, index), run.size + 1, min(run.likeness, places[index]))

    def _complete(self, anchor: Found, others: list[list[Found]], size: int) -> Found | None:
        whole = anchor
        for options in others:
            near = self._nearest(whole, options)
            if near is None:
                return None
            whole = Found((*whole.indexes, *near.indexes), size, min(whole.likeness, near.likeness))
        extra = whole.last - whole.first + 1 - size
        return whole if extra <= _MOST_WORDS_BETWEEN else None

    def _nearest(self, whole: Found, options: list[Found]) -> Found | None:
        sentence = self.tokens[whole.first].sentence
        free = [
            option
            for option in options
            if self.tokens[option.first].sentence == sentence and not set(option.indexes) & set(whole.indexes)
        ]
        return min(free, key=lambda option: abs(option.first - whole.first), default=None)


def words_of(phrases: Iterable[Phrase]) -> frozenset[str]:
    """Every word the phrases name."""
    return frozenset(word for phrase in phrases for group in phrase.groups for slot in group for word in slot)


@cache
def _plain_words() -> frozenset[str]:
    """Words that are what they seem and never a typo of a trade word."""
    return frozenset(word for row in rows("plain_words") for word in row[0].split())


def _meanings(word: str, vocabulary: frozenset[str]) -> list[tuple[str, float]]:
    by_stem = _by_stem(vocabulary)
    same = by_stem.get(stem(word), ())
    if same or word in _plain_words() or stem(word) in _plain_words():
        return [(known, 1.0) for known in same]
    near = ((known, likeness(word, known)) for known in _by_letter(vocabulary).get(word[:1], ()))
    return [(known, alike) for known, alike in near if alike]


@cache
def _by_stem(vocabulary: frozenset[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        table.setdefault(stem(word), []).append(word)
    return table


@cache
def _by_letter(vocabulary: frozenset[str]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        table.setdefault(word[:1], []).append(word)
    return table
