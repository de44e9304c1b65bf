"""Push a piece to clients, some first; take it back from one or from all. Each client in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope
from groundwork.database import ScopedSession, open_session
from hallway.agencies import merging, offers
from hallway.agencies.models import PlaybookPiece, PlaybookPush, PushedPiece
from hallway.agencies.offers import Offer
from hallway.agencies.shelves import SHELVES, RefusedError
from tenants import audit
from tenants.models import Tenant
from tenants.signin import SignedIn

OPEN = ("conflict", "refused")  # nothing was changed; a person may choose and try again
CHANGED = ("applied", "merged")
AT_ONCE = 60  # clients in one go; whoever pushes sees how far it is and goes on


class TakeBackError(ValueError):
    """A push that cannot be taken back by itself at this client; the message says why."""


def begin(
    system: ScopedSession, piece: PlaybookPiece, clients: Sequence[UUID], author: str, *, moves: bool
) -> PlaybookPush:
    """Write down what shall go to whom, in which order. Nothing has gone yet."""
    push = PlaybookPush(agency_id=piece.agency_id, kind=piece.kind, key=piece.key, name=piece.name, moves=moves)
    push.edition, push.body, push.origin, push.author_name = piece.edition, piece.body, piece.origin, author
    push.wanted = [str(id_) for id_ in clients]
    system.add(push)
    system.flush()
    return push


def pushes(system: ScopedSession, agency_id: UUID, limit: int = 50) -> Sequence[PlaybookPush]:
    """The newest first."""
    mine = select(PlaybookPush).where(PlaybookPush.agency_id == agency_id)
    return system.scalars(mine.order_by(PlaybookPush.created_at.desc(), PlaybookPush.id.desc()).limit(limit)).all()


def push_of(system: ScopedSession, agency_id: UUID, push_id: UUID) -> PlaybookPush | None:
    mine = (PlaybookPush.id == push_id, PlaybookPush.agency_id == agency_id)
    return system.scalars(select(PlaybookPush).where(*mine)).one_or_none()


def done(push: PlaybookPush) -> dict[UUID, PushedPiece]:
    """{client: what became of it}, read through the agency's log-in."""
    with open_session(scope.agency(push.agency_id)) as session:
        rows = session.scalars(select(PushedPiece).where(PushedPiece.push_id == push.id)).all()
    return {row.tenant_id: row for row in rows}


def go_on(push: PlaybookPush, who: Mapping[UUID, SignedIn], most: int = AT_ONCE) -> int:
    """Push to the next clients that have had nothing of it; returns how many.

    `who` is the person who pushes, as they may act in each client: where they may not, it is left out.
    """
    there = done(push)
    waiting = [id_ for id_ in map(UUID, push.wanted) if id_ not in there and id_ in who]
    for id_ in waiting[: min(most, AT_ONCE)]:
        apply(push, id_, who[id_])
    return len(waiting[: min(most, AT_ONCE)])


def apply(push: PlaybookPush, tenant_id: UUID, who: SignedIn, choices: Mapping[str, str] | None = None) -> PushedPiece:
    """Bring the piece into force at one client, merged with what they changed. Conflicts change nothing there.

    Done twice, it happens once. With `choices` ({place: "theirs" or "ours"}) a person settles what conflicts.
    """
    with open_session(scope.tenant(tenant_id)) as session:
        tenant = session.get_one(Tenant, tenant_id, with_for_update={"key_share": True})
        row = session.scalars(select(PushedPiece).where(PushedPiece.push_id == push.id)).one_or_none()
        if row is not None and row.state not in OPEN:
            return row
        offer = offers.offers_in(session, push, [tenant], choices)[0]
        row = row or PushedPiece(push_id=push.id, kind=push.kind, key=push.key)
        row.offered, row.before, row.after = push.body, offer.now, offer.merged.body
        row.author_name, row.pushed_at = who.name, clock.now()
        session.add(row)
        _put(session, push, offer, row, who)
        return row


def _put(session: ScopedSession, push: PlaybookPush, offer: Offer, row: PushedPiece, who: SignedIn) -> None:
    row.state, row.words = offer.state, offer.refused or [one.key for one in offer.merged.conflicts]
    if row.state not in CHANGED:
        return
    by = f"{who.name}, {who.agency}" if who.agency else who.name
    try:
        with session.begin_nested():
            SHELVES[push.kind].put(session, offer.tenant, push.key, offer.merged.body, by, push.moves)
    except RefusedError as error:
        row.state, row.words = "refused", error.words
        return
    detail = {"piece": push.name, "edition": push.edition, "with their own changes": row.state == "merged"}
    audit.note(session, who, "Pushed a piece of the agency's playbook", detail)


def take_back(push: PlaybookPush, tenant_id: UUID, who: SignedIn) -> None:
    """Back to what stood there before the push; what the client changed elsewhere since stays.

    Raises TakeBackError where they changed the very same place since, or where nothing was pushed.
    """
    with open_session(scope.tenant(tenant_id)) as session:
        tenant = session.get_one(Tenant, tenant_id, with_for_update={"key_share": True})
        row = session.scalars(select(PushedPiece).where(PushedPiece.push_id == push.id)).one_or_none()
        if row is None or row.state not in CHANGED:
            raise TakeBackError(f"There is nothing to take back at {tenant.name}.")
        shelf = SHELVES[push.kind]
        now = shelf.read(session, push.key, [tenant_id]).get(tenant_id) or shelf.default(tenant.trade, push.key)
        back = merging.merge(row.after, now or row.after, row.before)
        if back.conflicts:
            raise TakeBackError(f"{tenant.name} changed it since. Open their account to change it by hand.")
        by = f"{who.name}, {who.agency}" if who.agency else who.name
        shelf.put(session, tenant, push.key, back.body, by, push.moves)
        row.state, row.undone_at, row.undone_by = "undone", clock.now(), who.name
        audit.note(session, who, "Took back a piece of the agency's playbook", {"piece": push.name})
