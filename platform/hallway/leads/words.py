"""Words of a message: tokens with their places, light stems and typo tolerance."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from hallway.leads.tables import word_set

# "a/c" and "a.c." are one word; apostrophes stay inside a word; everything else splits.
_TOKEN = re.compile(r"\ba/c\b|\ba\.c\.?(?!\w)|[^\W_]+(?:['’`][^\W_]+)*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;\n]")
_CLAUSE_END = re.compile(r"[.!?;\n,:()]|\s[-–—]+\s")
_VOWELS = frozenset("aeiouy")
_KEPT_DOUBLE = frozenset("lsfz")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the message. `word` is lower case without accents or apostrophes."""

    word: str
    stem: str
    start: int
    end: int
    sentence: int
    clause: int


def read(text: str, hidden: Iterable[tuple[int, int]] = ()) -> list[Token]:
    """Split a text into tokens; those inside a hidden span (an address, say) are left out."""
    spans = list(hidden)
    tokens: list[Token] = []
    sentence = clause = previous = 0
    for match in _TOKEN.finditer(text):
        between = text[previous : match.start()]
        word = plain(match.group())
        sentence += bool(_SENTENCE_END.search(between))
        clause += bool(_CLAUSE_END.search(between)) or word in word_set("small_words", "new_clause")
        previous = match.end()
        if not any(start < match.end() and match.start() < end for start, end in spans):
            tokens.append(Token(word, stem(word), match.start(), match.end(), sentence, clause))
    return tokens


def plain(word: str) -> str:
    """Lower case, accents and apostrophes dropped: "Dónde" → "donde", "isn’t" → "isnt", "A/C" → "ac"."""
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def stem(word: str) -> str:
    """Cut common English endings; "leaking", "leaks" and "leaky" all give "leak", "heater" stays."""
    if word.endswith("ing") and len(word) >= 7:
        return _undouble(word[:-3])
    if word.endswith("ed") and len(word) >= 5:
        return _undouble(word[:-2])
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    if word.endswith("s") and len(word) >= 4 and word[-2] not in "sui":
        return word[:-1]
    if word.endswith("y") and len(word) >= 5 and word[-2] not in _VOWELS:
        return word[:-1]
    return word


def _undouble(word: str) -> str:
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in _VOWELS | _KEPT_DOUBLE
    return word[:-1] if doubled else word


def likeness(typed: str, meant: str) -> float:
    """How well a typed word passes for a typo of the meant one: 0 for no, up to 0.9.

    Short words must keep their consonants ("leek" is leak, "room" is not roof).
    """
    shorter = min(len(typed), len(meant))
    if shorter < 4 or typed[0] != meant[0]:
        return 0.0
    allowed = 2 if shorter >= 8 else 1
    distance = OSA.distance(typed, meant, score_cutoff=allowed)
    if distance > allowed or (shorter == 4 and _consonants(typed) != _consonants(meant)):
        return 0.0
    return 0.9 if distance == 1 else 0.85


def _consonants(word: str) -> str:
    kept = [c for c in word if c not in _VOWELS]
    return "".join(c for i, c in enumerate(kept) if i == 0 or c != kept[i - 1])


def is_filler(token: Token) -> bool:
    """True for words that may stand between the words of a phrase ("smell of gas")."""
    return token.word in word_set("small_words", "filler")
