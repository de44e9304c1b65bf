"""Say something in the tenant's own words, or in their trade's default."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from sqlalchemy import select

from groundwork import clock, phones
from groundwork.database import ScopedSession
from hallway.channels import Number
from hallway.playbooks.templates import WordingError, render
from hallway.playbooks.wording import default_wording
from tenants import hours
from tenants.models import Tenant

OWN = "SELECT source FROM wording WHERE tenant_id = %(tenant)s AND key = %(key)s"
log = structlog.get_logger(__name__)


def say(
    session: ScopedSession,
    tenant: Tenant,
    key: str,
    *,
    language: str = "en",
    phone: str | None = None,
    **variables: Mapping[str, object],
) -> str:
    """The text for `key` (see keys.py) in the tenant's own wording, else the trade's default in `language`.

    `business` is filled in here; `phone` (E.164) is the number they called, by default the first active one.
    A wording that does not render, or comes out empty, leaves it to the default: a text-back never fails for a slip of
    the pen.
    """
    own = session.run(OWN, {"tenant": session.tenant_id, "key": key}).scalar()
    return put_in_words(session, tenant, key, own, language=language, phone=phone, **variables)


def put_in_words(
    session: ScopedSession,
    tenant: Tenant,
    key: str,
    own: str | None,
    *,
    language: str = "en",
    phone: str | None = None,
    **variables: Mapping[str, object],
) -> str:
    """`say` for those who have read the tenant's own wording (None: there is none) with something else."""
    known = {"business": _business(session, tenant, phone)} | variables
    if own is not None:
        try:
            said = render(own, known)
        except WordingError as error:
            log.warning("own wording does not render; the default speaks", key=key, error=str(error))
        else:
            if said:
                return said
    return render(default_wording(tenant.trade, key, language), known)


def _business(session: ScopedSession, tenant: Tenant, phone: str | None) -> dict[str, str | None]:
    known = phone or session.scalar(select(Number.e164).where(Number.active).order_by(Number.id).limit(1))
    reopens = hours.reopens_in_words(tenant, clock.now())
    return {"name": tenant.name, "phone": phones.pretty(known or tenant.phone or ""), "reopens": reopens}
