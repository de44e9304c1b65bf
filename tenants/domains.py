"""Hosts of a business's own for its hosted pages: proved by a CNAME with a token, looked at again each day."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from groundwork import clock, config, scope, timers
from groundwork.database import ScopedSession, open_session
from groundwork.tables import Timer
from tenants.models import CustomDomain, DomainRoute, Tenant

HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
MOST = 3
CHECK, EVERY = "check_domain", timedelta(days=1)
Resolve = Callable[[str], Sequence[str]]


class DomainError(ValueError):
    """A host that cannot be used; the message says why."""


def names_of(host: str) -> Sequence[str]:
    """Every name that the host's CNAMEs lead through. Raises OSError when nobody knows the host."""
    canonical, aliases, _ = socket.gethostbyname_ex(host)
    return [name.lower().rstrip(".") for name in (canonical, *aliases)]


def tenant_at(system: ScopedSession, host: str) -> Tenant | None:
    """The business whose proved domain this is. Takes a SYSTEM session."""
    return system.scalar(select(Tenant).join(DomainRoute).where(DomainRoute.host == host))


def domains(session: ScopedSession) -> Sequence[CustomDomain]:
    return session.scalars(select(CustomDomain).order_by(CustomDomain.id)).all()


def add(session: ScopedSession, typed: str) -> CustomDomain:
    """A host to be proved. Raises DomainError for one that is none, is ours, or is one too many."""
    host = re.sub(r"^https?://", "", typed.strip().lower()).split("/")[0].rstrip(".")
    base = config.settings().base_host.rsplit(":", 1)[0]
    if not HOST.fullmatch(host):
        raise DomainError("That is not a host name. Write it like requests.bluffcreek.com.")
    if host == base or host.endswith(f".{base}"):
        raise DomainError("That is our own domain. Use one that you own.")
    known = domains(session)
    if any(one.host == host for one in known):
        raise DomainError("This host is in the list already.")
    if len(known) >= MOST:
        raise DomainError(f"A business can have up to {MOST} hosts. Remove one first.")
    made = CustomDomain(host=host, token=secrets.token_hex(8))
    session.add(made)
    session.flush()
    return made


def target(domain: CustomDomain) -> str:
    """Where its CNAME has to lead: a name that only this business was told."""
    return f"{domain.token}.pages.{config.settings().base_host.rsplit(':', 1)[0]}"


def check(session: ScopedSession, domain: CustomDomain, resolve: Resolve = names_of) -> bool:
    """Look whether the CNAME is there, with no transaction open; the host is served from now on, or no longer."""
    host, wanted = domain.host, target(domain)
    session.commit()
    try:
        found = resolve(host)
        why = "" if wanted in found else f"{host} does not lead to {wanted} yet. A change can take an hour to be seen."
    except OSError:
        why = f"Nobody knows {host} yet. Add the record at whoever keeps your domain; it can take an hour to be seen."
    why = why or _route(session.tenant_id, host)
    domain.checked_at, domain.error = clock.now(), why or None
    domain.verified_at = None if why else domain.verified_at or clock.now()
    if why:
        _unroute(session.tenant_id, host)
    timers.put(session, CHECK, domain.id, clock.now() + EVERY, move=True, queue="soon")
    return not why


def check_again(session: ScopedSession, timer: Timer) -> None:
    """Handler of `check_domain`: a host that was given up must not serve this business's pages any more."""
    domain = session.get(CustomDomain, (session.tenant_id, UUID(timer.key)))
    if domain:
        check(session, domain)


def remove(session: ScopedSession, domain: CustomDomain) -> None:
    _unroute(session.tenant_id, domain.host)
    timers.void(session, CHECK, domain.id)
    session.delete(domain)
    session.flush()


def _route(tenant_id: UUID, host: str) -> str:
    """Why the host cannot be this business's; "" when it is."""
    with open_session(scope.SYSTEM) as system:
        route = system.get(DomainRoute, host)
        if route is None:
            system.add(DomainRoute(host=host, tenant_id=tenant_id))
        elif route.tenant_id != tenant_id:
            return "Another business of this installation uses this host."
    return ""


def _unroute(tenant_id: UUID, host: str) -> None:
    with open_session(scope.SYSTEM) as system:
        system.execute(delete(DomainRoute).where(DomainRoute.host == host, DomainRoute.tenant_id == tenant_id))
