"""Confirming an e-mail address after signing up: by a link, and nothing waits for it."""

from __future__ import annotations

from datetime import timedelta

from groundwork import clock, config
from groundwork.database import ScopedSession
from tenants import post, tokens
from tenants.models import UserAccount

LASTS = timedelta(days=7)
SUBJECT = "Confirm your e-mail for Hallway"
WORDS = """Hello {name},

welcome to Hallway. Confirm that this address is yours:

{link}

The link works for seven days. If you did not sign up, do nothing.
"""


def ask(system: ScopedSession, account: UserAccount) -> None:
    """Mail a link to a new account, in the SYSTEM session that made it."""
    token = tokens.make(system, "confirm", LASTS, account.id)
    link = f"{config.settings().public_url}/confirm/{token}"
    post.put(system, account.email, SUBJECT, WORDS.format(name=account.name, link=link), LASTS)


def confirm(system: ScopedSession, token: str) -> bool:
    """The link was followed and its button pressed. False when it is used, too old, or never was."""
    found = tokens.use(system, "confirm", token)
    account = system.get(UserAccount, found.user_id) if found and found.user_id else None
    if account:
        account.email_confirmed_at = clock.real()
    return account is not None
