"""The carrier's list of numbers against ours: what is billed is owned, and what is owned is there."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from groundwork import clock, timers
from groundwork.database import ScopedSession, new_id
from groundwork.tables import Timer
from hallway.channels import buying, prices, shop
from hallway.channels.models import Number, NumberPurchase
from tenants import routing

OUR_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
log = structlog.get_logger(__name__)


def compare_numbers(session: ScopedSession, _timer: Timer) -> None:
    """Handler of `compare_numbers`, once a day."""
    compare(session)


def compare(session: ScopedSession) -> list[NumberPurchase]:
    """Finish what was bought, show what nobody asked for, mark what is gone; returns what is still open.

    Raises CarrierAwayError.
    """
    login = routing.carrier_login_of(session.tenant_id)
    if login is None:
        return []
    session.commit()
    theirs = shop.billed(login)
    _mark_missing(session, set(theirs))
    for e164, (sid, name) in theirs.items():
        _account_for(session, e164, sid, name)
    session.commit()
    for row in buying.unfinished(session):
        if row.state in buying.OPEN:
            buying.go_on(session, row.id)
    timers.put(session, "compare_numbers", "all", clock.now() + timedelta(days=1), move=True, queue="soon")
    return buying.unfinished(session)


def _mark_missing(session: ScopedSession, theirs: set[str]) -> None:
    for number in session.scalars(select(Number).where(Number.active)):
        if number.e164 in theirs:
            number.missing_since = None
        elif number.missing_since is None:
            number.missing_since = clock.now()
            log.warning("the carrier does not list a number of ours", number=str(number.id))


def _account_for(session: ScopedSession, e164: str, sid: str, name: str) -> None:
    """A number that is billed belongs to a row of ours: the number's, its purchase's, or one made now to be shown."""
    if session.scalar(select(Number.id).where(Number.e164 == e164, Number.active)):
        return
    row = session.scalar(select(NumberPurchase).where(NumberPurchase.e164 == e164, NumberPurchase.ended_at.is_(None)))
    if row is None:
        row = _purchase_named(session, name)
    if row is None:
        kind = shop.kind_of(e164)
        row = NumberPurchase(id=new_id(), e164=e164, kind=kind, label="Found at the carrier", state="stray")
        row.price_cents, row.asked_by, row.bought_at = prices.kept(kind).cents, "nobody we know of", clock.now()
        session.add(row)
    row.provider_sid = sid
    if row.state in ("wanted", "taken"):
        row.state, row.ended_at = "bought", None


def _purchase_named(session: ScopedSession, name: str) -> NumberPurchase | None:
    """Our id in the number's name at the carrier leads back to the purchase, whatever became of it meanwhile."""
    told = OUR_ID.search(name)
    found = session.get(NumberPurchase, (session.tenant_id, UUID(told[0]))) if told else None
    return found if found and found.state in ("wanted", "bought", "taken") else None


def keep_stray(session: ScopedSession, row: NumberPurchase) -> None:
    """Use a number that the carrier bills anyway; `buying.go_on` does the rest."""
    if row.state == "stray":
        row.state, row.label = "bought", "Another line"
        timers.put(session, "finish_purchase", row.id, clock.now() + buying.AGAIN, queue="soon")


def give_back_stray(session: ScopedSession, row: NumberPurchase) -> None:
    """Stop paying for a number that nobody asked for. Raises CarrierAwayError."""
    login = routing.carrier_login_of(session.tenant_id)
    if row.state != "stray" or login is None:
        return
    shop.give_back(login, str(row.provider_sid))
    row.state, row.ended_at = "given_back", clock.now()
