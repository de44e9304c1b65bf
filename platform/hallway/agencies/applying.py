"""One push at one client, in a transaction of its own: brought into force, or taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope
from groundwork.database import Json, ScopedSession, open_session
from hallway.agencies import merging, offers
from hallway.agencies.models import PlaybookPush, PushedPiece
from hallway.agencies.offers import Offer
from hallway.agencies.shelf import RefusedError
from hallway.agencies.shelves import SHELVES
from tenants import audit
from tenants.models import Tenant
from tenants.signin import SignedIn

OPEN = ("conflict", "refused", "failed")  # nothing was changed; a person may choose and try again
CHANGED = ("applied", "merged")
BACK = (*CHANGED, "kept")  # what can be taken back


class TakeBackError(ValueError):
    """A push that cannot be taken back by itself at this client; the message says why."""


def apply(push: PlaybookPush, tenant_id: UUID, who: SignedIn, choices: Mapping[str, str] | None = None) -> PushedPiece:
    """Bring the piece into force at one client, merged with what they changed. Conflicts change nothing there.

    Done twice, it happens once. With `choices` ({place: "theirs" or "ours"}) a person settles what conflicts.
    """
    with open_session(scope.tenant(tenant_id)) as session:
        tenant = session.get_one(Tenant, tenant_id, with_for_update={"key_share": True})
        row = _row(session, push)
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


def fail(push: PlaybookPush, tenant_id: UUID, why: str) -> None:
    """Write down that it could not be brought there, and why; nothing of it has changed there."""
    with open_session(scope.tenant(tenant_id)) as session:
        row = _row(session, push)
        if row is None:
            row = PushedPiece(push_id=push.id, kind=push.kind, key=push.key, offered=push.body, before={}, after={})
            session.add(row)
        row.state, row.words = "failed", [why]
        row.author_name, row.pushed_at = push.author_name, clock.now()


def take_back(push: PlaybookPush, tenant_id: UUID, who: SignedIn) -> None:
    """Back to what stood there before the push; what the client changed elsewhere since stays.

    Raises TakeBackError where they changed the very same place since, or where nothing was pushed.
    """
    with open_session(scope.tenant(tenant_id)) as session:
        tenant = session.get_one(Tenant, tenant_id, with_for_update={"key_share": True})
        row = _row(session, push)
        if row is None or row.state not in BACK:
            raise TakeBackError(f"There is nothing to take back at {tenant.name}.")
        back = merging.merge(row.after, _now(session, push, tenant, row), row.before)
        if back.conflicts:
            raise TakeBackError(f"{tenant.name} changed it since. Open their account to change it by hand.")
        by = f"{who.name}, {who.agency}" if who.agency else who.name
        try:
            SHELVES[push.kind].put(session, tenant, push.key, back.body, by, push.moves)
        except RefusedError as error:
            raise TakeBackError(f"{tenant.name}: {error}") from error
        row.state, row.words, row.undone_at, row.undone_by = "undone", [], clock.now(), who.name
        audit.note(session, who, "Took back a piece of the agency's playbook", {"piece": push.name})


def _now(session: ScopedSession, push: PlaybookPush, tenant: Tenant, row: PushedPiece) -> Json:
    shelf = SHELVES[push.kind]
    now = shelf.read(session, push.key, [tenant.id]).get(tenant.id, shelf.default(tenant.trade, push.key))
    return row.after if now is None else now


def keep(push: PlaybookPush, tenant_id: UUID, why: str) -> None:
    """Write down that it could not be taken back there, and why; it is in force still."""
    with open_session(scope.tenant(tenant_id)) as session:
        row = _row(session, push)
        if row is not None and row.state in BACK:
            row.state, row.words = "kept", [why]


def _row(session: ScopedSession, push: PlaybookPush) -> PushedPiece | None:
    return session.scalars(select(PushedPiece).where(PushedPiece.push_id == push.id)).one_or_none()
