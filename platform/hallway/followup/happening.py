"""Something a sequence may be waiting for has happened: its `wait_for` step is over, and it goes on from there."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from groundwork import clock, timers
from groundwork.database import ScopedSession
from hallway.followup import moving, planning, reading, running
from hallway.followup.models import Enrollment
from hallway.followup.stopping import lock
from hallway.followup.touching import Outcome


def happened(session: ScopedSession, conversation_id: uuid.UUID, event: str) -> int:
    """Let every sequence of this person that waits for `event` (see steps.HAPPENINGS) go on; returns how many."""
    theirs = (Enrollment.conversation_id == conversation_id, Enrollment.state == "running")
    running_ = select(Enrollment.id).where(*theirs)
    if session.scalar(running_.limit(1)) is None:
        return 0
    lock(session, conversation_id)
    went_on = 0
    for going in reading.load(session, list(session.scalars(running_))).values():
        step = going.plan.step(going.enrollment.step)
        if step is None or step.kind != "wait_for" or step.event != event:
            continue
        now, due_at = clock.now(), going.enrollment.due_at or clock.now()
        timers.void(session, planning.STEP, f"{going.enrollment.id}:{step.id}")
        outcome = Outcome("done", f"wait_for.{event}", "It happened.", since=now, jump=step.then)
        running.log(session, going, step, due_at, outcome)
        moving.go_on(session, going, going.plan.after(step, step.then), now)
        went_on += 1
    return went_on
