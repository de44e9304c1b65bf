"""How the people of a list agreed to hear from the business: the choices, and what each allows, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groundwork.refusing import FieldError

SHORTEST_WORDING = 20


@dataclass(frozen=True)
class Choice:
    """One answer: what may be sent after it, and the purposes that go into the consent ledger."""

    words: str
    allows: str
    purposes: tuple[str, ...]
    written: bool = False


CHOICES: Mapping[str, Choice] = {
    "customers": Choice(
        "They are our customers; we have worked for them",
        "You may answer them, and text about jobs and visits. No offers by text, and no texts that chase an estimate.",
        ("informational",),
    ),
    "asked": Choice(
        "They called, wrote or asked us for something",
        "You may answer and follow up what they asked for. No offers by text, and no texts that chase an estimate.",
        ("informational",),
    ),
    "written": Choice(
        "They agreed in writing to get offers by text",
        "Offers may go out too, within the hours the law allows. The words they agreed to are kept as proof: you need "
        "them, and the signed paper or the ticked box, if anybody ever asks.",
        ("informational", "marketing"),
        written=True,
    ),
    "unknown": Choice(
        "We don’t know, or the list comes from somebody else",
        "They are kept so that you know who calls. Nothing is sent unless they call or write first.",
        (),
    ),
}
METHODS = {"paper": "On paper, signed", "web_form": "On a web form, by a ticked box"}


class ConsentError(FieldError):
    """The answer cannot be taken; `field` says which part, the message why."""


def check(choice: str, wording: str, method: str) -> None:
    """Raises ConsentError for an answer without what the law wants of it."""
    if choice not in CHOICES:
        raise ConsentError("consent", "Choose how they agreed. If you are not sure, choose the last one.")
    if not CHOICES[choice].written:
        return
    if method not in METHODS:
        raise ConsentError("method", "Say where they agreed.")
    if len(wording.strip()) < SHORTEST_WORDING:
        raise ConsentError("wording", "Enter the words they agreed to, as they stood on the paper or form.")
