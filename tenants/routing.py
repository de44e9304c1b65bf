"""Which tenant a carrier account or a number belongs to, and the credentials of that account."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from groundwork import config, keys, scope
from groundwork.database import ScopedSession, new_id, open_session
from tenants.models import CarrierAccount, NumberRoute

CACHE_SECONDS = 30  # a rotated token is known everywhere after this; until then the previous one still verifies
_PRESENT = "carrier_account.auth_token"
_PREVIOUS = "carrier_account.previous_token"


@dataclass(frozen=True)
class CarrierLogin:
    """A tenant's account at the carrier, opened for use. `id` is ours and stands in the addresses the carrier calls."""

    id: UUID
    tenant_id: UUID
    account_sid: str
    auth_token: str = field(repr=False)
    previous_token: str | None = field(repr=False, default=None)
    service_sid: str | None = None


_cache: dict[UUID, tuple[float, CarrierLogin]] = {}


def carrier_account(session: ScopedSession, account_id: UUID) -> CarrierLogin | None:
    """The account with this id of ours, or None. Takes a SYSTEM session, unused while the answer is fresh."""
    return _fresh(account_id) or _read(session, account_id, CarrierAccount.id == account_id)


def carrier_login_of(tenant_id: UUID) -> CarrierLogin | None:
    """The account a tenant sends through, or None when none is connected yet."""
    login = _fresh(tenant_id)
    if login:
        return login
    with open_session(scope.SYSTEM) as session:
        return _read(session, tenant_id, CarrierAccount.tenant_id == tenant_id)


def was_renewed(login: CarrierLogin) -> bool:
    """Whether the token of `login`, which the carrier just refused, is no longer the stored one, which is read anew."""
    for key in (login.id, login.tenant_id):
        _cache.pop(key, None)
    present = carrier_login_of(login.tenant_id)
    return present is not None and present.auth_token != login.auth_token


def tenant_of_number(session: ScopedSession, e164: str) -> UUID | None:
    """The tenant that owns one of our numbers. Takes a SYSTEM session."""
    return session.scalar(select(NumberRoute.tenant_id).where(NumberRoute.e164 == e164))


def connect_account(session: ScopedSession, tenant_id: UUID, account_sid: str, auth_token: str) -> UUID:
    """Keep a tenant's carrier account with its token sealed; returns our id. Known already: the token is renewed."""
    account = session.scalar(select(CarrierAccount).where(CarrierAccount.account_sid == account_sid))
    if account is None:
        account = CarrierAccount(
            id=new_id(), tenant_id=tenant_id, account_sid=account_sid, auth_token_sealed=_seal(tenant_id, auth_token)
        )
        session.add(account)
    else:
        renew_token(account, auth_token)
    session.flush()
    return account.id


def renew_token(account: CarrierAccount, auth_token: str) -> None:
    """Use a new token and go on accepting signatures made with the old one while the carrier changes over."""
    present = _unseal(account.tenant_id, account.auth_token_sealed)
    if present != auth_token:
        account.previous_token_sealed = _seal(account.tenant_id, present, _PREVIOUS)
        account.auth_token_sealed = _seal(account.tenant_id, auth_token)
        _forget(account)


def keep_service(session: ScopedSession, account_id: UUID, service_sid: str) -> None:
    """The messaging service of an account, that its numbers join. Takes a SYSTEM session."""
    account = session.get_one(CarrierAccount, account_id)
    account.service_sid = service_sid
    _forget(account)


def unroute_number(session: ScopedSession, e164: str, tenant_id: UUID) -> None:
    """Nothing to `e164` reaches this tenant any more. Takes a SYSTEM session; a second time changes nothing."""
    mine = (NumberRoute.e164 == e164, NumberRoute.tenant_id == tenant_id)
    session.execute(delete(NumberRoute).where(*mine))


def route_number(session: ScopedSession, e164: str, tenant_id: UUID) -> None:
    """Let calls and texts to `e164` reach `tenant_id`. Raises ValueError when it belongs to another business."""
    owner = tenant_of_number(session, e164)
    if owner is None:
        session.add(NumberRoute(e164=e164, tenant_id=tenant_id))
        session.flush()
    elif owner != tenant_id:
        raise ValueError("This number already belongs to another business of this installation.")


def _fresh(key: UUID) -> CarrierLogin | None:
    found = _cache.get(key)
    return found[1] if found and found[0] > time.monotonic() else None


def _read(session: ScopedSession, key: UUID, which: ColumnElement[bool]) -> CarrierLogin | None:
    query = select(CarrierAccount).where(which).order_by(CarrierAccount.created_at.desc()).limit(1)
    account = session.scalar(query)
    if account is None:
        return None
    login = _opened(account)
    _cache[key] = (time.monotonic() + CACHE_SECONDS, login)
    return login


def _opened(account: CarrierAccount) -> CarrierLogin:
    previous = account.previous_token_sealed
    return CarrierLogin(
        account.id,
        account.tenant_id,
        account.account_sid,
        _unseal(account.tenant_id, account.auth_token_sealed),
        _unseal(account.tenant_id, previous, _PREVIOUS) if previous else None,
        account.service_sid,
    )


def _forget(account: CarrierAccount) -> None:
    _cache.pop(account.id, None)
    _cache.pop(account.tenant_id, None)


def _seal(tenant_id: UUID, token: str, column: str = _PRESENT) -> str:
    return keys.seal(config.settings().seal_keys, token, f"{tenant_id}/{column}")


def _unseal(tenant_id: UUID, sealed: str, column: str = _PRESENT) -> str:
    return keys.unseal(config.settings().seal_keys, sealed, f"{tenant_id}/{column}")
