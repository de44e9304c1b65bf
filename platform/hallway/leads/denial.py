"""Words that take back what is said: "not leaking", "stopped leaking", "the leak is fixed", "flooded last year"."""

from collections.abc import Sequence
from itertools import pairwise

from hallway.leads.phrases import Found
from hallway.leads.tables import word_set
from hallway.leads.words import Token, is_filler

_REACH = 3


def negated(tokens: Sequence[Token], found: Found) -> bool:
    """True when a phrase is said of what is not, or no longer, so."""
    return _denied_before(tokens, found) or over(tokens, found) or long_ago(tokens, found)


def ruled_out(tokens: Sequence[Token], found: Found) -> bool:
    """True for "it's not the furnace"."""
    own = tokens[found.first].word in _kind("not_this")
    if own and found.first + 1 < len(tokens):
        return tokens[found.first + 1].word in _kind("article")
    before = _before(tokens, found)
    return bool(before) and before[-1].word in _kind("not_this")


def long_ago(tokens: Sequence[Token], found: Found) -> bool:
    """True for "you fixed our water heater last year", not for "since last night"."""
    after = _after(tokens, found)
    pairs = pairwise(after)
    return any(
        (one == "last" and two in _kind("long_ago")) or (one in _kind("long_ago") and two == "ago")
        for one, two in pairs
    )


def over(tokens: Sequence[Token], found: Found) -> bool:
    """True for "the leak is fixed" and "the leak stopped", not for "the opener stopped working"."""
    after = _after(tokens, found)
    place = next((i for i, word in enumerate(after[:2]) if word in _kind("over")), None)
    if place is None or "and" in after[:place]:
        return False
    return not any(word.endswith("ing") for word in after[place + 1 : place + 2])


def _denied_before(tokens: Sequence[Token], found: Found) -> bool:
    near = [token.word for token in _before(tokens, found)[-_REACH:]]
    place = next((i for i, word in enumerate(near) if word in _kind("negator")), None)
    if place is None or _kind("undoes_negation") & set(near[place + 1 :]):
        return False
    # "No" denies the next word or two ("no active leak"), "not" a little more.
    return len(near) - place <= (2 if near[place] in _kind("near_negator") else _REACH)


def _before(tokens: Sequence[Token], found: Found) -> list[Token]:
    clause = tokens[found.first].clause
    return [token for token in tokens[: found.first] if token.clause == clause and not is_filler(token)]


def _after(tokens: Sequence[Token], found: Found) -> list[str]:
    clause = tokens[found.last].clause
    return [t.word for t in tokens[found.last + 1 : found.last + 5] if t.clause == clause and not is_filler(t)]


def _kind(kind: str) -> frozenset[str]:
    return word_set("small_words", kind)
