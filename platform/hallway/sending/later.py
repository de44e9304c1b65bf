"""Texts for later: a person's words at a time of their choice, unless the customer speaks before they go.

What was written for silence may be wrong after an answer ("Just checking in ..."). So a word or a call from them holds
the text, and its author is asked: send it now, send it at its time all the same, or take it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import RowMapping, select, text, update

from groundwork import clock, jobs, live
from groundwork.database import ScopedSession
from hallway.conversations import (
    Conversation,
    Message,
    Task,
    add_task,
    files,
    finish_task,
    note_answered_by_person,
    note_event,
)
from hallway.sending import states
from hallway.sending.queueing import cancel_messages

Deed = Literal["now", "keep", "cancel"]
TASK = ANSWERED = "later.answered"
ASKED = "They wrote or called before this went. Read what they said, then decide."
SHELF_LIFE = timedelta(hours=12)

# Calls stand above sending in the house, so their table is named here.
SPOKE_SINCE = text("""
SELECT m.id FROM message m
WHERE m.tenant_id = :tenant AND m.id = ANY(:ids)
  AND (EXISTS (SELECT FROM message r WHERE r.tenant_id = m.tenant_id AND r.conversation_id = m.conversation_id
               AND r.direction = 'in' AND r.at > m.at)
    OR EXISTS (SELECT FROM call c WHERE c.tenant_id = m.tenant_id AND c.conversation_id = m.conversation_id
               AND c.direction = 'in' AND c.started_at > m.at))
""")


class GoneError(ValueError):
    """The text does not wait any more; the message says so."""


def answered(session: ScopedSession, conversation_id: UUID) -> int:
    """They spoke: every text that waits there for its time waits for its author instead. Returns how many."""
    waiting = (Message.tenant_id == session.tenant_id, Message.conversation_id == conversation_id)
    due = (Message.lane == "now", Message.state.in_(states.WAITING), Message.send_at.is_not(None))
    asked = {"state": "held", "held_rule": ANSWERED, "error": ASKED, "due_at": Message.expires_at}
    held = update(Message).where(*waiting, *due, Message.held_rule.is_distinct_from(ANSWERED)).values(**asked)
    ids = session.scalars(held.returning(Message.id).execution_options(synchronize_session=False)).all()
    ask_authors(session, [(id_, conversation_id) for id_ in ids])
    return len(ids)


def overtaken(session: ScopedSession, rows: Sequence[RowMapping], now: datetime) -> set[UUID]:
    """Of due rows, those for later whose customer spoke since they were written; the author is asked."""
    first = [row for row in rows if row["send_at"] and not row["attempts"] and row["expires_at"] > now]
    if not first:
        return set()
    asked = {"tenant": session.tenant_id, "ids": [row["id"] for row in first]}
    found = set(session.scalars(SPOKE_SINCE, asked))
    ask_authors(session, [(row["id"], row["conversation_id"]) for row in first if row["id"] in found])
    return found


def ask_authors(session: ScopedSession, held: Iterable[tuple[UUID, UUID]]) -> None:
    for id_, conversation_id in held:
        title = "They spoke before your text went"
        add_task(session, TASK, id_, title=title, reason=ASKED, rule=ANSWERED, conversation_id=conversation_id)
        live.tell(session, "conversation", conversation_id)


def goes(session: ScopedSession, row: RowMapping, now: datetime) -> None:
    """A text for later leaves: only now it is an answer, and stands in the thread and the list as one."""
    mine = (Message.tenant_id == session.tenant_id, Message.id == row["id"])
    session.execute(update(Message).where(*mine).values(at=now).execution_options(synchronize_session=False))
    conversation = session.get_one(Conversation, (session.tenant_id, row["conversation_id"]))
    note_event(session, conversation, row["body"] or files.preview(row["media"]), "out", at=now)
    note_answered_by_person(session, conversation)


def decide(session: ScopedSession, message: Message, deed: Deed, by: str) -> None:
    """Send it now, at its time whatever they said, or not at all. Raises GoneError when it waits no more.

    Either way of sending asks the gate again when the text is claimed.
    """
    session.refresh(message, with_for_update=True)
    if message.state not in states.WAITING or message.send_at is None:
        raise GoneError("This text does not wait any more. Reload the page to see what became of it.")
    if deed == "cancel":
        cancel_messages(session, [message.id], f"Taken back by {by}.")
    else:
        now = clock.now()
        message.send_at = now if deed == "now" else max(message.send_at, now)
        message.at, message.due_at, message.expires_at = now, message.send_at, message.send_at + SHELF_LIFE
        message.state, message.held_rule, message.error = "queued", None, None
        jobs.ring(session, "deliver:now", "now")
        live.tell(session, "conversation", message.conversation_id)
    for task in session.scalars(select(Task).where(Task.kind == TASK, Task.key == str(message.id))):
        finish_task(session, task, by)
