"""An agency that pays for clients: whom it covers, and what each of them owes it, with its margin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import func, select, update

from billing import applying, choosing, payers, plans, spending
from billing.applying import Change
from billing.choosing import OVER, ChoiceError
from billing.plans import Order
from billing.spending import Line
from groundwork import clock, scope
from groundwork.database import ScopedSession, open_session
from tenants.models import Agency, Tenant

MOST_MARGIN = 500  # percent


@dataclass(frozen=True)
class Owed:
    """One line of a statement. `cost` is what the agency pays, `price` what it charges; both cents."""

    words: str
    cost: int
    price: int


@dataclass(frozen=True)
class Statement:
    """What one client used in a month and owes its agency."""

    since: datetime
    until: datetime
    usage: list[Line]
    lines: list[Owed]

    @property
    def cost(self) -> int:
        return sum(line.cost for line in self.lines)

    @property
    def price(self) -> int:
        return sum(line.price for line in self.lines)


def clients(agency_id: UUID) -> list[Tenant]:
    """All clients by name, those that pay for themselves too."""
    with open_session(scope.SYSTEM) as session:
        return list(session.scalars(select(Tenant).where(Tenant.agency_id == agency_id).order_by(Tenant.name)))


def count_covered(agency_id: UUID) -> int:
    with open_session(scope.SYSTEM) as session:
        mine = (Tenant.agency_id == agency_id, Tenant.paid_by_agency.is_(True))
        return session.scalar(select(func.count()).select_from(Tenant).where(*mine)) or 0


def cover(agency_id: UUID, tenant_id: UUID, *, pays: bool) -> list[Change]:
    """Let the agency pay for a client, or no longer. Raises ChoiceError while the client pays for itself."""
    own = payers.of_tenant(tenant_id)
    if pays and own and own.status not in OVER:
        raise ChoiceError("They pay for a plan of their own. It has to end before you can pay for them.")
    with open_session(scope.SYSTEM) as session:
        mine = (Tenant.id == tenant_id, Tenant.agency_id == agency_id)
        done = session.scalar(update(Tenant).where(*mine).values(paid_by_agency=pays).returning(Tenant.id))
    if done is None:
        raise ChoiceError("This is no client of yours.")
    return [applying.renew(tenant_id), *_match_quantity(agency_id)]


def _match_quantity(agency_id: UUID) -> list[Change]:
    """The subscription counts as many clients as are covered; one is the least that can be bought."""
    payer, wanted = payers.of_agency(agency_id), max(1, count_covered(agency_id))
    if payer is None or payer.status in OVER or payer.quantity == wanted:
        return []
    return choosing.change(payer, Order(plans.for_agencies(), quantity=wanted), clock.now()).changes


def set_margin(agency_id: UUID, typed: str) -> None:
    """What is put on top of the cost, in percent. Raises ChoiceError for a margin that is none."""
    text = typed.strip().rstrip("%").strip()
    percent = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else -1
    if not 0 <= percent <= MOST_MARGIN:
        raise ChoiceError(f"Write the margin as a whole number of percent between 0 and {MOST_MARGIN}.")
    with open_session(scope.SYSTEM) as session:
        session.execute(update(Agency).where(Agency.id == agency_id).values(rebill_margin_percent=percent))


def statement(session: ScopedSession, tenant_id: UUID, month: datetime, margin: int) -> Statement:
    """What a client owes for the month that holds `month`. Takes the agency's or a SYSTEM session."""
    since = month.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)
    plan = plans.for_agencies()
    used = spending.lines(session, tenant_id, plan, since, until)
    owed = [_owed(f"{plan.name} plan", Decimal(plan.cents), margin)]
    for line in used:
        if line.over:
            words = f"{line.over:,} {plans.METRICS[line.metric].name.lower()} beyond {line.included:,}"
            owed.append(_owed(words, line.cents, margin))
    return Statement(since, until, used, owed)


def _owed(words: str, cents: Decimal, margin: int) -> Owed:
    price = cents * (100 + margin) / 100
    cost, rounded = (int(each.to_integral_value(rounding=ROUND_HALF_UP)) for each in (cents, price))
    return Owed(words, cost, rounded)
