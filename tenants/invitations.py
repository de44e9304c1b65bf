"""A link with which a new member sets a password, or joins with the account they already have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from groundwork import config
from groundwork.database import ScopedSession
from tenants import accounts, members
from tenants.members import MemberError
from tenants.models import Member, UserAccount

LASTS_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True)
class Invitation:
    """Who is asked to join which business, and since when the link exists."""

    tenant_id: UUID
    email: str
    name: str
    role: str
    by: UUID | None
    issued_at: datetime


def invite(session: ScopedSession, email: str, name: str, role: str, by: UUID | None = None) -> str:
    """A token for one person to join this session's business within three days. Raises MemberError for a member.

    No account is made or touched here: an e-mail address proves nothing about who typed it, so only the bearer of the
    link, with the account's own password where there is one, gets in. `by` is the owner who invites (None: whoever runs
    the installation); once they are no owner any more, their links are void.
    """
    email = accounts.normal_email(email)
    here = select(Member.id).where(Member.email == email, Member.removed_at.is_(None))
    if session.scalar(here):
        raise MemberError(f"{email} is already a member.")
    return _signer().dumps([str(session.tenant_id), email, name.strip(), role, str(by or "")])


def read(token: str, tenant_id: UUID) -> Invitation | None:
    """What an invitation says; None when it is forged, too old, or for another business."""
    try:
        said, issued_at = _signer().loads(token, max_age=LASTS_SECONDS, return_timestamp=True)
        tenant, email, name, role, by = said
    except (BadSignature, ValueError, TypeError):
        return None
    invited_by = UUID(by) if by else None
    return Invitation(tenant_id, email, name, role, invited_by, issued_at) if UUID(tenant) == tenant_id else None


def spent(system: ScopedSession, invitation: Invitation) -> bool:
    """Whether the link was used, the person was removed after it was made, or who made it is no owner any more."""
    inviter = members.place_for(system, invitation.by, invitation.tenant_id) if invitation.by else None
    if invitation.by and (inviter is None or inviter.role != "owner"):
        return True
    theirs = (Member.tenant_id == invitation.tenant_id, Member.email == invitation.email)
    member = system.scalars(select(Member).where(*theirs)).one_or_none()
    return member is not None and (member.removed_at is None or member.removed_at > invitation.issued_at)


def accept(system: ScopedSession, invitation: Invitation, password: str) -> UserAccount:
    """Join, in a SYSTEM session: with a new account and this password, or with the account's own password.

    Raises MemberError for a spent link and for a password that does not open the existing account.
    """
    if spent(system, invitation):
        raise MemberError("This invitation was already used. Log in, or ask for a new one.")
    account = _account(system, invitation, password)
    mine = (Member.tenant_id == invitation.tenant_id, Member.user_id == account.id)
    member = system.scalars(select(Member).where(*mine)).one_or_none()
    if member is None:
        member = Member(tenant_id=invitation.tenant_id, user_id=account.id, email=account.email)
        system.add(member)
    member.name, member.role, member.removed_at = invitation.name, invitation.role, None
    system.flush()
    return account


def _account(system: ScopedSession, invitation: Invitation, password: str) -> UserAccount:
    if accounts.find_account(system, invitation.email) is None:
        return accounts.create_account(system, invitation.email, invitation.name, password)
    account = accounts.check_password(system, invitation.email, password)
    if account is None:
        raise MemberError("That is not the password of your account.")
    return account


def _signer() -> URLSafeTimedSerializer:
    settings = config.settings()
    return URLSafeTimedSerializer([*settings.secret_key_fallbacks, settings.secret_key], salt="invitation")
