"""Which business a mail is for, and the addresses at which mail providers post to us."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from groundwork import config, keys, scope
from groundwork.database import new_id, open_session
from tenants.models import MailInlet, Tenant


@dataclass(frozen=True)
class Inlet:
    """`tenant_id` None: mail of every business comes in here, and each mail's own address says whose it is."""

    id: UUID
    tenant_id: UUID | None
    provider: str
    secret: str = field(repr=False)


def open_inlet(provider: str, tenant_id: UUID | None = None, secret: str | None = None) -> Inlet:
    """Make an address for `provider`; `secret` is the provider's own signing key where it has one."""
    inlet = Inlet(new_id(), tenant_id, provider, secret or secrets.token_hex(16))
    sealed = keys.seal(config.settings().seal_keys, inlet.secret, _bound(inlet.id))
    with open_session(scope.SYSTEM) as session:
        session.add(MailInlet(id=inlet.id, tenant_id=tenant_id, provider=provider, secret_sealed=sealed))
    return inlet


def inlet(id_: UUID, provider: str) -> Inlet | None:
    """The inlet with this id of ours, when it is this provider's."""
    with open_session(scope.SYSTEM) as session:
        row = session.get(MailInlet, id_)
        if row is None or row.provider != provider:
            return None
        secret = keys.unseal(config.settings().seal_keys, row.secret_sealed, _bound(row.id))
        return Inlet(row.id, row.tenant_id, row.provider, secret)


def tenant_of_mail_key(mail_key: str) -> UUID | None:
    """The business whose addresses hold this key."""
    try:
        return _known_key(mail_key)
    except LookupError:
        return None


def tenant_of_slug(slug: str) -> UUID | None:
    with open_session(scope.SYSTEM) as session:
        return session.scalar(select(Tenant.id).where(Tenant.slug == slug))


@lru_cache(maxsize=4096)
def _known_key(mail_key: str) -> UUID:
    """A key never moves to another business, so what was found is kept; what was not is asked again."""
    with open_session(scope.SYSTEM) as session:
        found = session.scalar(select(Tenant.id).where(Tenant.mail_key == mail_key))
    if found is None:
        raise LookupError(mail_key)
    return found


def _bound(inlet_id: UUID) -> str:
    return f"{inlet_id}/mail_inlet.secret"
