"""Write an inbound text down: a row of the thread, and its photos as attachments to be fetched."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from groundwork import timers
from groundwork.database import ScopedSession, new_id
from hallway.conversations import Attachment, Conversation, Message
from hallway.inbound.media import FETCH_WITHIN
from hallway.inbound.told import Told
from hallway.rulebook import segments


def write_down(
    session: ScopedSession, conversation: Conversation, text: Told, *, label: str | None = None, rule: str | None = None
) -> Message:
    """The text as a row of `conversation`; `label` and `rule` say how it was understood."""
    measured = segments.measure(text.body)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        at=text.at,
        direction="in",
        kind="inbound",
        purpose="reply",
        state="received",
        from_address=text.sender,
        to_address=text.number,
        body=text.body,
        segments=measured.segments,
        encoding=measured.encoding,
        provider_sid=text.sid,
        label=label,
        label_rule=rule,
        media=list(text.media),
    )
    session.add(message)
    session.flush()
    for one in text.media:
        _attach(session, message, one)
    return message


def _attach(session: ScopedSession, message: Message, media: dict[str, str]) -> None:
    row = {"tenant_id": session.tenant_id, "id": new_id(), "message_id": message.id, "source_url": media["url"]}
    row |= {"content_type": media["content_type"], "state": "pending", "size": 0}
    unique = [Attachment.tenant_id, Attachment.source_url]
    statement = insert(Attachment).values(**row).on_conflict_do_nothing(index_elements=unique)
    added = session.scalar(statement.returning(Attachment.id))
    if added:
        timers.put(session, "fetch_media", added, message.at, expires_at=message.at + FETCH_WITHIN)
