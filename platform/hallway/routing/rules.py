"""Which rule fits a lead: pure, so that the tester on the page and the product cannot disagree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

CHANNELS = {
    "call": "Missed call",
    "sms": "Text",
    "email": "E-mail",
    "form": "Form",
    "chat": "Chat",
}
HOURS = {"any": "At any hour", "open": "While you are open", "closed": "While you are closed"}


@dataclass(frozen=True)
class Traits:
    """What is known of a lead when it is routed. `words` is everything they said, `opened` whether you are open."""

    channel: str = "sms"
    service: str | None = None
    zip: str | None = None
    address: str | None = None
    words: str = ""
    opened: bool = True


class Rule(Protocol):
    """A card of the list, stored or only typed."""

    @property
    def name(self) -> str: ...
    @property
    def services(self) -> Sequence[str]: ...
    @property
    def places(self) -> Sequence[str]: ...
    @property
    def keywords(self) -> Sequence[str]: ...
    @property
    def channels(self) -> Sequence[str]: ...
    @property
    def hours(self) -> str: ...
    @property
    def team_id(self) -> UUID | None: ...
    @property
    def member_id(self) -> UUID | None: ...
    @property
    def active(self) -> bool: ...


@dataclass(frozen=True)
class Fit:
    """The rule that decides, and what of the lead made it fit, in plain words."""

    rule: Rule
    reasons: tuple[str, ...] = field(default=())

    @property
    def why(self) -> str:
        return f"Rule “{self.rule.name}”: {', '.join(self.reasons) or 'it takes everything'}"


def choose(rules: Sequence[Rule], traits: Traits) -> Fit | None:
    """The first active rule all of whose conditions hold; None when none does."""
    for rule in rules:
        reasons = fits(rule, traits) if rule.active else None
        if reasons is not None:
            return Fit(rule, reasons)
    return None


def fits(rule: Rule, traits: Traits) -> tuple[str, ...] | None:
    """Why the rule fits; None when one of its conditions does not hold. A condition left empty always holds."""
    found = [condition(rule, traits) for condition in (_channel, _service, _place, _word, _hour)]
    if any(one is None for one in found):
        return None
    return tuple(one for one in found if one)


def _channel(rule: Rule, traits: Traits) -> str | None:
    if not rule.channels:
        return ""
    return CHANNELS.get(traits.channel, traits.channel).lower() if traits.channel in rule.channels else None


def _service(rule: Rule, traits: Traits) -> str | None:
    if not rule.services:
        return ""
    return f"service {traits.service.replace('_', ' ')}" if traits.service in rule.services and traits.service else None


def _place(rule: Rule, traits: Traits) -> str | None:
    if not rule.places:
        return ""
    return next((f"place {place}" for place in rule.places if _lies_in(str(place), traits)), None)


def _lies_in(place: str, traits: Traits) -> bool:
    if place.isdigit():
        return bool(traits.zip and traits.zip.startswith(place))
    return _said(place, traits.address or "") or _said(place, traits.words)


def _word(rule: Rule, traits: Traits) -> str | None:
    if not rule.keywords:
        return ""
    return next((f"they said “{word}”" for word in rule.keywords if _said(str(word), traits.words)), None)


def _hour(rule: Rule, traits: Traits) -> str | None:
    if rule.hours == "any":
        return ""
    if (rule.hours == "open") == traits.opened:
        return "you are open" if traits.opened else "you are closed"
    return None


def _said(word: str, text: str) -> bool:
    """Whole words, whatever their case and the blanks between them."""
    parts = [re.escape(part) for part in word.split()]
    return bool(parts) and re.search(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", text, re.IGNORECASE) is not None
