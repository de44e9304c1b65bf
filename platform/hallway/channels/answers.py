"""What a provider can answer to one message, whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID


class LetterFile(NamedTuple):
    """A file that goes with an e-mail."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """What an e-mail needs beyond its words. Ids are with <>; `references` are the thread's, oldest first.

    `unsubscribe` is (https address for one click, mailto address), for automatic mails alone; `calendar` an iCalendar
    object (RFC 5546) for the recipient's calendar.
    """

    subject: str
    sender_name: str
    reply_to: str
    return_path: str
    header_id: str
    references: tuple[str, ...]
    text: str
    html: str
    automatic: bool
    unsubscribe: tuple[str, str] | None
    calendar: str | None = None
    files: tuple[LetterFile, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """One message as the provider is to send it. `seconds_good` is how long it may wait at the provider's.

    `media` are the attachments that go with a text.
    """

    id: UUID
    sender: str
    recipient: str
    body: str
    seconds_good: int
    letter: Letter | None = None
    media: tuple[UUID, ...] = ()


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
    """Surely not sent: nothing reached the provider, or it asked us to slow down, by at least `wait`."""

    reason: str
    wait: timedelta = timedelta(0)


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
