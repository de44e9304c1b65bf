"""Push a piece to clients, some first, and take it back: said here, done by workers client by client."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from groundwork import scope, timers
from groundwork.database import ScopedSession, open_session
from hallway.agencies import applying
from hallway.agencies.models import PlaybookPiece, PlaybookPush, PushedPiece
from tenants.signin import SignedIn

TAKE, GIVE_BACK = "take_piece", "give_piece_back"


def begin(
    system: ScopedSession,
    piece: PlaybookPiece,
    clients: Sequence[UUID],
    author: str,
    *,
    moves: bool = False,
    opening: bool = False,
) -> PlaybookPush:
    """Write down what shall go to whom, in which order. Nothing has gone yet."""
    push = PlaybookPush(agency_id=piece.agency_id, kind=piece.kind, key=piece.key, name=piece.name, moves=moves)
    push.edition, push.body, push.origin, push.author_name = piece.edition, piece.body, piece.origin, author
    push.wanted, push.on_way, push.going_back, push.opening = [str(id_) for id_ in clients], [], [], opening
    system.add(push)
    system.flush()
    return push


def let_go(
    system: ScopedSession, push: PlaybookPush, who: SignedIn, clients: Collection[UUID], most: int | None = None
) -> int:
    """Have workers bring it to the next `most` of `clients` that wait for it (None: to all); returns how many.

    `who` pushes: what they may do in each client is asked again when it is its turn.
    """
    system.refresh(push, with_for_update={"key_share": True})
    waiting = [id_ for id_ in push.wanted if id_ not in push.on_way and UUID(id_) in clients][:most]
    push.on_way = [*push.on_way, *waiting]
    _send(system, TAKE, push, who, waiting)
    return len(waiting)


def try_again(system: ScopedSession, push: PlaybookPush, who: SignedIn, clients: Collection[UUID]) -> int:
    """Bring it once more to those of `clients` where it failed or was never begun; returns how many."""
    system.refresh(push, with_for_update={"key_share": True})
    mine = (PushedPiece.push_id == push.id, PushedPiece.tenant_id.in_(clients))
    system.execute(delete(PushedPiece).where(*mine, PushedPiece.state == "failed"))
    there = {str(id_) for id_ in system.scalars(select(PushedPiece.tenant_id).where(PushedPiece.push_id == push.id))}
    again = [id_ for id_ in push.on_way if id_ not in there and UUID(id_) in clients]
    _send(system, TAKE, push, who, again)
    return len(again)


def take_all_back(system: ScopedSession, push: PlaybookPush, who: SignedIn, clients: Collection[UUID]) -> int:
    """Have workers take it back from all of `clients` that have it; those it was on its way to do not get it."""
    system.refresh(push, with_for_update={"key_share": True})
    mine = (PushedPiece.push_id == push.id, PushedPiece.tenant_id.in_(clients))
    there = {str(id_) for id_ in system.scalars(select(PushedPiece.tenant_id).where(PushedPiece.push_id == push.id))}
    system.execute(update(PushedPiece).where(*mine, PushedPiece.state == "kept").values(state="applied", words=[]))
    changed = select(PushedPiece.tenant_id).where(*mine, PushedPiece.state.in_(applying.CHANGED))
    push.on_way = [id_ for id_ in push.on_way if id_ in there]
    push.going_back = [str(id_) for id_ in system.scalars(changed)]
    _send(system, GIVE_BACK, push, who, push.going_back)
    return len(push.going_back)


def _send(system: ScopedSession, kind: str, push: PlaybookPush, who: SignedIn, clients: Collection[str]) -> None:
    told = {"by": str(who.user_id)}
    timers.put_everywhere(system, kind, push.id, [UUID(id_) for id_ in clients], told, queue="bulk")
    system.flush()


def pushes(system: ScopedSession, agency_id: UUID, limit: int = 50) -> Sequence[PlaybookPush]:
    """The newest first, without those that were part of opening an account."""
    mine = select(PlaybookPush).where(PlaybookPush.agency_id == agency_id, PlaybookPush.opening.is_(False))
    return system.scalars(mine.order_by(PlaybookPush.created_at.desc(), PlaybookPush.id.desc()).limit(limit)).all()


def push_of(system: ScopedSession, agency_id: UUID, push_id: UUID) -> PlaybookPush | None:
    mine = (PlaybookPush.id == push_id, PlaybookPush.agency_id == agency_id)
    return system.scalars(select(PlaybookPush).where(*mine)).one_or_none()


def done(push: PlaybookPush) -> dict[UUID, PushedPiece]:
    """{client: what became of it}, read through the agency's log-in."""
    with open_session(scope.agency(push.agency_id)) as session:
        rows = session.scalars(select(PushedPiece).where(PushedPiece.push_id == push.id)).all()
    return {row.tenant_id: row for row in rows}


def under_way(push: PlaybookPush, done: Mapping[UUID, PushedPiece]) -> tuple[list[UUID], list[UUID]]:
    """The clients it is on its way to, and those it is being taken back from."""
    going = [id_ for id_ in map(UUID, push.on_way) if id_ not in done]
    back = [id_ for id_ in map(UUID, push.going_back) if id_ in done and done[id_].state in applying.CHANGED]
    return going, back
