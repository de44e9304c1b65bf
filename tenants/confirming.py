"""Confirming an e-mail address after signing up: by a link, and nothing waits for it.

Whoever signs up is told the same whether or not the address has an account; its mailbox alone is told more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from groundwork import clock, config
from groundwork.database import ScopedSession
from tenants import accounts, post, signin, tokens
from tenants.models import Member, UserAccount

LASTS = timedelta(days=7)
SUBJECT = "Confirm your e-mail for Hallway"
WORDS = """Hello {name},

welcome to Hallway. Confirm that this address is yours:

{link}

The link works for seven days. If you did not sign up, do nothing.
"""
KNOWN_SUBJECT = "You have a Hallway account already"
KNOWN_WORDS = """Hello,

somebody, most likely you, signed up with this address, which has an account already. If it was you, follow this link:
the new business moves into your account, and you open it with the password you had before.

{link}

The link works for seven days. If it was not you, do nothing: whoever it was sees nothing of your account.
"""
Outcome = Literal["confirmed", "moved"]


def ask(system: ScopedSession, account: UserAccount) -> None:
    """Mail a link to a new account, in the SYSTEM session that made it."""
    token = tokens.make(system, "confirm", LASTS, account.id)
    link = f"{config.settings().public_url}/confirm/{token}"
    known = accounts.find_account(system, account.email)
    subject, words = (KNOWN_SUBJECT, KNOWN_WORDS) if known and known.id != account.id else (SUBJECT, WORDS)
    post.put(system, account.email, subject, words.format(name=account.name, link=link), LASTS)


def would(system: ScopedSession, token: str) -> Outcome | None:
    """What following the link would come to; None when it is used, too old, or never was."""
    found = tokens.look(system, "confirm", token)
    account = system.get(UserAccount, found.user_id) if found and found.user_id else None
    if account is None or account.disabled_at:
        return None
    return "moved" if _elder(system, account) else "confirmed"


def confirm(system: ScopedSession, token: str) -> Outcome | None:
    """The link was followed and its button pressed: the address is theirs, or what they opened is the elder account's.

    None when the link is used, too old, or never was.
    """
    outcome = would(system, token)
    found = tokens.use(system, "confirm", token) if outcome else None
    if found is None:
        return None
    account = system.get_one(UserAccount, found.user_id)
    elder = _elder(system, account)
    if elder:
        _move(system, account, elder)
    else:
        account.email_confirmed_at = clock.real()
    system.flush()
    return outcome


def _elder(system: ScopedSession, account: UserAccount) -> UserAccount | None:
    known = accounts.find_account(system, account.email)
    return known if known and known.id != account.id else None


def _move(system: ScopedSession, account: UserAccount, elder: UserAccount) -> None:
    """Every business of the account is the elder's from now on, and the account opens nothing."""
    own = aliased(Member)
    there = select(own.tenant_id).where(own.user_id == elder.id)
    theirs = (Member.user_id == account.id, Member.tenant_id.not_in(there))
    system.execute(update(Member).where(*theirs).values(user_id=elder.id, email=elder.email))
    signin.end_others(system, account.id)
    account.disabled_at = clock.real()
