"""Everybody who works at an agency's clients, each person once: roles, second factor, last seen; and out of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true, tuple_

from groundwork import scope
from groundwork.database import ScopedSession, open_session
from tenants import audit, members, signin
from tenants.access_models import Passkey
from tenants.models import Member, Tenant, UserAccount, UserSession
from tenants.signin import SignedIn

PAGE = 50
SAFE: ColumnElement[bool] = or_(UserAccount.totp_sealed.is_not(None), exists().where(Passkey.user_id == UserAccount.id))
NAME, EMAIL = func.min(Member.name), func.min(Member.email)


@dataclass(frozen=True)
class Person:
    """`roles` are (client's id, client's name, role) by name. `seen_at`: None for not lately."""

    user_id: UUID
    name: str
    email: str
    second_factor: bool
    seen_at: datetime | None
    roles: list[tuple[UUID, str, str]]


@dataclass(frozen=True)
class Found:
    """A page of people by name; `after` is where the next one begins, None at the end."""

    people: list[Person]
    after: tuple[str, UUID] | None
    all: int
    alone: int  # of all: who prove who they are by a password alone


def find(
    system: ScopedSession,
    clients: Collection[UUID],
    *,
    words: str = "",
    alone: bool = False,
    after: tuple[str, UUID] | None = None,
) -> Found:
    """Those whose name or e-mail has `words`; with `alone` only those without a second factor. In a SYSTEM session.

    Three statements, however many clients and people there are.
    """
    order = (func.lower(NAME), UserAccount.id)
    wanted = _people(clients, words).where(~SAFE if alone else true()).order_by(*order)
    page = wanted.having(tuple_(*order) > tuple_(*after)) if after else wanted
    rows = system.execute(page.limit(PAGE + 1)).all()
    ids = [row.id for row in rows[:PAGE]]
    theirs = _roles(system, clients, ids)
    everybody = _people(clients, words).subquery()
    count = select(func.count(), func.count().filter(~everybody.c.safe)).select_from(everybody)
    people = [Person(row.id, row.name, row.email, row.safe, row.seen_at, theirs[row.id]) for row in rows[:PAGE]]
    more = (people[-1].name.lower(), people[-1].user_id) if len(rows) > PAGE else None
    return Found(people, more, *system.execute(count).one())


def _people(clients: Collection[UUID], words: str) -> Select[UUID, str, str, bool, datetime]:
    here = (UserSession.user_id == UserAccount.id, UserSession.tenant_id.in_(clients))
    seen = select(func.max(UserSession.last_seen_at)).where(*here).scalar_subquery()
    columns = (UserAccount.id, NAME.label("name"), EMAIL.label("email"), SAFE.label("safe"), seen.label("seen_at"))
    found = select(*columns).join(Member, Member.user_id == UserAccount.id)
    like = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    named = or_(func.lower(Member.name).like(like), func.lower(Member.email).like(like))
    mine = (Member.tenant_id.in_(clients), Member.removed_at.is_(None), named)
    return found.where(*mine).group_by(UserAccount.id)


def _roles(
    system: ScopedSession, clients: Collection[UUID], ids: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, str, str]]]:
    mine = (Member.user_id.in_(ids), Member.tenant_id.in_(clients), Member.removed_at.is_(None))
    rows = select(Member.user_id, Tenant.id, Tenant.name, Member.role).join(Tenant, Tenant.id == Member.tenant_id)
    found: dict[UUID, list[tuple[UUID, str, str]]] = {id_: [] for id_ in ids}
    for user_id, id_, name, role in system.execute(rows.where(*mine).order_by(func.lower(Tenant.name))):
        found[user_id].append((id_, name, role))
    return found


def remove(tenant_id: UUID, user_id: UUID, who: SignedIn, ip: str | None) -> bool:
    """Out of one client, and logged out there at once; False for nobody of theirs. It stands in the client's log.

    Raises MemberError for its last owner.
    """
    with open_session(scope.tenant(tenant_id)) as session:
        mine = (Member.user_id == user_id, Member.removed_at.is_(None))
        member = session.scalars(select(Member).where(*mine)).one_or_none()
        if member is None:
            return False
        members.remove(session, member)
        audit.note(session, who, "Removed a member", {"member": member.name, "e-mail": member.email}, ip)
    with open_session(scope.SYSTEM) as system:
        signin.end_at(system, user_id, tenant_id)
    return True
