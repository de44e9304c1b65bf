"""Bring the rights of businesses to what the subscription says, as read from Stripe at this moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import update

from billing import payers, reporting, reversals, standings, stripe_api, stripe_reversals, told
from billing.models import Payer
from billing.plans import METERED, PLANS
from billing.reversals import Reversal
from billing.standings import Subscription, Verdict
from billing.stripe_api import StripeRefusedError
from groundwork import clock, scope
from groundwork.database import Json, ScopedSession, open_session
from tenants.models import Tenant

COPIED = ("status", "plan", "quantity", "trial_end", "period_start", "period_end", "cancel_at", "trouble_since")
NO_TROUBLE = ("active", "trialing", "canceled")
ENTITLES = ("active", "trialing", "past_due")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Change:
    """How one business stood before and stands now, and which of its own payments went back since the last reading."""

    tenant_id: UUID
    before: str | None
    after: str | None
    news: tuple[Reversal, ...] = ()


def apply(payer_id: UUID) -> list[Change]:
    """Read the subscription and set what follows from it; one entry for each business it covers.

    Events may come twice, late, in any order or never: nothing is taken from them. Of two readings at once the one
    that began later wins. Raises StripeAwayError.
    """
    began = clock.now()
    with open_session(scope.SYSTEM) as session:
        payer = session.get(Payer, payer_id)
        if payer is None:
            return []  # gone with its business or agency; a late event changes nothing
        customer = payer.customer
    read = _read(customer) if customer else None
    back = stripe_reversals.read(customer, began) if customer and read else []
    with open_session(scope.SYSTEM) as session:
        payer = session.get_one(Payer, payer_id, with_for_update=True)
        if payer.read_at and payer.read_at > began:
            return []
        payer.read_at, payer.next_try_at = began, None
        news = _keep(payer, read, back, began)
        if news and payer.agency_id:
            told.tell_agency(session, payer.agency_id, news)
        verdict = standings.judge(_with_memory(payer, read), began)
        changes = [_set(session, payer, tenant, verdict) for tenant in payers.covered(session, payer)]
        return [replace(one, news=tuple(news) if payer.tenant_id else ()) for one in changes]


def _read(customer: str) -> Subscription | None:
    """What Stripe says now; a subscription sold without the parts that are counted gets them first."""
    read = stripe_api.read_back(customer)
    plan = PLANS.get(read.plan or "") if read else None
    if read is None or plan is None or read.status not in ENTITLES or set(METERED) <= set(read.parts):
        return read
    try:
        stripe_api.add_counted_parts(read, plan)
    except StripeRefusedError:
        log.exception("a subscription has no parts that count usage", subscription=read.id)
        return read  # rights follow all the same
    return stripe_api.read_back(customer)


def renew(tenant_id: UUID) -> Change:
    """Who pays for this business has changed: what the present payer's subscription says counts from now on."""
    with open_session(scope.SYSTEM) as session:
        tenant = session.get_one(Tenant, tenant_id, with_for_update=True)
        payer = payers.paying_for(session, tenant)
        verdict = standings.judge(as_read(payer), clock.now()) if payer else Verdict(None)
        return _set(session, payer or Payer(), tenant, verdict)


def as_read(payer: Payer) -> Subscription | None:
    """The subscription as it was when last read."""
    if payer.subscription is None or payer.status is None:
        return None
    columns = {name: getattr(payer, name) for name in COPIED}
    parts = {str(part): str(item) for part, item in payer.details.get("parts", {}).items()}
    paused = bool(payer.details.get("asked_to_pause"))
    return Subscription(id=payer.subscription, asked_to_pause=paused, parts=parts, details=payer.details, **columns)


def _keep(payer: Payer, read: Subscription | None, back: list[Reversal], began: datetime) -> list[Reversal]:
    """Returns which payments went back, or changed on their way, since the last reading."""
    payer.subscription = read.id if read else payer.subscription
    if read is None:
        payer.status = None
        return []
    merged, news = reversals.merge(reversals.read(payer.details.get("reversals", [])), back)
    since = payer.trouble_since
    for name in COPIED:
        setattr(payer, name, getattr(read, name))
    payer.details = {**read.details, "parts": read.parts, "asked_to_pause": read.asked_to_pause}
    payer.details["reversals"] = [one.kept() for one in merged]
    # Each renewal that fails has an invoice of its own; the trouble began with the first, or when it was first seen.
    if read.status not in NO_TROUBLE:
        payer.trouble_since = min((one for one in (since, read.trouble_since) if one), default=began)
    return news


def _with_memory(payer: Payer, read: Subscription | None) -> Subscription | None:
    return as_read(payer) if read else None


def _set(session: ScopedSession, payer: Payer, tenant: Tenant, verdict: Verdict) -> Change:
    before = tenant.standing
    plan = payer.plan if verdict.standing else None
    values: Json = {"plan": plan, "standing": verdict.standing, "standing_until": verdict.until}
    values["member_limit"] = PLANS[plan].members if plan and plan in PLANS else None
    values |= {"period_start": payer.period_start, "period_end": payer.period_end}
    if tenant.period_start and payer.period_start != tenant.period_start:
        _close(session, payer, tenant)
        values |= {"spend_alerted": 0, "segment_limit": None}
    if tenant.plan != plan or before != verdict.standing:
        values["usage_looked_at"] = None  # another plan has other limits
    session.execute(update(Tenant).where(Tenant.id == tenant.id).values(**values))
    return Change(tenant.id, before, verdict.standing)


def _close(session: ScopedSession, payer: Payer, tenant: Tenant) -> None:
    """What was used beyond the plan since the last report belongs to the period that just ended."""
    since, until = tenant.period_start, payer.period_start
    if payer.customer and since and until and since < until:
        reporting.file_overage(session, tenant, payer.customer, since, _before(until))


def _before(until: datetime) -> datetime:
    return min(until, clock.now())
