"""Buying a number step by step: the row first, each step repeatable, so that none is paid for and unowned."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from twilio.base.exceptions import TwilioException

from groundwork import clock, config, scope, timers
from groundwork.database import ScopedSession, new_id, open_session
from groundwork.tables import Timer
from hallway.channels import carrier, prices, shop
from hallway.channels.answers import CarrierAwayError
from hallway.channels.carrier import NumberTakenError
from hallway.channels.models import Number, NumberPurchase
from tenants import routing
from tenants.models import Tenant
from tenants.routing import CarrierLogin

OPEN = ("wanted", "bought")
AGAIN = timedelta(seconds=45)  # when nobody waits at the page any more
TAKEN = "Somebody else bought this number a moment ago. You were not charged for it; choose another."
REFUSED = "The carrier refuses this step. Nothing is lost; whoever runs this installation sees why in the log."
log = structlog.get_logger(__name__)


class NumberError(ValueError):
    """A number that cannot be bought, kept or given back so; the message says why."""


def want(
    session: ScopedSession,
    e164: str,
    *,
    label: str,
    asked_by: str,
    mode: str = "direct",
    source: str | None = None,
) -> NumberPurchase:
    """Write down that this number is to be bought; one that is under way already is that one. Commit before `go_on`.

    Raises NumberError for a number that is ours.
    """
    if session.scalar(select(Number.id).where(Number.e164 == e164, Number.active)):
        raise NumberError("You have this number already.")
    known = session.scalar(select(NumberPurchase).where(NumberPurchase.e164 == e164, NumberPurchase.state.in_(OPEN)))
    if known:
        return known
    kind = shop.kind_of(e164)
    row = NumberPurchase(id=new_id(), e164=e164, kind=kind, label=label, source=source, mode=mode, asked_by=asked_by)
    row.price_cents, row.state = prices.kept(kind).cents, "wanted"
    session.add(row)
    session.flush()
    timers.put(session, "finish_purchase", row.id, clock.now() + AGAIN, queue="soon")
    timers.put(session, "compare_numbers", "all", clock.now() + timedelta(days=1), queue="soon")
    return row


def unfinished(session: ScopedSession) -> list[NumberPurchase]:
    """Numbers on their way, and those the carrier bills without our knowing why, the oldest first."""
    shown = NumberPurchase.state.in_((*OPEN, "stray"))
    return list(session.scalars(select(NumberPurchase).where(shown).order_by(NumberPurchase.id)))


def finish_purchase(session: ScopedSession, timer: Timer) -> None:
    """Handler of `finish_purchase`: whatever stopped half-way goes on. Raises CarrierAwayError, to be tried again."""
    go_on(session, UUID(timer.key))


def go_on(session: ScopedSession, purchase_id: UUID) -> NumberPurchase:
    """Do what is left of a purchase; every step looks before it acts, so it may run again after any fault.

    No transaction is open while the carrier is asked. Raises CarrierAwayError.
    """
    row = session.get_one(NumberPurchase, (session.tenant_id, purchase_id), populate_existing=True)
    if row.state not in OPEN:
        return row
    tenant = session.get_one(Tenant, session.tenant_id)
    session.commit()
    login = account_of(tenant)
    if not _buy(session, row, login):
        return row
    _serve(tenant, login, str(row.provider_sid))
    shop.name(login, str(row.provider_sid), f"{tenant.name} · {row.label}")
    with open_session(scope.SYSTEM) as system:
        routing.route_number(system, row.e164, tenant.id)
    _list(session, row)
    return row


def account_of(tenant: Tenant) -> CarrierLogin:
    """The tenant's account at the carrier: a sub-account of ours, made at first need. Raises CarrierAwayError."""
    known = routing.carrier_login_of(tenant.id)
    if known:
        return known
    sid, token = carrier.make_account(f"{tenant.name[:40]} {tenant.slug}")
    with open_session(scope.SYSTEM) as system:
        account_id = routing.connect_account(system, tenant.id, sid, token)
        login = routing.carrier_account(system, account_id)
    if login is None or login.tenant_id != tenant.id:
        raise NumberError("That account at the carrier serves another business.")
    return login


def _buy(session: ScopedSession, row: NumberPurchase, login: CarrierLogin) -> bool:
    """True when the number is ours at the carrier. Our id stands in its name there, so that nobody has to guess."""
    try:
        sid = carrier.buy_number(login, row.e164, f"{row.label[:20]} {row.id}")
    except NumberTakenError:
        # Another run of this very purchase may have been faster.
        sid = carrier.own_numbers(login).get(row.e164, "")
    if sid:
        row.state, row.provider_sid, row.bought_at = "bought", sid, row.bought_at or clock.now()
    else:
        row.state, row.error, row.ended_at = "taken", TAKEN, clock.now()
        timers.void(session, "finish_purchase", row.id)
    session.commit()
    return bool(sid)


def _serve(tenant: Tenant, login: CarrierLogin, number_sid: str) -> None:
    service = login.service_sid
    if service is None:
        service = shop.service_of(login, f"{tenant.name[:40]} {tenant.slug}")
        with open_session(scope.SYSTEM) as system:
            routing.keep_service(system, login.id, service)
    shop.join_service(login, service, number_sid)


def _list(session: ScopedSession, row: NumberPurchase) -> None:
    """The last step: it is a number of this business, with its own row."""
    session.refresh(row, with_for_update=True)
    if row.state == "done":
        return
    number = session.scalar(select(Number).where(Number.e164 == row.e164))
    if number is None:
        number = Number(id=new_id(), e164=row.e164, provider_sid=row.provider_sid, label=row.label)
        session.add(number)
    number.provider_sid, number.label, number.kind = str(row.provider_sid), row.label, row.kind
    number.source, number.mode, number.active = row.source, row.mode, True
    number.release_at = number.released_at = number.missing_since = None
    number.waits_for_carrier = _waits(session, row)
    row.state, row.error, row.ended_at = "done", None, clock.now()
    timers.void(session, "finish_purchase", row.id)
    session.commit()


def _waits(session: ScopedSession, row: NumberPurchase) -> bool:
    """The sandbox asks for no papers. A local number is covered by the campaign of those that text already; a
    toll-free one needs papers of its own."""
    clear = select(Number.id).where(Number.active, Number.kind == "local", Number.waits_for_carrier.is_(False))
    covered = row.kind == "local" and session.scalar(clear.where(Number.e164 != row.e164).limit(1)) is not None
    return config.settings().sandbox_url is None and not covered


def try_on(session: ScopedSession, purchase_id: UUID) -> NumberPurchase:
    """`go_on` for a person at a page: when the carrier is away the row says so and the clock goes on by itself."""
    try:
        return go_on(session, purchase_id)
    except CarrierAwayError as error:
        log.warning("a purchase stopped half-way", purchase=str(purchase_id), error=str(error))
        told = "The carrier did not answer. We go on by ourselves within a minute; nothing is bought twice."
    except (TwilioException, ValueError) as error:
        log.exception("a purchase cannot go on", purchase=str(purchase_id))
        told = f"This cannot go on by itself: {error}" if isinstance(error, ValueError) else REFUSED
    session.rollback()
    row = session.get_one(NumberPurchase, (session.tenant_id, purchase_id), populate_existing=True)
    row.error = told
    session.commit()
    return row
