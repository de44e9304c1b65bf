"""Tell the members whom a note names."""

from __future__ import annotations

from sqlalchemy import select

from groundwork.database import ScopedSession
from hallway.conversations import Conversation, Mention, Note
from hallway.notices.telling import tell
from tenants.models import Member


def tell_of_note(session: ScopedSession, conversation: Conversation, note: Note) -> int:
    """Tell everybody the note names but its author; returns how many."""
    named = select(Member.id).join(Mention, Mention.member_id == Member.id).where(Mention.note_id == note.id)
    ids = session.scalars(named.where(Member.user_id != note.author_id)).all()
    if not ids:
        return 0
    over = note.kind == "hand_over"
    title = f"{note.author_name} hands a conversation over to you" if over else f"{note.author_name} mentions you"
    return tell(
        session,
        "handed_over" if over else "mention",
        conversation=conversation,
        member_ids=ids,
        title=title,
        body=note.body or note.about or "",
        url_path=f"/inbox/{conversation.id}",
    )
