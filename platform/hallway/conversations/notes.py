"""Notes: what members say to each other in a thread, and whom they name with an @. Never sent to anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock, live
from groundwork.database import ScopedSession, new_id
from hallway.conversations.models import Conversation, Mention, Note
from tenants.models import Member

LONGEST = 4000  # characters


class NoteError(ValueError):
    """A note that cannot be kept; the message says why."""


class Author(Protocol):
    """Who writes: a signed-in user, with their membership unless they are agency staff."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


class Named(NamedTuple):
    """A member as an @ may call them."""

    id: UUID
    name: str


def write(
    session: ScopedSession,
    conversation: Conversation,
    body: str,
    by: Author,
    *,
    kind: str = "note",
    about: str | None = None,
    also: Iterable[UUID] = (),
    id: UUID | None = None,  # noqa: A002 - it is the id
) -> Note:
    """Put a note into the thread and tell whom it names; members in `also` are told even unnamed.

    The thread's place in the list, its wait and its preview stay as they are. Raises NoteError.
    """
    body = body.strip()
    if not body and not about:
        raise NoteError("Write something first.")
    if len(body) > LONGEST:
        raise NoteError(f"A note may hold {LONGEST:,} characters; this one has {len(body):,}.")
    note = Note(id=id or new_id(), conversation_id=conversation.id, at=clock.now(), kind=kind, body=body, about=about)
    note.author_id, note.author_name = by.user_id, by.name
    session.add(note)
    session.flush()
    _mention(session, note, {*named_in(body, members(session)), *also})
    live.tell(session, "conversation", conversation.id)
    return note


def _mention(session: ScopedSession, note: Note, member_ids: Iterable[UUID]) -> None:
    for member_id in sorted(member_ids):
        session.add(Mention(note_id=note.id, conversation_id=note.conversation_id, member_id=member_id))
    session.flush()


def members(session: ScopedSession) -> list[Named]:
    here = select(Member.id, Member.name).where(Member.removed_at.is_(None))
    return [Named(*row) for row in session.execute(here)]


def named_in(body: str, among: Sequence[Named]) -> set[UUID]:
    """Members called by an @ in `body`: by their whole name, or by a first name that only one of them has."""
    found: set[UUID] = set()
    for name, ids in sorted(_callings(among).items(), key=lambda pair: -len(pair[0])):
        called = re.compile(rf"(?<![\w@.])@{re.escape(name)}(?!\w)", re.IGNORECASE)
        if len(ids) == 1 and called.search(body):
            found |= ids
        body = called.sub(" ", body)  # "@Bob Tran" is not also "@Bob"
    return found


def _callings(among: Sequence[Named]) -> dict[str, set[UUID]]:
    callings: dict[str, set[UUID]] = {}
    for member in among:
        for name in {" ".join(member.name.split()).lower(), member.name.split()[0].lower()}:
            callings.setdefault(name, set()).add(member.id)
    return callings


def take_back(session: ScopedSession, note: Note) -> None:
    """Remove a note, and with it what it told others."""
    conversation_id = note.conversation_id
    session.delete(note)
    live.tell(session, "conversation", conversation_id)


def see(session: ScopedSession, conversation_id: UUID, member_id: UUID) -> None:
    """This member has the thread before them: what it says to them is read. One statement."""
    mine = (Mention.tenant_id == session.tenant_id, Mention.member_id == member_id, Mention.seen_at.is_(None))
    session.execute(
        update(Mention)
        .where(*mine, Mention.conversation_id == conversation_id)
        .values(seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )
