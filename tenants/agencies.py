"""Agencies and their staff: who may do what, in all clients or in single ones. All in SYSTEM sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from groundwork.database import ScopedSession
from tenants import accounts, client_roles, members, passwords, post, tokens
from tenants.access_models import AgencyClientRole
from tenants.members import ROLE_WORDS, MemberError, Place
from tenants.models import Agency, AgencyMember, Tenant, UserAccount
from tenants.signin import SignedIn

LASTS = timedelta(days=3)
INVITATION: tokens.Kind = "agency"
NOBODYS_BROWSER = UUID(int=0)  # a worker acts for somebody who may have logged out long ago


@dataclass(frozen=True)
class Staff:
    """One person of an agency. `role` holds in all clients if `everywhere`; `clients`: their roles in single ones."""

    user_id: UUID
    name: str
    email: str
    role: str
    everywhere: bool
    clients: Mapping[UUID, str]

    @property
    def leads(self) -> bool:
        """Whether they look after the agency itself: its people, its look, what it pays."""
        return self.everywhere and self.role == "owner"

    @property
    def manages(self) -> bool:
        """Whether they may change the playbook and open accounts."""
        return self.everywhere and self.role in ("owner", "manager")


def staff(system: ScopedSession, agency_id: UUID) -> list[Staff]:
    """Everybody of the agency, by name."""
    rows = system.execute(
        select(AgencyMember, UserAccount)
        .join(UserAccount, UserAccount.id == AgencyMember.user_id)
        .where(AgencyMember.agency_id == agency_id)
        .order_by(UserAccount.name)
    ).all()
    single = system.scalars(select(AgencyClientRole).where(AgencyClientRole.agency_id == agency_id)).all()
    return [
        Staff(
            account.id,
            account.name,
            account.email,
            member.role,
            member.all_clients,
            {row.tenant_id: row.role for row in single if row.user_id == account.id},
        )
        for member, account in rows
    ]


def find(system: ScopedSession, agency_id: UUID, user_id: UUID) -> tuple[Agency, Staff] | None:
    """The agency and this person in it; None for a stranger to it."""
    me = next((one for one in staff(system, agency_id) if one.user_id == user_id), None)
    return (system.get_one(Agency, agency_id), me) if me else None


def clients(system: ScopedSession, agency_id: UUID, user_id: UUID) -> list[Place]:
    """The clients of this agency that this person may see, by name."""
    return [one for one in members.places_of(system, user_id) if one.agency_id == agency_id]


def acting(who: SignedIn, place: Place) -> SignedIn:
    """The person as they act in one client, for what is written in that client's log."""
    return replace(who, role=place.role, agency_id=place.agency_id, agency=place.agency)


def deputy(system: ScopedSession, agency_id: UUID, user_id: UUID, tenant_id: UUID) -> SignedIn | None:
    """The person as they act in one client when something is done for them later; None where they may not any more."""
    row = system.execute(
        select(UserAccount, Agency, client_roles.ROLE.label("role"))
        .join(AgencyMember, AgencyMember.user_id == UserAccount.id)
        .join(Agency, Agency.id == AgencyMember.agency_id)
        .join(Tenant, Tenant.agency_id == Agency.id)
        .join(AgencyClientRole, client_roles.IN_THIS_CLIENT, isouter=True)
        .where(UserAccount.id == user_id, UserAccount.disabled_at.is_(None))
        .where(Agency.id == agency_id, Tenant.id == tenant_id, client_roles.ROLE.in_(("owner", "manager")))
    ).first()
    if row is None:
        return None
    who = SignedIn(NOBODYS_BROWSER, user_id, row.UserAccount.name, row.UserAccount.email, role=row.role)
    return replace(who, agency_id=agency_id, agency=row.Agency.name)


