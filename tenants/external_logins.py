"""Accounts opened by an identity at an OpenID provider. Needs SYSTEM sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from groundwork.database import ScopedSession
from tenants import accounts
from tenants.access_models import ExternalLogin
from tenants.models import UserAccount


class ExternalLoginError(ValueError):
    """An identity that opens no account here; the message says why and what to do."""


def account_for(system: ScopedSession, said: Mapping[str, object]) -> UserAccount:
    """The account of who the provider says it is. `said` are the claims of a token already checked.

    The first time, the e-mail finds the account, and only one that the provider has verified; from then on the
    provider's own name for the person does. Raises ExternalLoginError.
    """
    issuer, subject = str(said.get("iss") or ""), str(said.get("sub") or "")
    if not issuer or not subject:
        raise ExternalLoginError("The provider did not say who you are. Log in with your password.")
    known = (ExternalLogin.issuer == issuer, ExternalLogin.subject == subject)
    found = system.scalars(select(ExternalLogin).where(*known)).one_or_none()
    account = system.get(UserAccount, found.user_id) if found else _by_email(system, issuer, subject, said)
    if account is None or account.disabled_at:
        raise ExternalLoginError("Nobody here has that e-mail. Ask an owner of your business to invite you.")
    return account


def _by_email(system: ScopedSession, issuer: str, subject: str, said: Mapping[str, object]) -> UserAccount | None:
    if said.get("email_verified") is not True:
        raise ExternalLoginError("The provider has not verified your e-mail. Verify it there, or use your password.")
    account = accounts.find_account(system, str(said.get("email") or ""))
    if account and not account.disabled_at:
        system.add(ExternalLogin(user_id=account.id, issuer=issuer, subject=subject))
        what = f"Logging in by single sign-on ({issuer}) opens your account from now on."
        accounts.tell(system, account, "Single sign-on was connected", what)
    return account


def of_account(system: ScopedSession, user_id: UUID) -> Sequence[ExternalLogin]:
    mine = select(ExternalLogin).where(ExternalLogin.user_id == user_id)
    return system.scalars(mine.order_by(ExternalLogin.id)).all()


def disconnect(system: ScopedSession, account: UserAccount, login_id: UUID) -> bool:
    """It opens the account no longer, until they log in with it anew. False when it is not theirs."""
    mine = (ExternalLogin.id == login_id, ExternalLogin.user_id == account.id)
    found = system.scalars(select(ExternalLogin).where(*mine)).one_or_none()
    if found is None:
        return False
    system.delete(found)
    what = f"The link between your account and single sign-on ({found.issuer}) was cut."
    accounts.tell(system, account, "Single sign-on was disconnected", what)
    return True
