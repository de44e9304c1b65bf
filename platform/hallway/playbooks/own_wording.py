"""A business's own wording: read it, save it, go back to the trade's."""

from __future__ import annotations

from sqlalchemy import delete, select

from groundwork.database import ScopedSession
from hallway.playbooks import wording
from hallway.playbooks.models import Wording
from tenants.models import Tenant


def own_wordings(session: ScopedSession) -> dict[str, Wording]:
    """{key: the tenant's own row}, for the keys it has changed."""
    return {row.key: row for row in session.scalars(select(Wording))}


def source_for(session: ScopedSession, tenant: Tenant, key: str) -> str:
    """What is said for `key` now: the tenant's own words, or its trade's."""
    own = session.scalar(select(Wording.source).where(Wording.key == key))
    return own if own is not None else wording.default_wording(tenant.trade, key)


def save(session: ScopedSession, tenant: Tenant, key: str, source: str, by: str) -> bool:
    """Keep `source`, which the caller has checked. The trade's own words need no row. False when nothing changed."""
    if source == source_for(session, tenant, key):
        return False
    if source == wording.default_wording(tenant.trade, key):
        return reset(session, key)
    row = session.scalars(select(Wording).where(Wording.key == key)).one_or_none()
    if row is None:
        row = Wording(key=key, source=source)
        session.add(row)
    row.source, row.updated_by = source, by
    session.flush()
    return True


def reset(session: ScopedSession, key: str) -> bool:
    """Back to the trade's words. False when there were no own ones."""
    return session.execute(delete(Wording).where(Wording.key == key).returning(Wording.id)).first() is not None
