"""Close a conversation: it leaves the lists of work, and the sequences that end with it end; and how that is undone."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import select

from groundwork import live
from groundwork.database import Json, ScopedSession
from hallway import sending
from hallway.conversations import Conversation, Message, handling
from hallway.followup import inside, moving, planning, reading
from hallway.followup.inside import Inside
from hallway.followup.models import Enrollment
from hallway.followup.reading import Going
from hallway.followup.stopping import end, lock, stopped_by


@dataclass(frozen=True)
class Stopped:
    """Where somebody stood in a sequence when closing stopped it; `touches` are messages that waited, each until when.

    `ended_at` is set for who had every step behind them, with a message still to leave.
    """

    enrollment: uuid.UUID
    step: str | None
    due_at: datetime | None
    ended_at: datetime | None
    touches: Sequence[tuple[uuid.UUID, datetime]] = ()

    def as_json(self) -> Json:
        """For `read`."""
        touches = [[str(id_), due.isoformat()] for id_, due in self.touches]
        times = [at.isoformat() if at else None for at in (self.due_at, self.ended_at)]
        return {"enrollment": str(self.enrollment), "step": self.step, "times": times, "touches": touches}

    @classmethod
    def read(cls, kept: Json) -> Self:
        due_at, ended_at = (datetime.fromisoformat(at) if at else None for at in kept["times"])
        touches = [(uuid.UUID(id_), datetime.fromisoformat(due)) for id_, due in kept["touches"]]
        return cls(uuid.UUID(kept["enrollment"]), kept["step"], due_at, ended_at, touches)


def close(session: ScopedSession, conversation: Conversation) -> list[Stopped]:
    """Nothing more to do here; the next text or call from them opens it again. Returns what `restart` needs."""
    handling.close(session, conversation)
    ending = stopped_by(session, conversation.id, "closed")
    stopped = [_noted(session, one) for one in ending]
    end(session, ending, "closed", "The conversation was closed.")
    return stopped


def _noted(session: ScopedSession, one: Enrollment) -> Stopped:
    waiting = (Message.enrollment_id == one.id, Message.state.in_(("held", "queued")), Message.due_at.is_not(None))
    touches = session.execute(select(Message.id, Message.due_at).where(*waiting)).all()
    return Stopped(one.id, one.step, one.due_at, one.ended_at, [(id_, due) for id_, due in touches if due])


def restart(session: ScopedSession, conversation_id: uuid.UUID, stopped: Collection[Stopped]) -> int:
    """Let those that closing stopped go on at the step where they were; returns how many did.

    What ended otherwise since, or began anew, stays as it is. What is due by now goes through the gate as ever.
    """
    lock(session, conversation_id)
    known = reading.load(session, [one.enrollment for one in stopped])
    went_on = 0
    for was in stopped:
        going = known.get(was.enrollment)
        if going and going.enrollment.conversation_id == conversation_id and _may_go_on(session, going.enrollment):
            _go_on(session, going, was)
            went_on += 1
    if went_on:
        live.tell(session, "conversation", conversation_id)
    return went_on


def _may_go_on(session: ScopedSession, one: Inside) -> bool:
    anew = (Enrollment.sequence_id == one.sequence_id, Enrollment.contact_id == one.contact_id)
    running = select(Enrollment.id).where(*anew, Enrollment.state == "running").limit(1)
    return (one.state, one.stopped_by) == ("stopped", "closed") and session.scalar(running) is None


def _go_on(session: ScopedSession, going: Going, was: Stopped) -> None:
    one = going.enrollment
    one.state, one.step, one.due_at = "running" if was.step else "finished", was.step, was.due_at
    one.ended_at, one.stopped_by, one.stopped_why = was.ended_at, None, None
    inside.write(session, [one])
    sending.put_back(session, dict(was.touches))
    step = going.plan.step(was.step)
    if step:
        planning.arrange(session, one, step)
    elif was.step:
        moving.move(session, going)
