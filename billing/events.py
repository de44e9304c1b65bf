"""Stripe's events: kept raw and once, answered, and taken as a hint that a subscription is to be read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from billing import stripe_reversals
from billing.applying import Change, apply
from billing.models import BillingEvent, Payer
from billing.stripe_api import Event, StripeAwayError
from groundwork import clock, jobs, scope
from groundwork.database import ScopedSession, new_id, open_session

BELL = "billing"
STALE = timedelta(hours=6)  # nothing heard for so long: read it again, for an event may have been lost
AWAY = timedelta(seconds=30)
MOST_PAYERS = 200


def keep(event: Event, raw: bytes) -> bool:
    """Keep a verified event and wake a worker; False when it was here before. Strangers' events are ignored.

    A dispute names its charge alone, so Stripe is asked whose it is. Raises StripeAwayError: then it is sent again.
    """
    customer = event.customer or (stripe_reversals.owner_of(event.charge) if event.charge else None)
    with open_session(scope.SYSTEM) as session:
        payer_id = session.scalar(select(Payer.id).where(Payer.customer == customer)) if customer else None
        row = {"id": new_id(), "event": event.id, "kind": event.kind, "payer_id": payer_id, "raw": raw.decode()}
        row |= {"received_at": clock.now(), "state": "new" if payer_id else "ignored"}
        statement = insert(BillingEvent).values(**row).on_conflict_do_nothing(index_elements=["event"])
        new = session.scalar(statement.returning(BillingEvent.id)) is not None
    if new and payer_id:
        jobs.ring_now(payer_id, BELL, "soon")
    return new


def handle(payer_id: UUID) -> list[Change]:
    """Read the payer's subscription again, whatever its new events say, and end them."""
    with open_session(scope.SYSTEM) as session:
        mine = (BillingEvent.payer_id == payer_id, BillingEvent.state == "new")
        ids = list(session.scalars(select(BillingEvent.id).where(*mine)))
    try:
        changes = apply(payer_id)
    except StripeAwayError:
        _later(payer_id)
        raise
    with open_session(scope.SYSTEM) as session:
        done = {"state": "done", "handled_at": clock.now()}
        session.execute(update(BillingEvent).where(BillingEvent.id.in_(ids)).values(**done))
    return changes


def _later(payer_id: UUID) -> None:
    with open_session(scope.SYSTEM) as session:
        session.execute(update(Payer).where(Payer.id == payer_id).values(next_try_at=clock.now() + AWAY))


def due(session: ScopedSession) -> Iterator[UUID]:
    """Payers to look at: with news, not read for long, or whose trial or period has ended. Takes a SYSTEM session."""
    now = clock.now()
    news = exists().where(BillingEvent.payer_id == Payer.id, BillingEvent.state == "new")
    passed = [(moment > Payer.read_at) & (moment <= now) for moment in (Payer.trial_end, Payer.period_end)]
    stale = or_(Payer.read_at < now - STALE, *passed)
    free = or_(Payer.next_try_at.is_(None), Payer.next_try_at <= now)
    wanted = select(Payer.id).where(Payer.customer.is_not(None), free, or_(news, stale))
    yield from session.scalars(wanted.order_by(Payer.read_at).limit(MOST_PAYERS))
