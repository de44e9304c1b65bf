"""What a provider can answer to one message, whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Outgoing:
    """One message as the provider is to send it. `seconds_good` is how long it may wait at the provider's."""

    id: UUID
    sender: str
    recipient: str
    body: str
    seconds_good: int


@dataclass(frozen=True)
class Accepted:
    """The provider has it, under `sid`."""

    sid: str
    status: str


@dataclass(frozen=True)
class Refused:
    """The provider said no, for good; `code` is its own error code."""

    code: str
    reason: str


@dataclass(frozen=True)
class Later:
    """Surely not sent: nothing reached the provider, or it asked us to slow down."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Sent or not, nobody can tell from here."""

    reason: str


Answer = Accepted | Refused | Later | Unknown


@dataclass(frozen=True)
class Sent:
    """A message in the provider's own list."""

    sid: str
    status: str
    body: str
    error_code: str | None
    made_at: datetime


class CarrierAwayError(Exception):
    """The provider did not answer, or not in a way we understand."""
