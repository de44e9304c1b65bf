"""What a piece would do at each client, seen before anything is done: read through the agency's log-in."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from groundwork import scope
from groundwork.database import Json, ScopedSession, open_session
from hallway.agencies import merging
from hallway.agencies.merging import Merged
from hallway.agencies.models import PlaybookPiece, PlaybookPush, PushedPiece
from hallway.agencies.shelf import Bodies, RefusedError
from hallway.agencies.shelves import SHELVES
from hallway.followup import Enrollment, Sequence
from tenants.models import Tenant

Piece = PlaybookPiece | PlaybookPush
HOLDS = ("applied", "merged", "same", "kept")  # states in which what was pushed is what the client builds on


@dataclass
class Offer:
    """One client and what the piece would change there. `refused` says why it must not, whatever anybody chooses."""

    tenant: Tenant
    now: Json
    base: Json
    merged: Merged
    inside: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        return "refused" if self.refused else self.merged.state


def offers(piece: Piece, clients: Collection[UUID]) -> list[Offer]:
    """For those of `clients` that are this agency's, by name; four statements, however many they are."""
    with open_session(scope.agency(piece.agency_id)) as session:
        tenants = session.scalars(select(Tenant).where(Tenant.id.in_(clients)).order_by(Tenant.name)).all()
        found = offers_in(session, piece, tenants)
        inside = _inside(session, piece.key, clients) if piece.kind == "sequence" else {}
    for one in found:
        one.inside = inside.get(one.tenant.id, 0)
    return found


def offers_in(
    session: ScopedSession, piece: Piece, tenants: Iterable[Tenant], choices: Mapping[str, str] | None = None
) -> list[Offer]:
    """The same within a session that is open: the agency's, or one tenant's.

    A client that had nothing pushed yet builds on what the piece grew from, so that the words of its own trade stay; on
    nothing where no trade has such a piece, so that its own one of the same name is not taken for an older one of ours.
    """
    kind, key = piece.kind, piece.key
    tenants = list(tenants)
    ids = [tenant.id for tenant in tenants]
    shelf, last = SHELVES[kind], _last_pushed(session, kind, key, ids)
    now = shelf.read(session, key, ids)
    found: list[Offer] = []
    judged: dict[str, list[str]] = {}  # the same words stand at most clients, and each judging costs
    for tenant in tenants:
        default = shelf.default(tenant.trade, key)
        theirs = now.get(tenant.id, piece.origin if default is None else default)
        base = last.get(tenant.id, piece.origin if shelf.names or theirs == piece.origin else {})
        merged = merging.merge(base, theirs, piece.body, choices)
        found.append(Offer(tenant, theirs, base, merged, refused=_refused(piece, merged, judged)))
    return found


def _last_pushed(session: ScopedSession, kind: str, key: str, ids: Collection[UUID]) -> Bodies:
    mine = (PushedPiece.kind == kind, PushedPiece.key == key, PushedPiece.tenant_id.in_(ids))
    newest = select(PushedPiece.tenant_id, PushedPiece.offered).ext(distinct_on(PushedPiece.tenant_id))
    held = newest.where(*mine, PushedPiece.state.in_(HOLDS))
    rows = session.execute(held.order_by(PushedPiece.tenant_id, PushedPiece.pushed_at.desc(), PushedPiece.id.desc()))
    return {row.tenant_id: row.offered for row in rows}


def _refused(piece: Piece, merged: Merged, judged: dict[str, list[str]]) -> list[str]:
    if merged.conflicts or merged.state == "same" or not merged.body:
        return []
    said = json.dumps(merged.body, sort_keys=True)
    if said not in judged:
        try:
            SHELVES[piece.kind].check(piece.key, merged.body)
            judged[said] = []
        except RefusedError as error:
            judged[said] = error.words
    return judged[said]


def _inside(session: ScopedSession, moment: str, ids: Collection[UUID]) -> dict[UUID, int]:
    mine = (Sequence.tenant_id == Enrollment.tenant_id, Sequence.id == Enrollment.sequence_id, Sequence.key == moment)
    running = (Enrollment.state == "running", Enrollment.tenant_id.in_(ids))
    counted = select(Enrollment.tenant_id, func.count()).where(*mine, *running).group_by(Enrollment.tenant_id)
    return {row[0]: row[1] for row in session.execute(counted)}
