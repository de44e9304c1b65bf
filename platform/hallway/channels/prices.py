"""What the carrier takes for a number each month: asked once a day, and kept for when it does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from twilio.base.exceptions import TwilioException

from groundwork import clock, scope
from groundwork.database import open_session
from hallway.channels import carrier
from hallway.channels.answers import CarrierAwayError
from hallway.channels.carrier import NoCarrierError
from hallway.channels.models import CarrierPrice

Kind = Literal["local", "toll_free"]
TOLD: Mapping[str, Kind] = {"local": "local", "toll free": "toll_free"}  # in the carrier's words
# Of https://www.twilio.com/en-us/pricing/us, for an installation whose carrier never told any.
LISTED: Mapping[Kind, int] = {"local": 115, "toll_free": 215}
GOOD_FOR = timedelta(days=1)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Price:
    """US cents each month, and when the carrier said so; None: it never did, this is its public list's."""

    cents: int
    told_at: datetime | None


def monthly(kind: Kind) -> Price:
    """The price now; the carrier is asked when what is kept is older than a day. Never raises for its sake."""
    known = kept(kind)
    if known.told_at and clock.now() - known.told_at < GOOD_FOR:
        return known
    try:
        _ask()
    except (CarrierAwayError, NoCarrierError, TwilioException) as error:
        log.warning("the carrier did not tell its prices", error=type(error).__name__)
        return known
    return kept(kind)


def kept(kind: Kind) -> Price:
    """The price as it was told last, without asking anybody."""
    with open_session(scope.SYSTEM) as session:
        row = session.scalar(select(CarrierPrice).where(CarrierPrice.kind == kind))
        return Price(row.cents, row.told_at) if row else Price(LISTED[kind], None)


def _ask() -> None:
    """Of our own account: discounts are in it."""
    with carrier.errors():
        told = carrier.client().pricing.v1.phone_numbers.countries("US").fetch()
    if str(told.price_unit).upper() != "USD":
        log.error("the carrier bills in another currency than prices are shown in", unit=told.price_unit)
        return
    now = clock.now()
    rows = [{"kind": TOLD[one["number_type"]], "cents": cents, "told_at": now}
            for one in told.phone_number_prices or () if one.get("number_type") in TOLD
            for cents in [_cents(one)] if cents is not None]  # fmt: skip
    if not rows:
        return
    with open_session(scope.SYSTEM) as session:
        fresh = insert(CarrierPrice).values(rows)
        newer = {"cents": fresh.excluded.cents, "told_at": fresh.excluded.told_at}
        session.execute(fresh.on_conflict_do_update(index_elements=["kind"], set_=newer))


def _cents(one: Mapping[str, Any]) -> int | None:
    try:
        dollars = Decimal(str(one.get("current_price") or one.get("base_price")))
    except InvalidOperation:
        return None
    return int((dollars * 100).to_integral_value(ROUND_HALF_UP)) if dollars.is_finite() and dollars > 0 else None
