"""The name a lead gives: "this is Dana", "my name is Dana Whitfield", "Dana here"."""

import re

from hallway.leads.fields import Field, field
from hallway.leads.tables import word_set

_NAME = r"[A-ZÀ-Þ][a-zß-ÿ]+(?:['’-][A-ZÀ-Þ]?[a-zß-ÿ]+)*|[A-ZÀ-Þ]['’][A-ZÀ-Þ][a-zß-ÿ]+"
_FULL = rf"(?P<name>(?:{_NAME})(?: (?:[A-ZÀ-Þ]\.? )?(?:{_NAME})){{0,2}})"
_TOLD = re.compile(
    r"\b(?i:my name is|my name's|my names|name is|name:|this is|it's|its|i am|i'm|i’m|im"
    rf"|me llamo|mi nombre es|soy|habla|le habla) {_FULL}"
)
_TOLD_SMALL = re.compile(
    r"\b(?:my name is|my name's|me llamo|mi nombre es) (?P<name>[a-zà-ÿ]{2,20}(?: [a-zà-ÿ]{2,20})?)", re.IGNORECASE
)
_HERE = re.compile(rf"(?:^|[.!?,\n]\s*|\b(?i:hi|hello|hey|hola) ){_FULL} (?:here|aquí|aqui)\b(?! (?:in|at|on|is)\b)")
_SIGNED = re.compile(
    r"(?:\b(?i:thanks|thank you|thx|regards|gracias|sincerely)[,!.]?\s+|\n *[-–—~]? *|\s[-–—~]\s?)"
    rf"{_FULL}\s*[.!]?\s*\Z"
)


def find_name(text: str) -> Field | None:
    """The first name the writer gives as their own, or None."""
    for pattern, confidence in ((_TOLD, 0.9), (_HERE, 0.85), (_TOLD_SMALL, 0.75), (_SIGNED, 0.6)):
        for match in pattern.finditer(text):
            span = _trimmed(match)
            if span:
                return _as_field(text, span, confidence)
    return None


def _trimmed(match: re.Match[str]) -> tuple[int, int] | None:
    """Cut the words that do not belong to the name; None when nothing is left."""
    start = end = match.start("name")
    for word in re.finditer(r"\S+", match["name"]):
        if word.group().casefold().strip(".") in word_set("small_words", "no_name"):
            break
        end = start + word.end()
    return (start, end) if end > start else None


def _as_field(text: str, span: tuple[int, int], confidence: float) -> Field:
    said = text[slice(*span)]
    name = said if any(c.isupper() for c in said) else said.title()
    return field("name", text, span, value=name, label=name, confidence=confidence, reason="gave this name")
