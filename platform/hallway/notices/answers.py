"""What a way out may answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """It was taken."""


@dataclass(frozen=True)
class Later:
    """It may work in `seconds`, or in a while."""

    reason: str
    seconds: int | None = None


@dataclass(frozen=True)
class Failed:
    """This one will not go, but the way is good."""

    reason: str


@dataclass(frozen=True)
class Dead:
    """The way is closed for good: it is switched off, and its owner is told."""

    reason: str


WayAnswer = Sent | Later | Failed | Dead
