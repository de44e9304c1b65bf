"""Two people again who were made one: each gets back what came from them, and what was said since by their phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock, live, timers
from groundwork.database import Base, Json, ScopedSession
from hallway.contacts import Contact, ContactMerge
from hallway.conversations import Conversation, Message, notes, snoozing
from hallway.conversations.threads import PREVIEW
from hallway.tidying import doubles
from hallway.tidying.as_json import typed
from hallway.tidying.merging import MergeError, holders, lock


def split(session: ScopedSession, record: ContactMerge, by: notes.Author) -> Contact:
    """Put back what came from the other entry, with what was said since by its phone or e-mail. Raises MergeError.

    A sequence that ended because they were in it twice stays ended.
    """
    if record.split_at:
        raise MergeError("These two are apart again already.")
    lock(session, record.kept_id)
    kept = session.get_one(Contact, (session.tenant_id, record.kept_id), populate_existing=True)
    gone: Contact = _restore(session, Contact, record.before["gone"])
    _give_back(session, record, "contact", record.kept_id, record.gone_id)
    talk = record.gone_conversation_id
    if talk and record.before["talk"]:
        _part(session, record, talk)
    for name in record.moved["filled"]:
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, typed(Contact, name, record.before["kept"][name]))
    record.split_at, record.split_by = clock.now(), by.name
    session.flush()
    return gone


def _restore(session: ScopedSession, kind: type[Any], was: Json) -> Any:
    row = kind(**{name: typed(kind, name, value) for name, value in was.items()})
    session.add(row)
    session.flush()
    return row


def _part(session: ScopedSession, record: ContactMerge, talk_id: UUID) -> None:
    """The other conversation again, with its own rows and what was said there since."""
    kept_talk = session.scalar(select(Conversation).where(Conversation.contact_id == record.kept_id))
    if kept_talk is None:
        return
    was = record.before["talk"] | {"contact_id": str(record.gone_id)}
    if kept_talk.waiting_since is None:
        was |= {"waiting_since": None, "urgent_reason": None}
    theirs = _restore(session, Conversation, was)
    _give_back(session, record, "conversation", kept_talk.id, talk_id)
    _follow_addresses(session, record, kept_talk.id, talk_id)
    for talk in (kept_talk, theirs):
        _show_newest(session, talk)
    doubles.unsettle(session, record.moved, talk_id)
    if theirs.status == "snoozed" and theirs.snoozed_until:
        timers.put(session, snoozing.TIMER, theirs.id, theirs.snoozed_until, move=True)
    for id_ in (kept_talk.id, talk_id):
        live.tell(session, "conversation", id_)


def _show_newest(session: ScopedSession, talk: Conversation) -> None:
    """The list shows what was said last in each of them."""
    mine = (Message.conversation_id == talk.id, Message.purpose != "staff")
    newest = session.scalars(select(Message).where(*mine).order_by(Message.at.desc(), Message.id.desc())).first()
    if newest:
        talk.preview, talk.preview_direction = newest.body[:PREVIEW], newest.direction
        talk.last_event_at = newest.at


def _give_back(session: ScopedSession, record: ContactMerge, parent: str, kept_id: UUID, gone_id: UUID) -> None:
    for table, column in holders(parent):
        ids = [UUID(id_) for id_ in record.moved.get(f"{table.name}.{column.name}", [])]
        theirs = (table.c.tenant_id == session.tenant_id, table.c.id.in_(ids), column == kept_id)
        session.execute(update(table).where(*theirs).values({column.name: gone_id}))


def _follow_addresses(session: ScopedSession, record: ContactMerge, kept_id: UUID, gone_id: UUID) -> None:
    """Texts, mails and calls of the time between go with the phone or e-mail they came by."""
    points = Base.metadata.tables["contact_point"]
    theirs = (points.c.tenant_id == session.tenant_id, points.c.contact_id == record.gone_id)
    values = select(points.c.value).where(*theirs)
    for name, at in (("message", "at"), ("call", "started_at")):
        table = Base.metadata.tables[name]
        here = (table.c.tenant_id == session.tenant_id, table.c.conversation_id == kept_id)
        since = table.c[at] >= record.created_at
        by_them = table.c.from_address.in_(values) | table.c.to_address.in_(values)
        session.execute(update(table).where(*here, since, by_them).values(conversation_id=gone_id))
