"""A claimed text: whose it is, until when, and as the provider is to send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from groundwork.database import Json
from hallway.channels import Letter, Outgoing

START_WITHIN = timedelta(seconds=25)  # no provider call begins later than this after its claim
LEASE = timedelta(seconds=45)  # START_WITHIN and the longest call; after it a claim whose worker died is looked after
FINDING_OUT = {
    "sms": "We are finding out whether the carrier has this text.",
    "email": "The mail server broke off; the same mail goes once more, marked as the same.",
}
FOREVER = 36_000  # seconds; the longest a provider keeps a text


@dataclass(frozen=True)
class Claimed:
    """A text that is ours to send until the lease ends. `attempts` counts this one."""

    outgoing: Outgoing
    claimed_at: datetime
    attempts: int
    channel: str = "sms"


Row = Mapping[str, Any] | RowMapping


def outgoing(row: Row, body: str, send_by: datetime | None, now: datetime, letter: Letter | None = None) -> Outgoing:
    """`row` of the message table for the provider. It is good until its shelf life or the gate's window ends."""
    ends = [moment for moment in (row["expires_at"], send_by) if moment]
    good = int((min(ends) - now).total_seconds()) if ends else FOREVER
    who = (row["id"], row["from_address"], row["to_address"])
    return Outgoing(*who, body, good, letter, media=attachments(row["media"]))


def attachments(media: Sequence[Json]) -> tuple[UUID, ...]:
    """The ids of the files that go with a message of ours."""
    return tuple(UUID(one["attachment"]) for one in media if "attachment" in one)
