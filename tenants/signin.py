"""Signed-in browsers: one row each, on one host, revocable; and the hand-over from one host to another."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, delete, select, update

from groundwork import clock
from groundwork.database import ScopedSession
from tenants.models import Agency, AgencyMember, Member, Tenant, UserAccount, UserSession

REMEMBERED = timedelta(days=30)
UNREMEMBERED = timedelta(hours=12)
HAND_OVER = timedelta(seconds=60)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Browser:
    """Where a request comes from, as the list of sessions shows it."""

    ip: str | None
    user_agent: str | None


@dataclass(frozen=True)
class SignedIn:
    """Who is behind a request, and what they may do on this host. On the base domain `role` is None.

    `member_id` is None for agency staff acting in a client's account; `agency_id` and `agency` then name the agency.
    """

    session_id: UUID
    user_id: UUID
    name: str
    email: str
    role: str | None = None
    member_id: UUID | None = None
    agency_id: UUID | None = None
    agency: str | None = None


def start(
    session: ScopedSession, user_id: UUID, tenant_id: UUID | None, browser: Browser, *, remember: bool = False
) -> str:
    """Sign a browser in on one host (None: the base domain); returns the token for its cookie."""
    return _open(session, user_id, tenant_id, None, browser, REMEMBERED if remember else UNREMEMBERED)


def hand_over(session: ScopedSession, user_id: UUID, tenant_id: UUID, agency_id: UUID | None, browser: Browser) -> str:
    """A token good for one entry into a tenant's host within 60 seconds; the caller has checked the right to enter."""
    return _open(session, user_id, tenant_id, agency_id, browser, HAND_OVER)


def enter(session: ScopedSession, hand_over_token: str, tenant_id: UUID, browser: Browser) -> str | None:
    """Turn a hand-over into a signed-in browser; None when it was used, is too old, or is for another tenant."""
    token, now = secrets.token_urlsafe(32), clock.real()
    mine = (UserSession.token_sha256 == _sha256(hand_over_token), UserSession.tenant_id == tenant_id)
    alive = (UserSession.revoked_at.is_(None), UserSession.expires_at > now)
    # One conditional update is what makes the token single use: the second entry finds no such row.
    entered = session.execute(
        update(UserSession)
        .where(*mine, *alive)
        .values(token_sha256=_sha256(token), expires_at=now + UNREMEMBERED, last_seen_at=now)
        .values(ip=browser.ip, user_agent=browser.user_agent)
        .returning(UserSession.id)
    ).first()
    return token if entered else None


def start_again(session: ScopedSession, who: SignedIn, tenant_id: UUID | None, browser: Browser) -> str:
    """A fresh token for a person already here, in the same part: as a member, or acting for the same agency."""
    return _open(session, who.user_id, tenant_id, who.agency_id, browser, UNREMEMBERED)


def find(session: ScopedSession, token: str, tenant_id: UUID | None) -> SignedIn | None:
    """Who holds this token on this host, if they still may be here. Needs a SYSTEM session."""
    now = clock.real()
    row = session.execute(
        select(UserSession, UserAccount)
        .join(UserAccount, UserAccount.id == UserSession.user_id)
        .where(UserSession.token_sha256 == _sha256(token), UserAccount.disabled_at.is_(None))
        .where(UserSession.revoked_at.is_(None), UserSession.expires_at > now)
        .where(UserSession.tenant_id == tenant_id if tenant_id else UserSession.tenant_id.is_(None))
    ).first()
    if row is None:
        return None
    browser, account = row
    if now - browser.last_seen_at > SEEN_EVERY:
        browser.last_seen_at = now
    who = SignedIn(browser.id, account.id, account.name, account.email)
    if tenant_id is None:
        return who
    if browser.acting_for_agency_id:
        return _acting(session, who, tenant_id, browser.acting_for_agency_id)
    return _at_work(session, who, tenant_id)


def _at_work(session: ScopedSession, who: SignedIn, tenant_id: UUID) -> SignedIn | None:
    mine = (Member.tenant_id == tenant_id, Member.user_id == who.user_id, Member.removed_at.is_(None))
    member = session.scalars(select(Member).where(*mine)).one_or_none()
    if member is None:
        return None
    return SignedIn(who.session_id, who.user_id, member.name, member.email, member.role, member.id)


def _acting(session: ScopedSession, who: SignedIn, tenant_id: UUID, agency_id: UUID) -> SignedIn | None:
    """Agency staff may act as long as they are staff and the business is the agency's client."""
    row = session.execute(
        select(Agency.name, AgencyMember.role)
        .join(AgencyMember, and_(AgencyMember.agency_id == Agency.id, AgencyMember.user_id == who.user_id))
        .join(Tenant, and_(Tenant.agency_id == Agency.id, Tenant.id == tenant_id))
        .where(Agency.id == agency_id)
    ).first()
    if row is None:
        return None
    return SignedIn(who.session_id, who.user_id, who.name, who.email, row.role, None, agency_id, row.name)


def sessions_of(session: ScopedSession, user_id: UUID) -> Sequence[tuple[UserSession, str | None]]:
    """This person's signed-in browsers with the business's name (None: the base domain), last seen first."""
    now = clock.real()
    rows = session.execute(
        select(UserSession, Tenant.name)
        .join(Tenant, Tenant.id == UserSession.tenant_id, isouter=True)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def end(session: ScopedSession, user_id: UUID, session_id: UUID) -> bool:
    """Sign one of this person's browsers out. False when it is not theirs or already out."""
    mine = (UserSession.id == session_id, UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    ended = session.execute(update(UserSession).where(*mine).values(revoked_at=clock.real()).returning(UserSession.id))
    return ended.first() is not None


def _open(
    session: ScopedSession,
    user_id: UUID,
    tenant_id: UUID | None,
    agency_id: UUID | None,
    browser: Browser,
    lasts: timedelta,
) -> str:
    token = secrets.token_urlsafe(32)
    _sweep(session, user_id)
    row = UserSession(token_sha256=_sha256(token), user_id=user_id, tenant_id=tenant_id)
    row.acting_for_agency_id, row.expires_at = agency_id, clock.real() + lasts
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
