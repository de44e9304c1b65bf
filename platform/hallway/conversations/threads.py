"""One conversation per contact, and what its line in the inbox shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, live
from groundwork.database import Json, ScopedSession, new_id
from hallway.contacts import Contact
from hallway.conversations.models import Conversation

PREVIEW = 140
SENT = """
UPDATE conversation c SET last_event_at = v.at, preview = v.preview, preview_direction = 'out'
FROM unnest(CAST(%(ids)b AS uuid[]), CAST(%(previews)b AS text[]), CAST(%(ats)b AS timestamptz[])) v(id, preview, at)
WHERE c.tenant_id = %(tenant)s AND c.id = v.id
"""


def open_for(session: ScopedSession, contact: Contact, source: str) -> Conversation:
    """The conversation with `contact`, made now if there is none. `source` is how it began: call, text, form."""
    row = {"tenant_id": session.tenant_id, "id": new_id(), "contact_id": contact.id, "source": source}
    row |= {"last_event_at": clock.now(), "status": "open", "preview": "", "preview_direction": "in", "unread": True}
    unique = [Conversation.tenant_id, Conversation.contact_id]
    session.execute(insert(Conversation).values(**row).on_conflict_do_nothing(index_elements=unique))
    return session.scalars(select(Conversation).where(Conversation.contact_id == contact.id)).one()


def note_event(
    session: ScopedSession, conversation: Conversation, preview: str, direction: str, *, at: datetime | None = None
) -> None:
    """Something was said: bring the conversation to the top. Direction "in" makes it wait for a person; "out" does not.

    A person's answer is told by `note_answered_by_person`; an automatic text does not end the wait.
    """
    conversation.last_event_at = at or clock.now()
    conversation.preview, conversation.preview_direction = preview[:PREVIEW], direction
    if direction == "in":
        conversation.status, conversation.unread, conversation.snoozed_until = "open", True, None
        conversation.waiting_since = conversation.waiting_since or conversation.last_event_at
    live.tell(session, "conversation", conversation.id)


def note_sent_all(session: ScopedSession, said: Sequence[tuple[UUID, str, datetime]]) -> None:
    """We wrote this to many by ourselves: conversation, preview and when. What is loaded of them stays as it was."""
    if not said:
        return
    ids, previews, ats = (list(column) for column in zip(*said, strict=True))
    columns: Json = {"ids": ids, "previews": [preview[:PREVIEW] for preview in previews], "ats": ats}
    session.run(SENT, {"tenant": session.tenant_id, **columns})
    for id_ in ids:
        live.tell(session, "conversation", id_)


def note_answered_by_person(session: ScopedSession, conversation: Conversation) -> None:
    """A person of ours wrote or spoke to them: nobody waits any more."""
    conversation.waiting_since = conversation.urgent_reason = None
    conversation.unread = False
    live.tell(session, "conversation", conversation.id)
