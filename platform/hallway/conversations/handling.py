"""Who has a conversation in hand: read, assign, close, open again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from groundwork import live, timers
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
