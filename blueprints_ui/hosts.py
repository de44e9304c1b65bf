"""Which business a request's host names. Nothing else a browser sends can name one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from flask import g, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from groundwork import config, scope
from groundwork.database import open_session
from tenants import branding, domains
from tenants.branding import Look
from tenants.models import Agency, Tenant

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Browsers read a backslash as a slash, drop tabs and line ends, and take two slashes for another host.
OWN_PAGE = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")
HERE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Place:
    """The base domain (`tenant_id` None), or one business's subdomain.

    `own_domain` is a host of the business's own: it serves hosted pages alone, never a log-in or a cookie.
    """

    tenant_id: UUID | None = None
    name: str = ""
    slug: str = ""
    own_domain: bool = False
    look: Look | None = None  # of the agency, where it puts its own in place of ours

    @property
    def product(self) -> str:
        return self.look.product if self.look else branding.OURS


def here() -> Place:
    """The place this request came to. Raises NotFound for a host that is nobody's."""
    if "place" not in g:
        g.place = _own_domain(request.host) or _find(slug_of(request.host, config.settings().base_host))
    place: Place = g.place
    return place


def refuse_own_domain() -> None:
    """Raises NotFound on a business's own domain: our pages live under our own name alone."""
    if here().own_domain:
        raise NotFound("There is no such page here.")


def slug_of(host: str, base_host: str) -> str | None:
    """ "bluff-creek.localhost:8000" -> "bluff-creek"; the base domain -> None. Raises NotFound for any other host."""
    host, base = host.lower().rstrip("."), base_host.lower()
    if host == base or host.rsplit(":", 1)[0] in HERE:
        return None
    slug, _, rest = host.partition(".")
    if rest != base or not SLUG.fullmatch(slug):
        raise NotFound("There is no business at this address.")
    return slug


def own_page_or_none(wanted: str) -> str | None:
    """`wanted` if it is the address of a page of this very host."""
    return wanted if OWN_PAGE.fullmatch(wanted) else None


def address() -> str:
    """The address of this host as we know it, for links in mails: never as the request says it."""
    place, settings = here(), config.settings()
    return settings.tenant_url(place.slug) if place.tenant_id else settings.public_url


def origin() -> str:
    """The origin that a browser signs with a passkey."""
    return address()


def rp_id() -> str:
    """The domain a passkey is for: the base domain with all its hosts. "localhost" counts for each host by itself."""
    base = config.settings().base_host.rsplit(":", 1)[0]
    return base if "." in base else address().split("://", 1)[1].rsplit(":", 1)[0]


def _own_domain(host: str) -> Place | None:
    name = host.lower().rsplit(":", 1)[0].rstrip(".")
    base = config.settings().base_host.rsplit(":", 1)[0]
    if name == base or name.endswith(f".{base}") or host.rsplit(":", 1)[0] in HERE:
        return None
    with open_session(scope.SYSTEM) as session:
        tenant = domains.tenant_at(session, name)
    return Place(tenant.id, tenant.name, tenant.slug, own_domain=True) if tenant else None


def _find(slug: str | None) -> Place:
    if slug is None:
        return Place()
    with open_session(scope.SYSTEM) as session:
        wanted = select(Tenant.id, Tenant.name, Tenant.slug, Agency).join(Agency, isouter=True)
        row = session.execute(wanted.where(Tenant.slug == slug)).first()
    if row is None:
        raise NotFound("There is no business at this address.")
    look = branding.of_agency(row.Agency) if row.Agency else None
    return Place(row.id, row.name, row.slug, look=look)
