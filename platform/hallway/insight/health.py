"""What would make the next caller go unheard: numbers, phones, switches and failing texts, in plain words.

That sending is stopped stands over every page already.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway.calls.models import Phone
from hallway.channels.models import Number
from hallway.conversations import Message
from tenants.models import Tenant

LONGEST_RING = 20  # seconds; after that the carrier's own voicemail tends to answer first
RECENT = timedelta(hours=24)
LOST = ("failed", "undelivered", "expired")


class Trouble(NamedTuple):
    """Something to mend. `where` is the settings page that mends it: numbers, phones, texts, or none."""

    words: str
    advice: str
    where: str | None
    grave: bool


def troubles(session: ScopedSession, tenant: Tenant, now: datetime) -> list[Trouble]:
    """Grave ones first. Three queries."""
    found = _of_switches(tenant) + _of_numbers(session) + _of_phones(session) + _of_texts(session, now)
    return sorted(found, key=lambda trouble: not trouble.grave)


def _of_switches(tenant: Tenant) -> list[Trouble]:
    if not tenant.text_back_enabled:
        advice = "Missed callers get no text. Switch it on in the settings."
        return [Trouble("Texting back is switched off", advice, "business", grave=True)]
    return []


def _of_numbers(session: ScopedSession) -> list[Trouble]:
    numbers = session.scalars(select(Number).where(Number.active.is_(True))).all()
    if not numbers:
        advice = "Without one nobody can call or text you here. Add a number in the settings."
        return [Trouble("There is no phone number yet", advice, "numbers", grave=True)]
    return _of_lines(numbers) + [
        Trouble(
            f"{number.label} rings for {number.ring_seconds} seconds",
            f"The phone company's voicemail may answer first. {LONGEST_RING} seconds or less is safe.",
            "numbers",
            grave=False,
        )
        for number in numbers
        if number.ring_seconds > LONGEST_RING and number.mode == "direct"
    ]


def _of_lines(numbers: Sequence[Number]) -> list[Trouble]:
    """Forwarding that stopped, numbers the carrier lost, and those about to be given back."""
    found = []
    for number in numbers:
        if number.quiet_since:
            words = f"{number.label} got no forwarded call for days, and it used to"
            advice = "Your carrier may have stopped forwarding. A test call tells."
            found.append(Trouble(words, advice, "numbers", grave=True))
        if number.missing_since:
            advice = "It is not on the carrier's list any more, so nobody can reach it."
            found.append(Trouble(f"{number.label} is gone at the carrier", advice, "numbers", grave=True))
        if number.release_at:
            advice = "It works until then. Keep it if that was a mistake."
            found.append(Trouble(f"{number.label} is given back within a week", advice, "numbers", grave=False))
    return found


def _of_phones(session: ScopedSession) -> list[Trouble]:
    rings, on_call = session.execute(
        select(func.count(Phone.id).filter(Phone.rings), func.count(Phone.id).filter(Phone.on_call))
    ).one()
    found = []
    if not rings:
        advice = "Every call counts as missed at once and gets a text. Add the phones that should ring."
        found.append(Trouble("No phone of yours rings", advice, "phones", grave=False))
    if not on_call:
        advice = "Alarms about emergencies and repeat callers reach nobody by text."
        found.append(Trouble("Nobody is on call", advice, "phones", grave=False))
    return found


def _of_texts(session: ScopedSession, now: datetime) -> list[Trouble]:
    since = now - RECENT
    lost = session.scalar(
        select(func.count(Message.id)).where(
            Message.id >= earliest_id(since), Message.at >= since, Message.state.in_(LOST), Message.direction == "out"
        )
    )
    if not lost:
        return []
    what = "1 text was" if lost == 1 else f"{lost} texts were"
    return [Trouble(f"{what} not delivered in the last 24 hours", "Each says why in its thread.", "texts", grave=False)]


def earliest_id(at: datetime) -> uuid.UUID:
    """The smallest UUIDv7 of that millisecond: rows made since `at` are found by their key alone."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80 | 0x7 << 76 | 0x8 << 60)
