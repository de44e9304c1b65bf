"""A link by e-mail with which somebody joins a business: with a new account, or with the one they already have."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock, scope
from groundwork.database import ScopedSession, open_session
from tenants import accounts, members, passwords, post, tokens
from tenants.access_models import Invited
from tenants.members import MemberError
from tenants.models import Member, UserAccount

LASTS = timedelta(days=3)
MOST_OPEN = 200


@dataclass(frozen=True)
class Invitation:
    """Who is asked to join which business, and since when the link exists."""

    id: UUID
    tenant_id: UUID
    email: str
    name: str
    role: str
    by: UUID | None
    issued_at: datetime


def invite(session: ScopedSession, email: str, name: str, role: str, by: UUID | None = None) -> str:
    """A token for one person to join this session's business within three days.

    Raises MemberError for a member, and where the plan has no room for one more.

    No account is made or touched here, and the answer is the same whether there is one: an e-mail address proves
    nothing about who typed it, so only the bearer of the link, with the account's own password where there is one, gets
    in. `by` is the owner who invites (None: whoever runs the installation); once they are no owner any more, their
    links are void. An open invitation of the same address is replaced.
    """
    email = accounts.normal_email(email)
    here = select(Member.id).where(Member.email == email, Member.removed_at.is_(None))
    if session.scalar(here):
        raise MemberError(f"{email} is already a member.")
    waiting = open_ones(session)
    row = next((one for one in waiting if one.email == email), None) or Invited(email=email)
    if row not in waiting and len(waiting) >= MOST_OPEN:
        raise MemberError(f"There are {MOST_OPEN} open invitations. Take some back first.")
    _make_room(session, email, role)
    row.name, row.role, row.by_user_id = name.strip(), role, by
    session.add(row)
    return _link(session, row)


def renew(session: ScopedSession, row: Invited) -> str:
    """A new link for an open invitation, good for three days from now; the one before is void. Raises MemberError."""
    _make_room(session, row.email, row.role)
    return _link(session, row)


def _make_room(session: ScopedSession, email: str, role: str) -> None:
    """Whose link still works is as good as here."""
    if role == members.READER:
        return
    others = [one for one in open_ones(session) if one.email != email and one.role != members.READER]
    fresh = sum(one.expires_at > clock.real() for one in others)
    members.make_room(session, session.tenant_id, fresh)


def _link(session: ScopedSession, row: Invited) -> str:
    token = secrets.token_urlsafe(32)
    row.token_sha256, row.sent_at = tokens.sha256(token), clock.real()
    row.expires_at = row.sent_at + LASTS
    session.flush()
    return token


def take_back(session: ScopedSession, row: Invited) -> None:
    """The link opens nothing any more."""
    row.revoked_at = clock.real()
    session.flush()


def open_ones(session: ScopedSession) -> Sequence[Invited]:
    """Who was invited and neither joined nor was refused, the newest first; also those whose link is too old by now."""
    waiting = (Invited.accepted_at.is_(None), Invited.revoked_at.is_(None))
    return session.scalars(select(Invited).where(*waiting).order_by(Invited.sent_at.desc())).all()


def mail(session: ScopedSession, row: Invited, link: str, business: str, by: str) -> None:
    """Send the link once this session commits. Nobody but the mailbox gets to see it: it is what proves the address."""
    words = (
        f"Hello {row.name},\n\n{by} asks you to join {business} as {members.ROLE_WORDS[row.role].lower()}. Join here "
        f"within three days:\n\n{link}\n\nIf you do not know {business}, do nothing and nothing happens."
    )
    subject, to = f"Join {business}", row.email

    def queue() -> None:
        with open_session(scope.SYSTEM) as system:
            post.put(system, to, subject, words, LASTS, sender_name=business)

    session.after_commit(queue)


def read(token: str, tenant_id: UUID) -> Invitation | None:
    """What an invitation says; None when it never was, was taken back, is too old, or is for another business."""
    mine = (Invited.tenant_id == tenant_id, Invited.token_sha256 == tokens.sha256(token))
    good = (Invited.revoked_at.is_(None), Invited.expires_at > clock.real())
    with open_session(scope.SYSTEM) as system:
        row = system.scalars(select(Invited).where(*mine, *good)).one_or_none()
    if row is None:
        return None
    return Invitation(row.id, tenant_id, row.email, row.name, row.role, row.by_user_id, row.sent_at)


def spent(system: ScopedSession, invitation: Invitation) -> bool:
    """Whether the link was used, the person was removed after it was made, or who made it is no owner any more."""
    inviter = members.place_for(system, invitation.by, invitation.tenant_id) if invitation.by else None
    if invitation.by and (inviter is None or inviter.role != "owner"):
        return True
    theirs = (Member.tenant_id == invitation.tenant_id, Member.email == invitation.email)
    member = system.scalars(select(Member).where(*theirs)).one_or_none()
    if member is not None and (member.removed_at is None or member.removed_at > invitation.issued_at):
        return True
    return system.get_one(Invited, (invitation.tenant_id, invitation.id)).accepted_at is not None


def accept(system: ScopedSession, invitation: Invitation, password: str) -> UserAccount:
    """Join, in a SYSTEM session: with a new account and this password, or with the account's own password.

    Raises MemberError for a spent link, where the plan has no room, and for a password that does not open the existing
    account, and WeakPasswordError for one that a new account may not have.
    """
    if spent(system, invitation) or not _spend(system, invitation):
        raise MemberError("This invitation was already used. Log in, or ask for a new one.")
    if invitation.role != members.READER:
        _find_room(system, invitation.tenant_id)
    account = _account(system, invitation, password)
    mine = (Member.tenant_id == invitation.tenant_id, Member.user_id == account.id)
    member = system.scalars(select(Member).where(*mine)).one_or_none()
    if member is None:
        member = Member(tenant_id=invitation.tenant_id, user_id=account.id, email=account.email)
        system.add(member)
    member.name, member.role, member.removed_at = invitation.name, invitation.role, None
    system.flush()
    return account


def _find_room(system: ScopedSession, tenant_id: UUID) -> None:
    """What is refused here takes nothing back of the link: it works once there is room."""
    try:
        members.make_room(system, tenant_id)
    except MemberError as error:
        full = "The plan of this business has no room for another person now."
        raise MemberError(f"{full} Ask whoever invited you; the link stays good.") from error


def _spend(system: ScopedSession, invitation: Invitation) -> bool:
    """Of two who use the link at once, one gets it."""
    mine = (Invited.tenant_id == invitation.tenant_id, Invited.id == invitation.id)
    unused = (Invited.accepted_at.is_(None), Invited.revoked_at.is_(None))
    taken = update(Invited).where(*mine, *unused).values(accepted_at=clock.real()).returning(Invited.id)
    return system.execute(taken).first() is not None


def _account(system: ScopedSession, invitation: Invitation, password: str) -> UserAccount:
    if accounts.find_account(system, invitation.email) is None:
        passwords.check(password, invitation.email, invitation.name)
        return accounts.create_account(system, invitation.email, invitation.name, password)
    account = accounts.check_password(system, invitation.email, password)
    if account is None:
        raise MemberError("That is not the password of your account.")
    return account
