"""One thing learned about a lead, tied to the words it came from."""

from dataclasses import dataclass
from typing import Literal

FieldName = Literal["service", "urgency", "address", "zip", "preferred_time", "name"]


@dataclass(frozen=True, slots=True)
class Field:
    """A context field. `source_words` always equals `text[start:end]`.

    `value` is canonical: a service id, an urgency level (emergency, urgent, normal), a postal address,
    a ZIP, an ISO 8601 interval "start/end" with offsets, or a name. `label` is for the screen,
    `confidence` runs from 0 to 1, `reason` says in plain words why.
    """

    name: FieldName
    value: str
    label: str
    source_words: str
    start: int
    end: int
    confidence: float
    reason: str


def field(
    name: FieldName, text: str, span: tuple[int, int], *, value: str, label: str, confidence: float, reason: str
) -> Field:
    """Build a field whose source words are cut from the text, so that they cannot disagree with it."""
    start, end = span
    return Field(name, value, label, text[start:end], start, end, round(confidence, 2), reason)
