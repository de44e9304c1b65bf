"""Signed-in browsers: one row each, on one host, revocable; and the hand-over from one host to another."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, select, update

from groundwork import clock
from groundwork.database import ScopedSession
from tenants import client_roles
from tenants.access_models import AgencyClientRole
from tenants.models import Agency, AgencyMember, Member, Tenant, UserAccount, UserSession

REMEMBERED, REMEMBERED_IDLE = timedelta(days=30), timedelta(days=7)
UNREMEMBERED, UNREMEMBERED_IDLE = timedelta(hours=12), timedelta(minutes=30)
ACTING = timedelta(hours=4)  # for a client, from entering or proving anew who one is
HAND_OVER = timedelta(seconds=60)
ENTERED = case((UserSession.acting_for_agency_id.is_not(None), ACTING), else_=UNREMEMBERED)
SEEN_EVERY = timedelta(minutes=1)
FRESH = timedelta(minutes=10)  # how long one may change what guards the account after proving who one is
GUARDED = ("owner", "manager")  # whom a business may ask for a second factor
PRIVATE = ("agent", "read_only")  # who sees only some conversations where a business wants that


@dataclass(frozen=True)
class Browser:
    """Where a request comes from, as the list of sessions shows it."""

    ip: str | None
    user_agent: str | None


@dataclass(frozen=True)
class Proof:
    """How a person proved who they are in one browser: when last, and whether with a second factor."""

    at: datetime | None = None
    second_factor: bool = False

    @property
    def fresh(self) -> bool:
        return self.at is not None and clock.real() - self.at < FRESH


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a request, and what they may do on this host. On the base domain `role` is None.

    `member_id` is None for agency staff acting in a client's account; `agency_id` and `agency` then name the agency.
    `viewer` is set for whoever sees only some conversations; `lacks_factor` where the business asks for a second one.
    """

    session_id: UUID
    user_id: UUID
    name: str
    email: str
    role: str | None = None
    member_id: UUID | None = None
    agency_id: UUID | None = None
    agency: str | None = None
    proof: Proof = Proof()
    viewer: UUID | None = None
    lacks_factor: bool = False
    ends_at: datetime | None = None  # when the browser is logged out, whatever it does


def start(
    session: ScopedSession,
    user_id: UUID,
    tenant_id: UUID | None,
    browser: Browser,
    *,
    remember: bool = False,
    second_factor: bool = False,
) -> str:
    """Sign a browser in on one host (None: the base domain); returns the token for its cookie."""
    proof = Proof(clock.real(), second_factor)
    return _open(session, user_id, tenant_id, None, browser, REMEMBERED if remember else UNREMEMBERED, proof, remember)


def hand_over(
    session: ScopedSession,
    user_id: UUID,
    tenant_id: UUID,
    agency_id: UUID | None,
    browser: Browser,
    proof: Proof = Proof(),
) -> str:
    """A token good for one entry into a tenant's host within 60 seconds; the caller has checked the right to enter."""
    return _open(session, user_id, tenant_id, agency_id, browser, HAND_OVER, proof)


def enter(session: ScopedSession, hand_over_token: str, tenant_id: UUID, browser: Browser) -> str | None:
    """Turn a hand-over into a signed-in browser; None when it was used, is too old, or is for another tenant."""
    token, now = secrets.token_urlsafe(32), clock.real()
    mine = (UserSession.token_sha256 == _sha256(hand_over_token), UserSession.tenant_id == tenant_id)
    alive = (UserSession.revoked_at.is_(None), UserSession.expires_at > now)
    # One conditional update is what makes the token single use: the second entry finds no such row.
    entered = session.execute(
        update(UserSession)
        .where(*mine, *alive)
        .values(token_sha256=_sha256(token), expires_at=now + ENTERED, last_seen_at=now)
        .values(ip=browser.ip, user_agent=browser.user_agent)
        .returning(UserSession.id)
    ).first()
    return token if entered else None


def start_again(
    session: ScopedSession, who: SignedIn, tenant_id: UUID | None, browser: Browser, *, second_factor: bool = False
) -> str:
    """A fresh token for a person who just proved who they are, in the same part; the one they had is worthless."""
    proof = Proof(clock.real(), second_factor or who.proof.second_factor)
    kept = session.get_one(UserSession, who.session_id)
    kept.revoked_at = clock.real()
    lasts = ACTING if who.agency_id else REMEMBERED if kept.remembered else UNREMEMBERED
    return _open(session, who.user_id, tenant_id, who.agency_id, browser, lasts, proof, kept.remembered)


def find(session: ScopedSession, token: str, tenant_id: UUID | None, *, active: bool = True) -> SignedIn | None:
    """Who holds this token on this host, if they still may be here. Needs a SYSTEM session.

    `active` False: nobody did anything, a page asked by itself; the time without activity goes on.
    """
    now = clock.real()
    row = session.execute(
        select(UserSession, UserAccount)
        .join(UserAccount, UserAccount.id == UserSession.user_id)
        .where(UserSession.token_sha256 == _sha256(token), UserAccount.disabled_at.is_(None), *_alive(now))
        .where(UserSession.tenant_id == tenant_id if tenant_id else UserSession.tenant_id.is_(None))
    ).first()
    if row is None:
        return None
    browser, account = row
    if active and now - browser.last_seen_at > SEEN_EVERY:
        browser.last_seen_at = now
    proof = Proof(browser.proved_at, browser.second_factor_at is not None)
    who = SignedIn(browser.id, account.id, account.name, account.email, proof=proof, ends_at=browser.expires_at)
    if tenant_id is None:
        return who
    if browser.acting_for_agency_id:
        return _acting(session, who, tenant_id, browser.acting_for_agency_id)
    return _at_work(session, who, tenant_id)


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    idle = case((UserSession.remembered, REMEMBERED_IDLE), else_=UNREMEMBERED_IDLE)
    return UserSession.revoked_at.is_(None), UserSession.expires_at > now, UserSession.last_seen_at > now - idle


