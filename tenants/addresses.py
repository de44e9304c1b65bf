"""Another e-mail address for an account: the mailbox it has and the new one both say yes. Needs SYSTEM sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from tenants import accounts, audit, post, signin, tokens
from tenants.access_models import AccountToken
from tenants.models import Member, UserAccount

LASTS = timedelta(days=1)
ASK = (
    "Hello {name},\n\nsomebody, most likely you, wants to log in to Hallway as {new} instead of {old} from now on. "
    "Both mailboxes have to agree. This one agrees here, within a day:\n\n{link}\n\n{not_you}"
)
NOT_YOU = {
    "old": "If it was not you, do nothing, and choose a new password at once: somebody else may be in your account.",
    "new": "If you do not know of it, do nothing and nothing happens.",
}
TAKEN = (
    "Hello,\n\nsomebody, most likely you, wanted to log in to Hallway with this address in place of another, but it "
    "has an account of its own already. Log in with that one, or choose another address. If it was not you, do nothing."
)
NO_BROWSER = UUID(int=0)  # a mailbox agrees, whoever is signed in
Outcome = Literal["half", "done"]


class AddressError(ValueError):
    """An address that cannot be asked for; the message says why."""


def ask(system: ScopedSession, account: UserAccount, email: str, link_to: Callable[[str], str]) -> None:
    """Mail a link to both mailboxes; links of an earlier wish are void. Raises AddressError for the address they have.

    The answer is the same whether or not the new address has an account; its mailbox alone is told.
    """
    new = accounts.normal_email(email)
    if new == account.email:
        raise AddressError("That is the address you log in with now.")
    tokens.void(system, "address", account.id)
    pair, taken = str(new_id()), accounts.find_account(system, new) is not None
    for side, mailbox in (("old", account.email), ("new", new)):
        if taken and side == "new":
            post.put(system, new, "Your address has an account already", TAKEN, LASTS)
            continue
        token = tokens.make(system, "address", LASTS, account.id, {"to": new, "side": side, "pair": pair})
        words = ASK.format(name=account.name, old=account.email, new=new, link=link_to(token), not_you=NOT_YOU[side])
        post.put(system, mailbox, "Agree to a new log-in address", words, LASTS)


def wished(system: ScopedSession, account: UserAccount) -> str | None:
    """The address that waits for its mailboxes to agree."""
    waiting = (AccountToken.kind == "address", AccountToken.user_id == account.id)
    alive = (AccountToken.used_at.is_(None), AccountToken.expires_at > clock.real())
    row = system.scalars(select(AccountToken).where(*waiting, *alive).limit(1)).one_or_none()
    return str(row.payload["to"]) if row else None


def look(system: ScopedSession, token: str) -> str | None:
    """The address that a good link agrees to."""
    found = tokens.look(system, "address", token)
    return str(found.payload["to"]) if found else None


def take_back(system: ScopedSession, account: UserAccount) -> None:
    """The links agree to nothing any more."""
    tokens.void(system, "address", account.id)


def agree(system: ScopedSession, token: str) -> Outcome | None:
    """One mailbox agrees; with the second one the address is changed and every browser is signed out.

    None when the link is used, too old, or never was, or the address got an account of its own meanwhile.
    """
    found = tokens.look(system, "address", token)
    if found is None:
        return None
    # Two mailboxes that agree at once take turns.
    account = system.scalars(select(UserAccount).where(UserAccount.id == found.user_id).with_for_update()).one()
    system.refresh(found)
    if tokens.use(system, "address", token) is None or account.disabled_at:
        return None
    if not found.payload.get("agreed"):
        _keep(system, found)
        return "half"
    new = str(found.payload["to"])
    if accounts.find_account(system, new) is not None:
        return None
    _change(system, account, new)
    return "done"


def _keep(system: ScopedSession, agreed: AccountToken) -> None:
    """The other mailbox's link is the last that is missing."""
    other = (AccountToken.kind == "address", AccountToken.user_id == agreed.user_id, AccountToken.used_at.is_(None))
    for row in system.scalars(select(AccountToken).where(*other)):
        if row.payload["pair"] == agreed.payload["pair"]:
            row.payload = {**row.payload, "agreed": True}


def _change(system: ScopedSession, account: UserAccount, new: str) -> None:
    old, account.email, account.email_confirmed_at = account.email, new, clock.real()
    system.execute(update(Member).where(Member.user_id == account.id).values(email=new))
    system.flush()
    for kind in ("address", "reset", "confirm"):
        tokens.void(system, kind, account.id)
    signin.end_others(system, account.id)
    who = signin.SignedIn(NO_BROWSER, account.id, account.name, new)
    audit.note_everywhere(system, who, "Changed their log-in address", {"e-mail": [old, new]}, None)
    what = f"You log in to Hallway as {new} from now on, no longer as {old}. Every device was logged out."
    for mailbox in (old, new):
        accounts.tell(system, account, "Your log-in address was changed", what, mailbox)
