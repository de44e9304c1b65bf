"""Who pays: found or made, with its one customer at Stripe. All in SYSTEM sessions: an agency's row is no tenant's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from billing import stripe_api
from billing.models import Payer
from groundwork import scope
from groundwork.database import Json, ScopedSession, new_id, open_session
from tenants.models import Tenant


@dataclass(frozen=True)
class Buyer:
    """Who buys, one of both ids, and how Stripe shall call them."""

    name: str
    email: str | None
    tenant_id: UUID | None = None
    agency_id: UUID | None = None


def of_tenant(tenant_id: UUID) -> Payer | None:
    """The row of a business that pays, or once paid, for itself."""
    with open_session(scope.SYSTEM) as session:
        return session.scalar(select(Payer).where(Payer.tenant_id == tenant_id))


def of_agency(agency_id: UUID) -> Payer | None:
    with open_session(scope.SYSTEM) as session:
        return session.scalar(select(Payer).where(Payer.agency_id == agency_id))


def paying_for(session: ScopedSession, tenant: Tenant) -> Payer | None:
    """Whose subscription covers this business: its own or its agency's. Takes a SYSTEM session."""
    if tenant.paid_by_agency:
        return session.scalar(select(Payer).where(Payer.agency_id == tenant.agency_id))
    return session.scalar(select(Payer).where(Payer.tenant_id == tenant.id))


def covered(session: ScopedSession, payer: Payer) -> list[Tenant]:
    """The businesses this payer's subscription decides about. Takes a SYSTEM session."""
    mine = (
        Tenant.id == payer.tenant_id if payer.tenant_id else Tenant.agency_id == payer.agency_id,
        Tenant.paid_by_agency.is_(payer.agency_id is not None),
    )
    return list(session.scalars(select(Tenant).where(*mine).order_by(Tenant.id).with_for_update()))


def open_for(buyer: Buyer) -> Payer:
    """The payer of this buyer with a customer at Stripe, made at first need; two at once make one."""
    payer = _row(buyer)
    if payer.customer is None:
        customer = stripe_api.make_customer(str(payer.id), buyer.name, buyer.email)
        with open_session(scope.SYSTEM) as session:
            payer = session.get_one(Payer, payer.id)
            payer.customer = payer.customer or customer
    return payer


def _row(buyer: Buyer) -> Payer:
    mine = {"tenant_id": buyer.tenant_id} if buyer.tenant_id else {"agency_id": buyer.agency_id}
    row: Json = {"id": new_id(), "quantity": 1, "details": {}, **mine}
    with open_session(scope.SYSTEM) as session:
        session.execute(insert(Payer).values(**row).on_conflict_do_nothing())
        return session.scalars(select(Payer).filter_by(**mine)).one()
