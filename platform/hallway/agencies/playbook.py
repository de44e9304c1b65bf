"""An agency's own playbook: pieces taken over from a client or from a trade's, and edited. All in SYSTEM sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from groundwork import clock, scope
from groundwork.database import Json, ScopedSession, open_session
from hallway.agencies.models import PlaybookPiece
from hallway.agencies.shelf import RefusedError
from hallway.agencies.shelves import SHELVES
from hallway.forms.editing import TITLES
from hallway.forms.words import USUAL
from tenants.models import Tenant

BEGINNINGS: Mapping[str, Json] = {
    "reply": {"source": "Thank you for your message. We will get back to you shortly."},
    "label": {"color": "blue"},
    "form": {
        "kind": "request", "language": "en", "title": TITLES["request", "en"], "intro": "", "thanks": "",
        "ask_marketing": True, "monthly_texts": 4, "active": True,
        **{f"asks_{name}": how for name, how in USUAL.items()},
    },
}  # fmt: skip


def pieces(system: ScopedSession, agency_id: UUID) -> Sequence[PlaybookPiece]:
    """Sequences first, each kind in the order of its shelf, else by name."""
    rows = system.scalars(select(PlaybookPiece).where(PlaybookPiece.agency_id == agency_id)).all()
    order = {(kind, key): place for kind, shelf in SHELVES.items() for place, key in enumerate(shelf.names)}
    kinds = list(SHELVES)
    return sorted(rows, key=lambda row: (kinds.index(row.kind), order.get((row.kind, row.key), 0), row.key.lower()))


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


def listed(agency_id: UUID, tenant_id: UUID) -> dict[str, list[str]]:
    """{kind: keys} of what one client has, read through the agency's log-in; nothing of somebody else's client."""
    with open_session(scope.agency(agency_id)) as session:
        if session.get(Tenant, tenant_id) is None:
            return {}
        return {kind: shelf.listed(session, tenant_id) for kind, shelf in SHELVES.items()}


def keep(
    system: ScopedSession, agency_id: UUID, kind: str, key: str, body: Json, author: str, origin: Json | None = None
) -> PlaybookPiece:
    """Keep a piece, as a new edition where it is there already. Raises RefusedError for words that must not go out.

    `origin` is what it grew from, where it was taken over just now.
    """
    SHELVES[kind].check(key, body)
    named = func.lower(PlaybookPiece.key) == key.lower()
    mine = select(PlaybookPiece).where(PlaybookPiece.agency_id == agency_id, PlaybookPiece.kind == kind, named)
    row = system.scalars(mine.with_for_update()).one_or_none()
    if row is None:
        row = PlaybookPiece(agency_id=agency_id, kind=kind, key=key, name=SHELVES[kind].name_of(key), edition=0)
        row.body, row.origin = {}, body
    row.origin = row.origin if origin is None else origin
    if row.body != body:
        row.edition, row.body = row.edition + 1, body
        row.author_name, row.changed_at = author, clock.now()
    system.add(row)
    system.flush()
    return row


def start(system: ScopedSession, agency_id: UUID, kind: str, key: str, author: str) -> PlaybookPiece:
    """A new reply, label or form of that name. Raises RefusedError: no such name, or it is there already."""
    mine = (PlaybookPiece.agency_id == agency_id, PlaybookPiece.kind == kind)
    if system.scalar(select(PlaybookPiece.id).where(*mine, func.lower(PlaybookPiece.key) == key.lower())):
        raise RefusedError(["Your playbook has one of this name already."])
    return keep(system, agency_id, kind, key, BEGINNINGS[kind], author, {})


def drop(system: ScopedSession, row: PlaybookPiece) -> None:
    """Out of the playbook; what was pushed stays with the clients."""
    system.delete(row)
    system.flush()
