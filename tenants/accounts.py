"""People who can log in: their accounts and passwords."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from groundwork import clock, config
from groundwork.database import ScopedSession
from tenants import passwords, post, signin
from tenants.models import UserAccount

SHORTEST_PASSWORD = passwords.SHORTEST
NEWS_LASTS = timedelta(days=2)
NOT_YOU = (
    "If that was you, there is nothing to do. If it was not, choose a new password at once under “Forgot your "
    "password?” on the log-in page, and look through your devices: somebody else may have been in."
)


class EmailTakenError(ValueError):
    """Somebody already has an account with this e-mail address."""


def normal_email(text: str) -> str:
    return text.strip().lower()


def create_account(session: ScopedSession, email: str, name: str, password: str) -> UserAccount:
    """A new account, in a SYSTEM session. Raises EmailTakenError."""
    email = normal_email(email)
    if find_account(session, email):
        raise EmailTakenError(f"{email} already has an account.")
    account = UserAccount(email=email, name=name.strip(), password_hash=hash_password(password))
    session.add(account)
    session.flush()
    return account


def find_account(session: ScopedSession, email: str) -> UserAccount | None:
    return session.scalars(select(UserAccount).where(UserAccount.email == normal_email(email))).one_or_none()


def email_of(session: ScopedSession, user_id: UUID) -> str:
    return session.scalars(select(UserAccount.email).where(UserAccount.id == user_id)).one()


def check_password(session: ScopedSession, email: str, password: str) -> UserAccount | None:
    """The account this e-mail and password open, or None; an unknown e-mail takes as long as a wrong password."""
    account = find_account(session, email)
    right = _verify(account.password_hash if account else _decoy(), password)
    if not account or not right or account.disabled_at:
        return None
    if _hasher().check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    return account


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def set_password(session: ScopedSession, account: UserAccount, password: str, *, keep: UUID | None = None) -> None:
    """A new password signs every browser of this person out but `keep`, and the person is told by e-mail.

    Raises WeakPasswordError, before anything is changed.
    """
    passwords.check(password, account.email, account.name)
    account.password_hash, account.password_set_at = hash_password(password), clock.real()
    signin.end_others(session, account.id, keep)
    tell(session, account, "Your password was changed", "The password of your Hallway account was just changed.")


def tell(session: ScopedSession, account: UserAccount, subject: str, what: str) -> None:
    """News of their own log-in, so that a thief's change does not go unseen."""
    post.put(session, account.email, subject, f"Hello {account.name},\n\n{what}\n\n{NOT_YOU}", NEWS_LASTS)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    """RFC 9106's low-memory choice; tests hash cheaply."""
    if config.settings().environment == "test":
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hash_password(secrets.token_urlsafe(32))
