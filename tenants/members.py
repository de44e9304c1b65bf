"""Who works where, and in which role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from groundwork import clock, config
from groundwork.database import ScopedSession
from tenants import client_roles
from tenants.access_models import AgencyClientRole
from tenants.models import Agency, AgencyMember, Member, Tenant

READER = "read_only"
ROLE_WORDS = {
    "owner": "Owner",
    "manager": "Manager",
    "agent": "Agent",
    READER: "Read only",
}
ROLE_MEANING = {
    "owner": "Everything, members included",
    "manager": "Settings and the inbox",
    "agent": "Works the inbox",
    READER: "Sees everything, changes nothing",
}


class MemberError(ValueError):
    """A change of members that cannot be made; the message says why."""


@dataclass(frozen=True)
class Place:
    """A business a person may open: as its member (`agency_id` None) or as staff of its agency."""

    tenant_id: UUID
    name: str
    slug: str
    trade: str
    role: str
    agency_id: UUID | None = None
    agency: str | None = None
    guarded: bool = False  # it wants a second factor of whoever manages it


def places_of(session: ScopedSession, user_id: UUID) -> list[Place]:
    """Every business this person may open, their own first. Needs a SYSTEM session."""
    return [*_own_places(session, user_id), *_client_places(session, user_id)]


def place_for(session: ScopedSession, user_id: UUID, tenant_id: UUID) -> Place | None:
    """The right of a person to open one business; membership counts before agency."""
    return next((place for place in places_of(session, user_id) if place.tenant_id == tenant_id), None)


def _own_places(session: ScopedSession, user_id: UUID) -> list[Place]:
    rows = session.execute(
        select(Tenant.id, Tenant.name, Tenant.slug, Tenant.trade, Member.role)
        .join(Member, Member.tenant_id == Tenant.id)
        .where(Member.user_id == user_id, Member.removed_at.is_(None))
        .order_by(Tenant.name)
    )
    return [Place(*row) for row in rows]


def _client_places(session: ScopedSession, user_id: UUID) -> list[Place]:
    rows = session.execute(
        select(Tenant.id, Tenant.name, Tenant.slug, Tenant.trade, client_roles.ROLE)
        .add_columns(Agency.id, Agency.name, Tenant.require_two_factor)
        .join(Agency, Agency.id == Tenant.agency_id)
        .join(AgencyMember, AgencyMember.agency_id == Agency.id)
        .join(AgencyClientRole, client_roles.IN_THIS_CLIENT, isouter=True)
        .where(AgencyMember.user_id == user_id, client_roles.ROLE.is_not(None))
        .order_by(Tenant.name)
    )
    return [Place(*row) for row in rows]


def agencies_of(session: ScopedSession, user_id: UUID) -> Sequence[Agency]:
    """The agencies this person is staff of. Needs a SYSTEM session."""
    mine = select(Agency).join(AgencyMember, AgencyMember.agency_id == Agency.id)
    return session.scalars(mine.where(AgencyMember.user_id == user_id).order_by(Agency.name)).all()


def members(session: ScopedSession) -> Sequence[Member]:
    """The people of this session's business, by name."""
    return session.scalars(select(Member).where(Member.removed_at.is_(None)).order_by(func.lower(Member.name))).all()


def change_role(session: ScopedSession, member: Member, role: str) -> None:
    """Raises MemberError when the business would be left without an owner, and where its plan has no room."""
    if member.role == "owner" and role != "owner":
        _keep_an_owner(session, member)
    if member.role == READER and role != READER:
        make_room(session, member.tenant_id)
    member.role = role


@dataclass(frozen=True)
class Room:
    """How many work here and how many the plan has room for (None: as many as come); who only reads needs none."""

    taken: int
    limit: int | None

    def has(self, more: int = 1) -> bool:
        return self.limit is None or self.taken + more <= self.limit


def room(session: ScopedSession, tenant_id: UUID) -> Room:
    """Where nothing is sold nobody is counted. Works in a SYSTEM session too."""
    working = (Member.tenant_id == tenant_id, Member.removed_at.is_(None), Member.role != READER)
    taken = session.scalar(select(func.count()).select_from(Member).where(*working)) or 0
    limit = session.scalar(select(Tenant.member_limit).where(Tenant.id == tenant_id))
    return Room(taken, limit if config.settings().stripe_key else None)


def make_room(session: ScopedSession, tenant_id: UUID, invited: int = 0) -> None:
    """Room for one more beside the members and `invited` others. Raises MemberError; nobody who is in goes for it."""
    session.get_one(Tenant, tenant_id, with_for_update=True)  # two at once take turns
    found = room(session, tenant_id)
    if found.has(invited + 1):
        return
    beside = f" and {invited} invited" if invited else ""
    raise MemberError(
        f"Your plan has room for {found.limit} people: {found.taken} are in{beside}. Who only reads needs no room. "
        "Choose a larger plan under Settings, Plan and billing."
    )


def remove(session: ScopedSession, member: Member) -> None:
    """The person loses access at once; what they wrote keeps their name. Raises MemberError for the last owner."""
    if member.role == "owner":
        _keep_an_owner(session, member)
    member.removed_at = clock.now()


def _keep_an_owner(session: ScopedSession, member: Member) -> None:
    # Two owners who remove each other at once take turns on the same rows.
    owners = select(Member).where(Member.role == "owner", Member.removed_at.is_(None)).with_for_update()
    if not any(owner.id != member.id for owner in session.scalars(owners)):
        raise MemberError("A business needs at least one owner. Make somebody else an owner first.")
