"""Who has a conversation in hand: read, assign, close, open again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from groundwork import live
from groundwork.database import ScopedSession
from hallway.conversations.models import Conversation
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


def assign(session: ScopedSession, conversation: Conversation, member_id: UUID | None) -> None:
    """Give it to one member, or to nobody. Raises NobodyThereError for somebody who is not a member now."""
    here = select(Member.id).where(Member.id == member_id, Member.removed_at.is_(None))
    if member_id is not None and session.scalar(here) is None:
        raise NobodyThereError("That person is no longer a member here. Reload the page and choose somebody else.")
    conversation.assigned_to = member_id
    live.tell(session, "conversation", conversation.id)


def close(session: ScopedSession, conversation: Conversation) -> None:
    """Nothing more to do here; the next text or call from them opens it again."""
    conversation.status, conversation.unread = "closed", False
    conversation.waiting_since = conversation.urgent_reason = None
    live.tell(session, "conversation", conversation.id)


def reopen(session: ScopedSession, conversation: Conversation) -> None:
    conversation.status = "open"
    live.tell(session, "conversation", conversation.id)