def change(
    system: ScopedSession, agency_id: UUID, user_id: UUID, role: str, *, everywhere: bool, single: Mapping[UUID, str]
) -> None:
    """Set what one person may do. Raises MemberError when nobody would be left who leads the agency."""
    everybody = staff(system, agency_id)
    leaders = {one.user_id for one in everybody if one.leads} - {user_id}
    if not leaders and not (everywhere and role == "owner"):
        raise MemberError("An agency needs at least one owner for all clients. Make somebody else one first.")
    member = system.get_one(AgencyMember, (agency_id, user_id), with_for_update=True)
    member.role, member.all_clients = role, everywhere
    mine = (AgencyClientRole.agency_id == agency_id, AgencyClientRole.user_id == user_id)
    system.execute(delete(AgencyClientRole).where(*mine))
    _give(system, agency_id, user_id, single)


def _give(system: ScopedSession, agency_id: UUID, user_id: UUID, single: Mapping[UUID, str]) -> None:
    ours = set(system.scalars(select(Tenant.id).where(Tenant.agency_id == agency_id, Tenant.id.in_(single))))
    for tenant_id, role in single.items():
        if tenant_id in ours:
            row = AgencyClientRole(tenant_id=tenant_id, user_id=user_id, agency_id=agency_id, role=role)
            system.add(row)
    system.flush()


def remove(system: ScopedSession, agency_id: UUID, user_id: UUID) -> None:
    """Out of the agency and all its clients at once. Raises MemberError for the last one who leads it."""
    if not {one.user_id for one in staff(system, agency_id) if one.leads} - {user_id}:
        raise MemberError("An agency needs at least one owner for all clients. Make somebody else one first.")
    system.delete(system.get_one(AgencyMember, (agency_id, user_id)))
    system.flush()


def invite(system: ScopedSession, agency: Agency, email: str, name: str, role: str, by: SignedIn) -> str:
    """A link for one person to join the agency; the caller mails it. Raises MemberError for somebody who is in it."""
    email = accounts.normal_email(email)
    if any(one.email == email for one in staff(system, agency.id)):
        raise MemberError(f"{email} is already one of you.")
    payload = {"agency_id": str(agency.id), "email": email, "name": name.strip(), "role": role, "by": str(by.user_id)}
    return tokens.make(system, INVITATION, LASTS, payload=payload)


def mail(system: ScopedSession, agency: Agency, email: str, name: str, role: str, link: str, by: str) -> None:
    words = (
        f"Hello {name},\n\n{by} asks you to join {agency.name} as {ROLE_WORDS[role].lower()}. Join here within three "
        f"days:\n\n{link}\n\nIf you do not know {agency.name}, do nothing and nothing happens."
    )
    post.put(system, accounts.normal_email(email), f"Join {agency.name}", words, LASTS, sender_name=agency.name)


def invited(system: ScopedSession, token: str) -> Mapping[str, str] | None:
    """What an invitation says: agency_id, email, name, role; None when it is used, too old, or its sender left."""
    found = tokens.look(system, INVITATION, token)
    if found is None:
        return None
    inviter = find(system, UUID(found.payload["agency_id"]), UUID(found.payload["by"]))
    return found.payload if inviter and inviter[1].leads else None


def join(system: ScopedSession, token: str, password: str) -> UserAccount:
    """Join with a new account, or with the password of the one there is. Raises MemberError and WeakPasswordError."""
    told = invited(system, token)
    if told is None or tokens.use(system, INVITATION, token) is None:
        raise MemberError("This invitation was already used or is too old. Ask for a new one.")
    account = _account(system, told, password)
    agency_id = UUID(told["agency_id"])
    if system.get(AgencyMember, (agency_id, account.id)) is None:
        system.add(AgencyMember(agency_id=agency_id, user_id=account.id, role=told["role"]))
        system.flush()
    return account


def _account(system: ScopedSession, told: Mapping[str, str], password: str) -> UserAccount:
    if accounts.find_account(system, told["email"]) is None:
        passwords.check(password, told["email"], told["name"])
        return accounts.create_account(system, told["email"], told["name"], password)
    account = accounts.check_password(system, told["email"], password)
    if account is None:
        raise MemberError("That is not the password of your account.")
    return account


def name_of(system: ScopedSession, told: Mapping[str, str]) -> str:
    """The name of the agency that an invitation is from."""
    return system.get_one(Agency, UUID(told["agency_id"])).name
