"""What the pages that sell plans share: the shelf, the way to the hosted checkout, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, g, request, url_for

from billing import choosing, payers, reversals, rights, standings
from billing.choosing import ChoiceError, Held
from billing.models import Payer
from billing.payers import Buyer
from billing.plans import COMING, FEATURES, METRICS, TERMS, Interval, for_tenants
from billing.reversals import Reversal
from billing.stripe_api import StripeAwayError, StripeRefusedError
from blueprints_ui.guard import OWNERS, tenant_session
from groundwork import clock, config
from groundwork.database import Json
from hallway import account

TROUBLES = (ChoiceError, StripeRefusedError, StripeAwayError)
AWAY = "The payment service does not answer at the moment; this page catches up by itself."


def shelf() -> dict[str, Any]:
    """Every plan beside the one this business has, by the month or, as ?pay=year asks, by the year."""
    payer = payers.of_tenant(g.tenant.id)
    running = bool(payer and payer.status not in choosing.OVER)
    paid = interval_of(payer)
    asked = request.args.get("pay")
    return {
        "plans": for_tenants(),
        "plan": rights.plan_of(g.tenant),
        "payer": payer,
        "stands": standings.of(g.tenant),
        "running": running,
        "features": FEATURES,
        "coming": COMING,
        "metrics": METRICS,
        "terms": TERMS,
        "may_pay": g.who.role in OWNERS,
        "first": payer is None or payer.subscription is None,
        "paid": paid,
        "shown": asked if asked in ("month", "year") else paid if running else "month",
        "renews": _renews(payer),
        "reversals": went_back(payer),
        "lost": reversals.lost(went_back(payer)),
        "now": clock.now(),
    }


def interval_of(payer: Payer | None) -> Interval:
    """Whether what is had is paid by the month or the year; by the month while nothing is had."""
    return "year" if payer and payer.details.get("interval") == "year" else "month"


def went_back(payer: Payer | None) -> list[Reversal]:
    """Payments given or taken back, the newest first."""
    return reversals.read(payer.details.get("reversals", [])) if payer else []


def _renews(payer: Payer | None) -> datetime | None:
    seconds = payer.details.get("renews_at") if payer else None
    return datetime.fromtimestamp(seconds, UTC) if seconds else payer.period_end if payer else None


def checkout(way_back: str) -> tuple[str, Json]:
    """Where the hosted checkout of the plan that was sent is, and what the log says of it.

    `way_back` is the endpoint it ends at. Raises TROUBLES.
    """
    order = choosing.order_of(request.form.get("plan", ""), request.form.get("interval", "month"))
    if g.tenant.paid_by_agency:
        raise ChoiceError("Your agency pays for this account. Ask it to change the plan.")
    buyer = Buyer(g.tenant.name, g.who.email, tenant_id=g.tenant.id)
    where = choosing.begin(buyer, order, config.settings().tenant_url(g.tenant.slug) + url_for(way_back))
    return where, {"plan": order.plan.name, "paid by the": order.interval}


def read_again() -> bool:
    """They return from a hosted page, which is no proof of anything: the subscription is read. False when it cannot."""
    payer = payers.of_tenant(g.tenant.id)
    try:
        if payer and payer.customer:
            follow(choosing.came_back(payer))
    except StripeAwayError:
        flash(AWAY, "error")
        return False
    return True


def follow(held: Held) -> None:
    """What the reading changed was committed by itself; this request's own row has to be read again."""
    account.follow_changes(held.changes)
    tenant_session().refresh(g.tenant)
