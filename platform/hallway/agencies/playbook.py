"""An agency's own playbook: pieces taken over from a client or from a trade's, and edited. All in SYSTEM sessions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope
from groundwork.database import Json, ScopedSession, open_session
from hallway.agencies.models import PlaybookPiece
from hallway.agencies.shelves import SHELVES
from tenants.models import Tenant


def pieces(system: ScopedSession, agency_id: UUID) -> Sequence[PlaybookPiece]:
    """Sequences first, each kind in the order of its shelf."""
    rows = system.scalars(select(PlaybookPiece).where(PlaybookPiece.agency_id == agency_id)).all()
    return sorted(rows, key=lambda row: (row.kind, list(SHELVES[row.kind].names).index(row.key)))


def piece(system: ScopedSession, agency_id: UUID, piece_id: UUID) -> PlaybookPiece | None:
    mine = (PlaybookPiece.id == piece_id, PlaybookPiece.agency_id == agency_id)
    return system.scalars(select(PlaybookPiece).where(*mine)).one_or_none()


def of_trade(kind: str, key: str, trade: str) -> Json | None:
    """What the trade's own playbook says; None when it says nothing."""
    return SHELVES[kind].default(trade, key)


def of_client(agency_id: UUID, tenant_id: UUID, kind: str, key: str) -> tuple[Json, Json] | None:
    """What is in force at one client, and its trade's own; read through the agency's log-in.

    None for somebody else's client.
    """
    with open_session(scope.agency(agency_id)) as session:
        tenant = session.get(Tenant, tenant_id)
        if tenant is None:
            return None
        origin = of_trade(kind, key, tenant.trade)
        found = SHELVES[kind].read(session, key, [tenant_id]).get(tenant_id) or origin
        return (found, origin or found) if found else None


def keep(
    system: ScopedSession, agency_id: UUID, kind: str, key: str, body: Json, author: str, origin: Json | None = None
) -> PlaybookPiece:
    """Keep a piece, as a new edition where it is there already. Raises RefusedError for words that must not go out.

    `origin` is what it grew from, where it was taken over just now.
    """
    SHELVES[kind].check(key, body)
    mine = (PlaybookPiece.agency_id == agency_id, PlaybookPiece.kind == kind, PlaybookPiece.key == key)
    row = system.scalars(select(PlaybookPiece).where(*mine).with_for_update()).one_or_none()
    if row is None:
        name = SHELVES[kind].names[key]
        row = PlaybookPiece(
            agency_id=agency_id, kind=kind, key=key, name=name, edition=0, body={}, origin=origin or body
        )
    row.origin = origin or row.origin
    if row.body != body:
        row.edition, row.body = row.edition + 1, body
        row.author_name, row.changed_at = author, clock.now()
    system.add(row)
    system.flush()
    return row


def drop(system: ScopedSession, row: PlaybookPiece) -> None:
    """Out of the playbook; what was pushed stays with the clients."""
    system.delete(row)
    system.flush()