def _at_work(session: ScopedSession, who: SignedIn, tenant_id: UUID) -> SignedIn | None:
    mine = (Member.tenant_id == tenant_id, Member.user_id == who.user_id, Member.removed_at.is_(None))
    here = select(Member, Tenant).join(Tenant, Tenant.id == Member.tenant_id).where(*mine)
    row = session.execute(here).one_or_none()
    if row is None:
        return None
    member, tenant = row
    return _within(replace(who, name=member.name, email=member.email, role=member.role, member_id=member.id), tenant)


def _within(who: SignedIn, tenant: Tenant) -> SignedIn:
    """What the business's own rules of access mean for this person."""
    private = tenant.private_conversations and who.role in PRIVATE
    lacks = tenant.require_two_factor and who.role in GUARDED and not who.proof.second_factor
    return replace(who, viewer=(who.member_id or who.user_id) if private else None, lacks_factor=lacks)


def _acting(session: ScopedSession, who: SignedIn, tenant_id: UUID, agency_id: UUID) -> SignedIn | None:
    """Agency staff may act as long as they are staff and the business is the agency's client."""
    row = session.execute(
        select(Agency.name, client_roles.ROLE.label("role"), Tenant)
        .join(AgencyMember, and_(AgencyMember.agency_id == Agency.id, AgencyMember.user_id == who.user_id))
        .join(Tenant, and_(Tenant.agency_id == Agency.id, Tenant.id == tenant_id))
        .join(AgencyClientRole, client_roles.IN_THIS_CLIENT, isouter=True)
        .where(Agency.id == agency_id, client_roles.ROLE.is_not(None))
    ).first()
    if row is None:
        return None
    return _within(replace(who, role=row.role, agency_id=agency_id, agency=row.name), row.Tenant)


def sessions_of(session: ScopedSession, user_id: UUID) -> Sequence[tuple[UserSession, str | None]]:
    """This person's signed-in browsers with the business's name (None: the base domain), last seen first."""
    now = clock.real()
    rows = session.execute(
        select(UserSession, Tenant.name)
        .join(Tenant, Tenant.id == UserSession.tenant_id, isouter=True)
        .where(UserSession.user_id == user_id, *_alive(now))
        .order_by(UserSession.last_seen_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def at(session: ScopedSession, tenant_id: UUID) -> Sequence[UserSession]:
    """Everybody's signed-in browsers at one business, last seen first."""
    here = select(UserSession).where(UserSession.tenant_id == tenant_id, *_alive(clock.real()))
    return session.scalars(here.order_by(UserSession.last_seen_at.desc())).all()


def was_here_before(session: ScopedSession, user_id: UUID) -> bool:
    """Whether this person was signed in anywhere before the browser they sign in with now."""
    theirs = select(UserSession.id).where(UserSession.user_id == user_id).limit(2)
    return len(session.scalars(theirs).all()) > 1


def last_seen(session: ScopedSession, user_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of these people last did something, anywhere; nothing of who was not seen lately."""
    last = select(UserSession.user_id, func.max(UserSession.last_seen_at)).where(UserSession.user_id.in_(user_ids))
    return {row[0]: row[1] for row in session.execute(last.group_by(UserSession.user_id))}


def end(session: ScopedSession, user_id: UUID, session_id: UUID) -> bool:
    """Sign one of this person's browsers out. False when it is not theirs or already out."""
    mine = (UserSession.id == session_id, UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    ended = session.execute(update(UserSession).where(*mine).values(revoked_at=clock.real()).returning(UserSession.id))
    return ended.first() is not None


def end_others(session: ScopedSession, user_id: UUID, kept: UUID | None = None) -> int:
    """Sign all of this person's browsers out but the one kept; returns how many."""
    theirs = (UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.id.is_distinct_from(kept))
    ended = update(UserSession).where(*theirs).values(revoked_at=clock.real()).returning(UserSession.id)
    return len(session.execute(ended).all())


def end_at(session: ScopedSession, user_id: UUID, tenant_id: UUID) -> None:
    """Sign this person's browsers out of one business."""
    there = (UserSession.user_id == user_id, UserSession.tenant_id == tenant_id, UserSession.revoked_at.is_(None))
    session.execute(update(UserSession).where(*there).values(revoked_at=clock.real()))


def forget_factor(session: ScopedSession, session_id: UUID) -> None:
    """This browser counts as proved by one factor from now on."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(second_factor_at=None))


def _open(
    session: ScopedSession,
    user_id: UUID,
    tenant_id: UUID | None,
    agency_id: UUID | None,
    browser: Browser,
    lasts: timedelta,
    proof: Proof,
    remembered: bool = False,
) -> str:
    token = secrets.token_urlsafe(32)
    _sweep(session, user_id)
    row = UserSession(token_sha256=_sha256(token), user_id=user_id, tenant_id=tenant_id)
    row.acting_for_agency_id, row.expires_at = agency_id, clock.real() + lasts
    row.last_seen_at, row.remembered, row.proved_at = clock.real(), remembered, proof.at
    row.second_factor_at = clock.real() if proof.second_factor else None
    row.ip, row.user_agent = browser.ip, (browser.user_agent or "")[:300]
    session.add(row)
    session.flush()
    return token


def _sweep(session: ScopedSession, user_id: UUID) -> None:
    """Forget this person's browsers that have been out for a month."""
    long_out = UserSession.expires_at < clock.real() - REMEMBERED
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, long_out))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
