"""Giving a number back: announced, kept for a grace time in which everything works on, then gone for good."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope, timers
from groundwork.database import ScopedSession, open_session
from groundwork.tables import Timer
from hallway.channels import shop
from hallway.channels.buying import NumberError
from hallway.channels.models import Number
from tenants import routing

GRACE = timedelta(days=7)


def release(session: ScopedSession, number: Number, typed: str) -> None:
    """Give the number back in a week; until then it works on. `typed` has to be its last four digits.

    Raises NumberError for wrong digits, and for a number that is on its way out.
    """
    if typed.strip() != number.e164[-4:]:
        raise NumberError(f"Type the last four digits of the number, {number.e164[-4:]}, to give it back.")
    if number.release_at or not number.active:
        raise NumberError("This number is being given back already.")
    number.release_at = clock.now() + GRACE
    timers.put(session, "release_number", number.id, number.release_at, queue="soon", move=True)


def keep(session: ScopedSession, number: Number) -> None:
    """Changed their mind within the grace time."""
    if number.active:
        number.release_at = None
        timers.void(session, "release_number", number.id)


def release_number(session: ScopedSession, timer: Timer) -> None:
    """Handler of `release_number`: the carrier first, then our rows; after a fault it starts over and ends the same."""
    number = session.scalar(select(Number).where(Number.id == UUID(timer.key)))
    if number is None or not number.active or number.release_at is None or number.release_at > clock.now():
        return
    login, sid, e164 = routing.carrier_login_of(session.tenant_id), number.provider_sid, number.e164
    session.commit()
    if login:
        shop.give_back(login, sid)
    with open_session(scope.SYSTEM) as system:
        routing.unroute_number(system, e164, session.tenant_id)
    number.active, number.released_at = False, clock.now()
