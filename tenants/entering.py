"""From a proved account to a signed-in browser: whether they may be on this host, and what else is asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from groundwork.database import ScopedSession
from tenants import members, second_factor, signin, tokens
from tenants.models import UserAccount
from tenants.signin import Browser

HALF_WAY = timedelta(minutes=10)
MOST_TRIES = 5  # codes for one log-in; then the password is asked for again
TOO_LATE = "That took too long, or too many codes were wrong. Log in again."
WRONG_CODE = "That is not the code the app shows now, and not an unused recovery code."


@dataclass(frozen=True)
class Entry:
    """`token` is for the cookie of a signed-in browser, which `stays` or not; `half_way` for one that owes a code.

    `email` is that of the account.
    """

    token: str | None = None
    half_way: str | None = None
    stays: bool = False
    email: str = ""


def enter(
    system: ScopedSession,
    account: UserAccount,
    tenant_id: UUID | None,
    browser: Browser,
    *,
    remember: bool = False,
    proved_twice: bool = False,
) -> Entry | None:
    """Sign a browser in, or ask it for a code first; None for whoever does not work on this host.

    `proved_twice` when what proved the account counts as two factors by itself (a passkey with finger, face or PIN).
    """
    if tenant_id and not _works_at(system, account.id, tenant_id):
        return None
    if account.totp_sealed and not proved_twice:
        said = {"remember": remember, "tenant": str(tenant_id or "")}
        return Entry(half_way=tokens.make(system, "second_factor", HALF_WAY, account.id, said))
    token = signin.start(system, account.id, tenant_id, browser, remember=remember, second_factor=proved_twice)
    return Entry(token, stays=remember, email=account.email)


def with_code(system: ScopedSession, half_way: str, tenant_id: UUID | None, code: str, browser: Browser) -> Entry | str:
    """Sign in whoever is half way and gives a right code; else why not, in words. A wrong code is counted.

    Raises nothing, so that the count is kept; `TOO_LATE` means that the log-in begins anew.
    """
    found = tokens.look(system, "second_factor", half_way)
    account = system.get(UserAccount, found.user_id) if found and found.user_id else None
    if found is None or account is None or account.disabled_at or found.payload["tenant"] != str(tenant_id or ""):
        return TOO_LATE
    found.tries += 1
    if found.tries > MOST_TRIES:
        return TOO_LATE
    if not second_factor.check(system, account.id, code):
        return WRONG_CODE
    if tokens.use(system, "second_factor", half_way) is None:
        return TOO_LATE
    stays = bool(found.payload["remember"])
    token = signin.start(system, account.id, tenant_id, browser, remember=stays, second_factor=True)
    return Entry(token, stays=stays, email=account.email)


def _works_at(system: ScopedSession, user_id: UUID, tenant_id: UUID) -> bool:
    place = members.place_for(system, user_id, tenant_id)
    return place is not None and place.agency_id is None
