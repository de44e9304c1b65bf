"""A forgotten password: a link by e-mail, good once and for an hour. Nobody learns from it who has an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from groundwork import clock
from groundwork.database import ScopedSession
from tenants import accounts, passkeys, post, second_factor, tokens
from tenants.models import UserAccount

LASTS = timedelta(hours=1)


def ask(system: ScopedSession, email: str, link_to: Callable[[str], str]) -> None:
    """Mail a link to this address if it has an account; older links are void. In a SYSTEM session."""
    account = accounts.find_account(system, email) or accounts.find_unconfirmed(system, email)
    if account is None or account.disabled_at:
        return
    tokens.void(system, "reset", account.id)
    token = tokens.make(system, "reset", LASTS, account.id)
    words = (
        f"Hello {account.name},\n\nsomebody, most likely you, asked for a new password. Choose one here within an hour:"
        f"\n\n{link_to(token)}\n\nIf it was not you, do nothing: your password stays as it is."
    )
    post.put(system, account.email, "Choose a new password", words, LASTS)


def account_of(system: ScopedSession, token: str) -> UserAccount | None:
    """Whose link this is, if it is still good."""
    found = tokens.look(system, "reset", token)
    return system.get(UserAccount, found.user_id) if found and found.user_id else None


def finish(system: ScopedSession, token: str, password: str) -> UserAccount | None:
    """Set the password and log every browser out; None when the link is not good (any more).

    Raises WeakPasswordError, and the link stays good. A second factor is asked for as before.
    """
    account = account_of(system, token)
    if account is None:
        return None
    accounts.set_password(system, account, password)
    if not account.email_confirmed_at:
        _take_over(system, account)
    return account if tokens.use(system, "reset", token) else None


def _take_over(system: ScopedSession, account: UserAccount) -> None:
    """The mailbox spoke for the first time: what was set up before may be somebody else's who typed this address."""
    second_factor.forget(system, account)
    for passkey in passkeys.of_account(system, account.id):
        system.delete(passkey)
    if accounts.find_account(system, account.email) is None:
        account.email_confirmed_at = clock.real()
    system.flush()
