"""People who can log in: their accounts and passwords."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select

from groundwork import clock, config, keys
from groundwork.database import ScopedSession
from groundwork.keys import UnsealError
from tenants import passwords, post, signin
from tenants.models import UserAccount

SHORTEST_PASSWORD = passwords.SHORTEST
NEWS_LASTS = timedelta(days=2)
SEALED_FOR = "user_account.password"
NOT_YOU = (
    "If that was you, there is nothing to do. If it was not, choose a new password at once under “Forgot your "
    "password?” on the log-in page, and look through your devices: somebody else may have been in."
)


class EmailTakenError(ValueError):
    """Somebody already has an account with this e-mail address."""


def normal_email(text: str) -> str:
    return text.strip().lower()


def create_account(
    session: ScopedSession, email: str, name: str, password: str, *, confirmed: bool = True
) -> UserAccount:
    """A new account, in a SYSTEM session. Raises EmailTakenError.

    Not `confirmed` when only the person who typed the address says that it is theirs: then it may be somebody else's,
    and have an account already.
    """
    email = normal_email(email)
    if confirmed and find_account(session, email):
        raise EmailTakenError(f"{email} already has an account.")
    account = UserAccount(email=email, name=name.strip(), password_hash=hash_password(password))
    account.email_confirmed_at = clock.real() if confirmed else None
    session.add(account)
    session.flush()
    return account


def find_account(session: ScopedSession, email: str) -> UserAccount | None:
    """The account whose mailbox this is known to be."""
    theirs = (UserAccount.email == normal_email(email), UserAccount.email_confirmed_at.is_not(None))
    return session.scalars(select(UserAccount).where(*theirs)).one_or_none()


def find_unconfirmed(session: ScopedSession, email: str) -> UserAccount | None:
    """The last account made with this address whose mailbox has not said anything yet."""
    claimed = (UserAccount.email == normal_email(email), UserAccount.email_confirmed_at.is_(None))
    alive = select(UserAccount).where(*claimed, UserAccount.disabled_at.is_(None))
    return session.scalars(alive.order_by(UserAccount.id.desc()).limit(1)).one_or_none()


def email_of(session: ScopedSession, user_id: UUID) -> str:
    return session.scalars(select(UserAccount.email).where(UserAccount.id == user_id)).one()


def check_password(session: ScopedSession, email: str, password: str) -> UserAccount | None:
    """The account this e-mail and password open, or None. Whatever accounts there are, it takes as long."""
    known = (find_account(session, email), find_unconfirmed(session, email))
    right = [one for one in known if _verify(one.password_hash if one else _decoy(), password)]
    account = right[0] if right else None
    if not account or account.disabled_at:
        return None
    if _is_old(account.password_hash):
        account.password_hash = hash_password(password)
    return account


def hash_password(password: str) -> str:
    """argon2id, sealed with a key that is not in the database: who steals the table cannot guess at it."""
    return keys.seal(config.settings().seal_keys, _hasher().hash(password), SEALED_FOR)


def set_password(session: ScopedSession, account: UserAccount, password: str, *, keep: UUID | None = None) -> None:
    """A new password signs every browser of this person out but `keep`, and the person is told by e-mail.

    Raises WeakPasswordError, before anything is changed.
    """
    passwords.check(password, account.email, account.name)
    account.password_hash, account.password_set_at = hash_password(password), clock.real()
    signin.end_others(session, account.id, keep)
    tell(session, account, "Your password was changed", "The password of your Hallway account was just changed.")


def tell_of_new_device(session: ScopedSession, email: str, where: str) -> None:
    """A browser logged in that never did before; whoever logs in for the first time at all is told nothing."""
    account = find_account(session, email)
    if account and signin.was_here_before(session, account.id):
        tell(session, account, "A new device logged in", f"Somebody logged in as you on a new device: {where}.")


def tell(session: ScopedSession, account: UserAccount, subject: str, what: str, to: str | None = None) -> None:
    """News of their own log-in, so that a thief's change is seen; `to` another mailbox than the account's."""
    post.put(session, to or account.email, subject, f"Hello {account.name},\n\n{what}\n\n{NOT_YOU}", NEWS_LASTS)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(_opened(stored), password)
    except (VerifyMismatchError, InvalidHashError, UnsealError):
        return False


def _opened(stored: str) -> str:
    """The hash itself; one from before hashes were sealed stands there as it is."""
    return stored if stored.startswith("$") else keys.unseal(config.settings().seal_keys, stored, SEALED_FOR)


def _is_old(stored: str) -> bool:
    """Whether it was made with another cost, or sealed with another key than the one that seals now, or not at all."""
    sealed_now = stored.startswith(f"v1.{config.settings().seal_keys[0][0]}.")
    return not sealed_now or _hasher().check_needs_rehash(_opened(stored))


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    """RFC 9106's low-memory choice; tests hash cheaply."""
    if config.settings().environment == "test":
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hash_password(secrets.token_urlsafe(32))
