"""Make two entries of one person one: everything moves, nothing is lost, and what came from where is written down.

A stop stays with its phone: the ledger and the list of stops know phones, not people, so none of it has to move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, select, update

from groundwork import live, timers
from groundwork.database import Base, Json, ScopedSession, new_id
from groundwork.tables import Timer
from hallway.contacts import Contact, ContactMerge
from hallway.conversations import Conversation, handling, notes, snoozing
from hallway.tidying import doubles
from hallway.tidying.as_json import columns

FILLED = ("name", "address", "state", "zip", "timezone")


class MergeError(ValueError):
    """These two cannot be made one; the message says why."""


def merge(session: ScopedSession, kept: Contact, gone: Contact, by: notes.Author) -> ContactMerge:
    """Everything of `gone` becomes `kept`'s, and `gone` is no more. Raises MergeError for one and the same person."""
    if kept.id == gone.id:
        raise MergeError("That is the same person already.")
    talks = lock(session, kept.id, gone.id)
    session.refresh(kept)
    session.refresh(gone)
    mine, theirs = talks.get(kept.id), talks.get(gone.id)
    record = ContactMerge(id=new_id(), kept_id=kept.id, gone_id=gone.id, merged_by=by.name)
    record.kept_conversation_id = mine.id if mine else None
    record.gone_conversation_id = theirs.id if theirs and mine else None
    record.before = {"kept": columns(kept), "gone": columns(gone), "talk": columns(theirs) if theirs else None}
    moved: Json = {"filled": _fill(kept, gone)}
    if mine and theirs:
        moved |= _join(session, mine, theirs)
    moved |= _move(session, "contact", gone.id, kept.id)
    record.moved = moved
    session.flush()
    session.execute(delete(Contact).where(Contact.tenant_id == session.tenant_id, Contact.id == gone.id))
    session.expire_all()
    session.add(record)
    session.flush()
    talk = mine or theirs
    if talk:
        whom = record.before["gone"]["name"] or "an entry without a name"
        notes.write(session, talk, "", by, kind="merge", about=f"Merged with {whom}")
    return record


def lock(session: ScopedSession, *contact_ids: UUID) -> dict[UUID, Conversation]:
    """Both people and their conversations, so that nothing is said to either of them meanwhile."""
    locked = select(Contact.id).where(Contact.id.in_(contact_ids)).order_by(Contact.id).with_for_update()
    session.execute(locked)
    theirs = select(Conversation).where(Conversation.contact_id.in_(contact_ids)).order_by(Conversation.id)
    rows = session.scalars(theirs.with_for_update().execution_options(populate_existing=True))
    return {one.contact_id: one for one in rows}


def _fill(kept: Contact, gone: Contact) -> list[str]:
    """What we did not know of them; who is blocked in one entry is blocked. Returns what was taken over."""
    taken = [name for name in FILLED if not getattr(kept, name) and getattr(gone, name)]
    if gone.blocked_at and not kept.blocked_at:
        taken += ["blocked_at", "blocked_reason"]
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    return taken


def _join(session: ScopedSession, mine: Conversation, theirs: Conversation) -> Json:
    """Two conversations become the first one. Returns what moved."""
    moved = doubles.settle(session, mine, theirs)
    session.flush()
    moved |= _move(session, "conversation", theirs.id, mine.id)
    _take_timers(session, theirs.id, mine.id)
    _one_state(session, mine, theirs)
    session.flush()
    session.execute(
        delete(Conversation)
        .where(Conversation.tenant_id == session.tenant_id, Conversation.id == theirs.id)
        .execution_options(synchronize_session=False)
    )
    session.expunge(theirs)
    live.tell(session, "conversation", theirs.id)
    return moved


def holders(parent: str) -> Iterator[tuple[Table, Column[Any]]]:
    """Every table with a row that belongs to a contact (or a conversation), and its column that says to which."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == parent and key.parent.name != "tenant_id":
                yield table, key.parent


def _move(session: ScopedSession, parent: str, gone_id: UUID, kept_id: UUID) -> dict[str, list[str]]:
    """Every row that hangs on the one hangs on the other. Returns their ids by "table.column"."""
    moved = {}
    for table, column in holders(parent):
        theirs = (table.c.tenant_id == session.tenant_id, column == gone_id)
        ids = session.scalars(update(table).where(*theirs).values({column.name: kept_id}).returning(table.c.id)).all()
        moved[f"{table.name}.{column.name}"] = [str(id_) for id_ in ids]
    return {name: ids for name, ids in moved.items() if ids}


def _take_timers(session: ScopedSession, gone_id: UUID, kept_id: UUID) -> None:
    """What was to happen in their conversation happens in this one, unless the same is to happen there anyway."""
    ready = select(Timer).where(Timer.state == "ready", Timer.key.in_([str(gone_id), str(kept_id)]))
    rows = session.scalars(ready.with_for_update()).all()
    here = {one.kind for one in rows if one.key == str(kept_id)}
    for one in [one for one in rows if one.key == str(gone_id)]:
        if one.kind not in here:
            timers.put(
                session, one.kind, kept_id, one.due_at, payload=one.payload, expires_at=one.expires_at, move=True
            )
        timers.void(session, one.kind, gone_id)


def _one_state(session: ScopedSession, mine: Conversation, theirs: Conversation) -> None:
    """Who waited by either entry waits, since then; the newest thing said stands in the list."""
    waits = [at for at in (mine.waiting_since, theirs.waiting_since) if at]
    if theirs.last_event_at > mine.last_event_at:
        mine.last_event_at, mine.preview = theirs.last_event_at, theirs.preview
        mine.preview_direction = theirs.preview_direction
    states = {mine.status, theirs.status}
    if "open" in states and mine.status != "open":
        handling.reopen(session, mine)
    elif mine.status == "closed" and "snoozed" in states and theirs.snoozed_until:
        mine.status, mine.snoozed_until = "snoozed", theirs.snoozed_until
    if mine.status == "open":
        timers.void(session, snoozing.TIMER, mine.id)
    mine.waiting_since = min(waits) if waits else None
    mine.urgent_reason = mine.urgent_reason or theirs.urgent_reason
    mine.unread = mine.unread or theirs.unread
    mine.assigned_to = mine.assigned_to or theirs.assigned_to
    mine.automation_paused_reason = mine.automation_paused_reason or theirs.automation_paused_reason


def merges_of(session: ScopedSession, contact_id: UUID) -> Sequence[ContactMerge]:
    """Entries that were merged into this person and not split again, the newest first."""
    here = (ContactMerge.kept_id == contact_id, ContactMerge.split_at.is_(None))
    return session.scalars(select(ContactMerge).where(*here).order_by(ContactMerge.id.desc())).all()
