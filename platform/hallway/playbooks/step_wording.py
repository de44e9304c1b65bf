"""The wording of a sequence's steps: which words each kind has, what they may name, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hallway.playbooks.keys import FIRST_NAME, NAME, PHONE, REOPENS, Key, Variable
from hallway.playbooks.lint import Problem, lint

FULL_NAME = Variable("contact.name", "The person's name, when known", "Dana Whitfield", optional=True)
NUMBER = Variable("contact.phone", "The person's phone number, when known", "(512) 555-0142", optional=True)
HOME = Variable("contact.address", "Their address, when known", "1804 Kinney Ave", optional=True)
NAMES = (NAME, PHONE, REOPENS, FIRST_NAME, FULL_NAME, NUMBER, HOME)
OCCASION = "moment"  # what the form, the estimate or the call brought along: {{ moment.service | default: '' }}


def _key(name: str, label: str, medium: str, *, names_business: bool = False) -> Key:
    return Key(f"step.{name}", label, "", "", medium, NAMES, names_business, occasion=OCCASION)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Words:
    """One field of words. Its Spanish twin, where it has one, is called `<name>_es` and may stay empty."""

    name: str
    key: Key
    spanish: bool = False


_TITLE = Words("title", _key("title", "Title", "line"))
_NOTE = Words("body", _key("note", "Note", "line"))
WORDS: dict[str, tuple[Words, ...]] = {
    "sms": (Words("body", _key("sms", "Text", "text", names_business=True), spanish=True),),
    "email": (
        Words("subject", _key("subject", "Subject", "line"), spanish=True),
        Words("body", _key("email", "E-mail", "mail", names_business=True), spanish=True),
    ),
    "task": (_TITLE, _NOTE),
    "notify": (_TITLE, _NOTE),
}


def lint_step(kind: str, name: str, source: str, purpose: str) -> list[Problem]:
    """What is wrong with the field `name` (body, subject_es ...) of a step of this kind. No words are no problem here.

    Only a sequence whose purpose is marketing may hold an offer: it goes to nobody without written consent.
    """
    field = next((one for one in WORDS.get(kind, ()) if one.name == name.removesuffix("_es")), None)
    if field is None or not source.strip():
        return []
    return lint(source, replace(field.key, may_offer=purpose == "marketing"))
