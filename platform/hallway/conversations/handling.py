"""Who has a conversation in hand: read, assign, let wait, close, open again, and as it was before."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock, live, timers
from groundwork.database import ScopedSession
from hallway.conversations import notes, snoozing
from hallway.conversations.models import Conversation, Note
from tenants.models import Member


class NobodyThereError(ValueError):
    """A conversation was to be given to somebody who does not work here (any more)."""


def read(session: ScopedSession, conversation_id: UUID) -> None:
    """Somebody looked at it. Costs one statement, and tells other screens only when it changed something."""
    mine = (Conversation.tenant_id == session.tenant_id, Conversation.id == conversation_id)
    seen = session.execute(
        update(Conversation)
        .where(*mine, Conversation.unread.is_(True))
        .values(unread=False)
        .execution_options(synchronize_session=False)
        .returning(Conversation.id)
    ).first()
    if seen:
        live.tell(session, "conversation", conversation_id)


def assign(session: ScopedSession, conversation: Conversation, member_id: UUID | None) -> Member | None:
    """Give it to one member, or to nobody. Raises NobodyThereError for somebody who is not a member now."""
    here = select(Member).where(Member.id == member_id, Member.removed_at.is_(None))
    member = session.scalar(here) if member_id else None
    if member_id and member is None:
        raise NobodyThereError("That person is no longer a member here. Reload the page and choose somebody else.")
    conversation.assigned_to = member_id
    live.tell(session, "conversation", conversation.id)
    return member


def hand_over(
    session: ScopedSession, conversation: Conversation, member_id: UUID, words: str, by: notes.Author
) -> Note:
    """Give it to somebody with words for them alone; it is opened again for them. Raises as `assign` and `write` do."""
    member = assign(session, conversation, member_id)
    assert member is not None  # noqa: S101 - an id was given
    if conversation.status != "open":
        reopen(session, conversation)
    about = f"Handed over to {member.name}"
    return notes.write(session, conversation, words, by, kind="hand_over", about=about, also=[member.id])


def let_wait(session: ScopedSession, conversation: Conversation) -> None:
    """Somebody of ours has to answer after all: it waits from now on, unless it waits already."""
    if conversation.status != "open":
        reopen(session, conversation)
    conversation.waiting_since = conversation.waiting_since or clock.now()
    live.tell(session, "conversation", conversation.id)


def close(session: ScopedSession, conversation: Conversation) -> None:
    """Nothing more to do here; the next text or call from them opens it again."""
    conversation.status, conversation.unread, conversation.snoozed_until = "closed", False, None
    conversation.waiting_since = conversation.urgent_reason = None
    timers.void(session, snoozing.TIMER, conversation.id)
    live.tell(session, "conversation", conversation.id)


def reopen(session: ScopedSession, conversation: Conversation) -> None:
    """Back among the open ones, from closed or from sleep."""
    conversation.status, conversation.snoozed_until = "open", None
    timers.void(session, snoozing.TIMER, conversation.id)
    live.tell(session, "conversation", conversation.id)


class Before(NamedTuple):
    """How a conversation stood before somebody did something to it."""

    id: UUID
    status: str
    snoozed_until: datetime | None
    assigned_to: UUID | None
    waiting_since: datetime | None
    urgent_reason: str | None
    unread: bool
    last_event_at: datetime


def before(conversation: Conversation) -> Before:
    return Before._make(getattr(conversation, name) for name in Before._fields)


def restore(session: ScopedSession, conversation: Conversation, was: Before) -> bool:
    """As it was before. False when something has been said since: then it stays as it is."""
    if conversation.last_event_at != was.last_event_at:
        return False
    for name in ("status", "snoozed_until", "assigned_to", "waiting_since", "urgent_reason", "unread"):
        setattr(conversation, name, getattr(was, name))
    if was.status == "snoozed" and was.snoozed_until:
        timers.put(session, snoozing.TIMER, conversation.id, was.snoozed_until, move=True)
    else:
        timers.void(session, snoozing.TIMER, conversation.id)
    live.tell(session, "conversation", conversation.id)
    return True
