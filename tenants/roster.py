"""Everybody who can open a business, for its owner to look over: role, second factor, where they are logged in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from tenants import client_roles, signin
from tenants.access_models import AgencyClientRole, Passkey
from tenants.models import Agency, AgencyMember, Member, Tenant, UserAccount, UserSession


@dataclass(frozen=True)
class Person:
    """One of them; `agency` names whose staff they are, None for a member. `devices` are logged in here now.

    `seen_at` is when they last did something here, None for longer ago than logged-out devices are kept.
    """

    user_id: UUID
    name: str
    email: str
    role: str
    agency: str | None
    app_codes: bool
    passkeys: int
    confirmed: bool
    devices: Sequence[UserSession]
    seen_at: datetime | None

    @property
    def second_factor(self) -> bool:
        return self.app_codes or self.passkeys > 0


def of(system: ScopedSession, tenant: Tenant) -> list[Person]:
    """Members by name, then staff of the agency by name. Needs a SYSTEM session."""
    rows = [*_members(system, tenant.id), *_staff(system, tenant)]
    ids = [account.id for account, *_ in rows]
    keys = Counter(system.scalars(select(Passkey.user_id).where(Passkey.user_id.in_(ids))))
    seen, devices = _seen(system, tenant.id), signin.at(system, tenant.id)
    return [
        Person(
            user_id=account.id,
            name=name,
            email=email,
            role=role,
            agency=agency,
            app_codes=account.totp_sealed is not None,
            passkeys=keys[account.id],
            confirmed=account.email_confirmed_at is not None,
            devices=[one for one in devices if one.user_id == account.id],
            seen_at=seen.get(account.id),
        )
        for account, name, email, role, agency in rows
    ]


Row = tuple[UserAccount, str, str, str, str | None]


def _members(system: ScopedSession, tenant_id: UUID) -> list[Row]:
    here = select(UserAccount, Member).join(Member, Member.user_id == UserAccount.id)
    mine = here.where(Member.tenant_id == tenant_id, Member.removed_at.is_(None)).order_by(func.lower(Member.name))
    return [(account, one.name, one.email, one.role, None) for account, one in system.execute(mine)]


def _staff(system: ScopedSession, tenant: Tenant) -> list[Row]:
    """Whoever of the agency may act here; one who is a member too stands among the members."""
    members = select(Member.user_id).where(Member.tenant_id == tenant.id, Member.removed_at.is_(None))
    rows = system.execute(
        select(UserAccount, Agency.name, client_roles.ROLE)
        .join(AgencyMember, AgencyMember.user_id == UserAccount.id)
        .join(Agency, Agency.id == AgencyMember.agency_id)
        .join(Tenant, Tenant.agency_id == Agency.id)
        .join(AgencyClientRole, client_roles.IN_THIS_CLIENT, isouter=True)
        .where(Tenant.id == tenant.id, client_roles.ROLE.is_not(None), UserAccount.id.not_in(members))
        .order_by(func.lower(UserAccount.name))
    )
    return [(account, account.name, account.email, role, agency) for account, agency, role in rows]


def _seen(system: ScopedSession, tenant_id: UUID) -> dict[UUID, datetime]:
    last = select(UserSession.user_id, func.max(UserSession.last_seen_at)).where(UserSession.tenant_id == tenant_id)
    return {row[0]: row[1] for row in system.execute(last.group_by(UserSession.user_id))}
