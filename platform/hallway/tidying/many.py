"""One deed on many conversations, each as if it were done alone, and how to undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from groundwork.database import Json, ScopedSession
from hallway import followup
from hallway.appointments.models import Appointment
from hallway.conversations import Conversation, Label, handling, labels, snoozing
from hallway.conversations.handling import Before
from hallway.conversations.notes import Author
from hallway.followup import Enrollment, Stopped

MOST = 200  # conversations at once


class ManyError(ValueError):
    """These cannot be done together; the message says why."""


class NotHereError(LookupError):
    """One of the conversations does not exist here."""


@dataclass(frozen=True)
class Undo:
    """What takes a deed back: how each conversation stood, or which of them a label was put on (or taken off)."""

    before: Sequence[Before] = ()
    label_id: UUID | None = None
    labelled: Sequence[UUID] = field(default_factory=tuple)
    was_put_on: bool = True
    stopped: Mapping[UUID, Sequence[Stopped]] = field(default_factory=dict)  # sequences, by conversation

    @property
    def count(self) -> int:
        return len(self.before) or len(self.labelled)

    def as_json(self) -> Json:
        rows = [[_written(value) for value in one] for one in self.before]
        label = str(self.label_id) if self.label_id else None
        stopped = {str(id_): [one.as_json() for one in each] for id_, each in self.stopped.items() if each}
        ids = [str(id_) for id_ in self.labelled]
        return {"before": rows, "label": label, "ids": ids, "on": self.was_put_on, "stopped": stopped}

    @classmethod
    def read(cls, kept: Json) -> Undo:
        ids = tuple(UUID(id_) for id_ in kept["ids"])
        label = UUID(kept["label"]) if kept["label"] else None
        stopped = {UUID(id_): [Stopped.read(one) for one in each] for id_, each in kept["stopped"].items()}
        return cls([_before(row) for row in kept["before"]], label, ids, kept["on"], stopped)


class Back(NamedTuple):
    """How many conversations are as before, and how many sequences go on."""

    conversations: int
    sequences: int = 0


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _before(row: list[Any]) -> Before:
    id_, status, snoozed, assigned, waiting, urgent, unread, last = row
    times = [datetime.fromisoformat(at) if at else None for at in (snoozed, waiting)]
    member = UUID(assigned) if assigned else None
    return Before(UUID(id_), status, times[0], member, times[1], urgent, unread, datetime.fromisoformat(last))


def find(session: ScopedSession, ids: Sequence[UUID]) -> Sequence[Conversation]:
    """These conversations, locked in one order so that two people at once do not wait for each other.

    Raises ManyError for none or too many, NotHereError when one is not here.
    """
    wanted = set(ids)
    if not wanted:
        raise ManyError("Select at least one conversation first.")
    if len(wanted) > MOST:
        raise ManyError(f"Up to {MOST} conversations at once, please.")
    statement = select(Conversation).where(Conversation.id.in_(wanted)).order_by(Conversation.id)
    found = session.scalars(statement.with_for_update(key_share=True)).all()
    if len(found) < len(wanted):
        raise NotHereError("One of these conversations does not exist here (any more). Reload the list.")
    return found


def assign(session: ScopedSession, chosen: Sequence[Conversation], member_id: UUID | None) -> Undo:
    """Raises handling.NobodyThereError."""
    were = [handling.before(one) for one in chosen if one.assigned_to != member_id]
    for one in chosen:
        handling.assign(session, one, member_id)
    return Undo(were)


def label(session: ScopedSession, chosen: Sequence[Conversation], label_: Label, *, on: bool) -> Undo:
    """Put a label on, or take it off."""
    deed = labels.put_on if on else labels.take_off
    return Undo((), label_.id, deed(session, label_, [one.id for one in chosen]), on)


def snooze(session: ScopedSession, chosen: Sequence[Conversation], until: datetime, by: Author) -> Undo:
    were = [handling.before(one) for one in chosen]
    for one in chosen:
        snoozing.snooze(session, one, until, by)
    return Undo(were)


def close(session: ScopedSession, chosen: Sequence[Conversation]) -> Undo:
    """Those already closed stay as they are."""
    open_ones = [one for one in chosen if one.status != "closed"]
    were = [handling.before(one) for one in open_ones]
    return Undo(were, stopped={one.id: followup.close(session, one) for one in open_ones})


def reopen(session: ScopedSession, chosen: Sequence[Conversation]) -> Undo:
    """Those already open stay as they are."""
    others = [one for one in chosen if one.status != "open"]
    were = [handling.before(one) for one in others]
    for one in others:
        handling.reopen(session, one)
    return Undo(were)


def let_wait(session: ScopedSession, chosen: Sequence[Conversation]) -> Undo:
    """Those already waiting wait since then."""
    others = [one for one in chosen if one.status != "open" or one.waiting_since is None]
    were = [handling.before(one) for one in others]
    for one in others:
        handling.let_wait(session, one)
    return Undo(were)


def take_back(session: ScopedSession, undo: Undo) -> Back:
    """Undo what was done, except where something was said since.

    The sequences that the deed stopped go on at the step where they were, except where a visit was booked since.
    """
    if undo.label_id:
        label_ = session.get(Label, (session.tenant_id, undo.label_id))
        deed = labels.take_off if undo.was_put_on else labels.put_on
        here = session.scalars(select(Conversation.id).where(Conversation.id.in_(undo.labelled))).all()
        return Back(len(deed(session, label_, here)) if label_ else 0)
    chosen = {one.id: one for one in find(session, [was.id for was in undo.before])}
    back = [was.id for was in undo.before if handling.restore(session, chosen[was.id], was)]
    session.flush()
    return Back(len(back), sum(_restart(session, id_, undo.stopped.get(id_, ())) for id_ in back))


def _restart(session: ScopedSession, conversation_id: UUID, stopped: Sequence[Stopped]) -> int:
    if not stopped:
        return 0
    mine = select(Enrollment.ended_at).where(Enrollment.id.in_([one.enrollment for one in stopped]))
    since = select(Appointment.id).where(
        Appointment.conversation_id == conversation_id, Appointment.created_at >= mine.limit(1).scalar_subquery()
    )
    return 0 if session.scalar(since.limit(1)) else followup.restart(session, conversation_id, stopped)
