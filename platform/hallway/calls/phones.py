"""The contractor's own phones: which ring, in which order, and which are paged."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from groundwork import phones as numbering
from groundwork.database import ScopedSession
from hallway.calls.models import Call, Phone
from hallway.channels.models import Number
from hallway.consent import Suppression

MOST_PHONES = 20


class PhoneError(ValueError):
    """A phone that cannot be added or changed so; the message says why."""


def phones(session: ScopedSession) -> Sequence[Phone]:
    """All phones of this business in ring order."""
    return session.scalars(select(Phone).order_by(Phone.position, Phone.id)).all()


def unreachable(session: ScopedSession) -> Sequence[Phone]:
    """Phones from which STOP was texted: neither alarms nor lead cards reach them until they text START."""
    stopped = (Suppression.channel == "sms", Suppression.scope == "all", Suppression.released_at.is_(None))
    theirs = select(Suppression.address).where(Suppression.tenant_id == session.tenant_id, *stopped)
    return session.scalars(select(Phone).where(Phone.e164.in_(theirs)).order_by(Phone.position, Phone.id)).all()


def add_phone(session: ScopedSession, label: str, number: str, *, rings: bool = True, on_call: bool = False) -> Phone:
    """A phone at the end of the ring order. Raises PhoneError in words for the form."""
    e164 = _usable(session, number)
    if session.scalar(select(Phone.id).where(Phone.e164 == e164)):
        raise PhoneError("This phone is in the list already.")
    if (session.scalar(select(func.count()).select_from(Phone)) or 0) >= MOST_PHONES:
        raise PhoneError(f"A business can have up to {MOST_PHONES} phones.")
    last = session.scalar(select(func.max(Phone.position)))
    position = 0 if last is None else last + 1
    phone = Phone(label=label, e164=e164, rings=rings, on_call=on_call, position=position)
    session.add(phone)
    session.flush()
    return phone


def change_phone(session: ScopedSession, phone: Phone, label: str, *, rings: bool, on_call: bool) -> None:
    phone.label, phone.rings, phone.on_call = label, rings, on_call
    session.flush()


def move_phone(session: ScopedSession, phone: Phone, steps: int) -> None:
    """Let a phone ring earlier (-1) or later (1); at either end it stays."""
    order = list(phones(session))
    place = order.index(phone)
    order.insert(max(0, min(len(order) - 1, place + steps)), order.pop(place))
    for position, each in enumerate(order):
        each.position = position
    session.flush()


def remove_phone(session: ScopedSession, phone: Phone) -> None:
    """Calls it answered stay answered; they only forget on which phone."""
    session.execute(update(Call).where(Call.answered_by == phone.id).values(answered_by=None))
    session.delete(phone)
    session.flush()


def _usable(session: ScopedSession, number: str) -> str:
    try:
        e164 = numbering.e164(number)
    except numbering.NotAPhoneNumberError as error:
        raise PhoneError(str(error)) from error
    if session.scalar(select(Number.id).where(Number.e164 == e164)):
        raise PhoneError("This is your Hallway number. Calls to it would ring in a circle; give the phone you carry.")
    return e164
