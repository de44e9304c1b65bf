"""Opening a business: a person signs up alone, or one who has a log-in adds another."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from groundwork.database import ScopedSession, new_id
from tenants import naming
from tenants.models import Member, Tenant, UserAccount

USUAL_HOURS = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
MOST_OWNED = 20  # businesses one person may open alone; agencies make theirs elsewhere


class OpeningError(ValueError):
    """A business that cannot be opened; the message says why."""


def open_business(system: ScopedSession, user_id: UUID, name: str, *, agency_id: UUID | None = None) -> Tenant:
    """A new business with this person as its owner, under a free address made from its name; in a SYSTEM session.

    Raises OpeningError for somebody who owns too many.
    """
    account = system.get_one(UserAccount, user_id)
    owned = select(Member.id).where(Member.user_id == user_id, Member.role == "owner").limit(MOST_OWNED)
    if len(system.scalars(owned).all()) >= MOST_OWNED:
        raise OpeningError(f"One person can open up to {MOST_OWNED} businesses. Write to us for more.")
    slug = naming.proposed(system, name)
    tenant = Tenant(id=new_id(), name=name.strip(), slug=slug, hours=USUAL_HOURS, agency_id=agency_id)
    system.add(tenant)
    system.flush()
    system.add(Member(tenant_id=tenant.id, user_id=user_id, name=account.name, email=account.email, role="owner"))
    system.flush()
    return tenant
