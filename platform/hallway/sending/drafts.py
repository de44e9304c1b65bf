"""What is asked to be sent, before the gate is asked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from hallway.consent.facts import Channel, Purpose
from hallway.conversations import Attachment

Lane = Literal["now", "soon", "bulk"]


class Author(Protocol):
    """A person of the business who writes by hand: a signed-in user or a member."""

    @property
    def user_id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...


class Talk(Protocol):
    """A conversation, or as much of one as sending needs."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def contact_id(self) -> uuid.UUID: ...


@dataclass(frozen=True)
class Draft:
    """A message to be queued. `to` is by default the contact's phone (or e-mail address), `from_` our number they last
    used; `send_at` is now (see `later`). An e-mail without a subject keeps the thread's;
    `calendar` (iCalendar) and `files` go along.

    It leaves only within `shelf_life`, while `appointment` (id and version of a visit) and `enrollment_id` stand. An
    `id` makes asking twice an IntegrityError, not two messages.
    """

    conversation: Talk
    body: str
    kind: str
    purpose: Purpose
    shelf_life: timedelta
    lane: Lane = "now"
    channel: Channel = "sms"
    subject: str | None = None
    to: str | None = None
    from_: str | None = None
    author: Author | None = None
    call_id: uuid.UUID | None = None
    retry_of: uuid.UUID | None = None
    appointment: tuple[uuid.UUID, int] | None = None
    enrollment_id: uuid.UUID | None = None
    send_at: datetime | None = None
    id: uuid.UUID | None = None
    calendar: str | None = None
    files: Sequence[Attachment] = ()
