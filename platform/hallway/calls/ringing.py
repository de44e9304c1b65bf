"""The ring plan: which of the contractor's phones ring, in turn or at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from groundwork.database import ScopedSession
from hallway import channels
from hallway.calls import twiml
from hallway.calls.models import Call, CallLeg, Phone
from hallway.calls.twiml import Ring
from hallway.channels import Number

MOST_AT_ONCE = 10  # a <Dial> takes ten numbers (https://www.twilio.com/docs/voice/twiml/number)
DEFAULT_SECONDS = 18
SCREENING_SECONDS = 15  # the words, and the wait for a key


def phones_to_ring(phones: Sequence[Phone], without: Collection[str]) -> list[Phone]:
    """Those that ring, by position; never one of `without` (the caller's own phone, our own numbers)."""
    return sorted((p for p in phones if p.rings and p.e164 not in without), key=lambda p: (p.position, p.id))


def at_attempt(number: Number | None, phones: Sequence[Phone], attempt: int, took: UUID | None) -> list[Phone]:
    """The phones to ring at `attempt` (from 0); none when the plan is at its end.

    In turn: one after the other. At once: all together; but the first phone to pick up silences the others, and it may
    be a personal voicemail, so when nobody accepted, all phones but that one (`took`) then ring in turn.
    """
    if number is None or number.ring_order != "at_once":
        return list(phones[attempt : attempt + 1])
    if attempt == 0:
        return list(phones[:MOST_AT_ONCE])
    others = [phone for phone in phones if phone.id != took] if took else []
    return others[attempt - 1 : attempt]


def ring(account_id: UUID, call: Call, number: Number | None, phones: Sequence[Phone], attempt: int = 0) -> str:
    """The document that rings these phones.

    They show the business number: it is the one saved as the business in the contractor's phone, and ringing it back
    reaches the customer through us; who calls is said when they pick up.
    """
    call.attempt = attempt
    rings = [
        Ring(phone.e164, channels.hook_url(account_id, "screen", call=call.id, phone=phone.id)) for phone in phones
    ]
    action = channels.hook_url(account_id, "dial", call=call.id, n=attempt)
    return twiml.dial(rings, caller_id=call.to_address, seconds=ring_seconds(number), action=action)


def longest(number: Number | None, phones: Sequence[Phone]) -> timedelta:
    """How long the ring plan may take, each phone ringing its full time and answered by its voicemail at the end."""
    return timedelta(seconds=(ring_seconds(number) + SCREENING_SECONDS) * (len(phones) + 1))


def ring_seconds(number: Number | None) -> int:
    return number.ring_seconds if number else DEFAULT_SECONDS


def took_first(session: ScopedSession, call: Call) -> UUID | None:
    """The phone that picked up first; None when none did."""
    legs = select(CallLeg.phone_id).where(CallLeg.call_id == call.id).order_by(CallLeg.picked_up_at).limit(1)
    return session.scalar(legs)
