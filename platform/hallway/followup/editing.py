"""Edit a live sequence: a new version, and the people inside stay in theirs or move, as the editor chooses."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from groundwork import clock, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.followup import moving, reading, wording
from hallway.followup.models import Enrollment, Sequence, SequenceVersion
from hallway.followup.steps import Plan

MOVE = "sequence_move"
AT_ONCE = 200  # people moved in one transaction


def publish(session: ScopedSession, sequence: Sequence, plan: Plan, author_name: str | None, *, moves: bool) -> int:
    """Put `plan` in force as the next version; returns its number. A plan equal to the present one is no new version.

    With `moves` the people inside go on in it, at the step they wait for or the first one after what they had; else
    they stay in the version they entered. Raises PlanError when words of a step must not go out as they are.
    """
    wording.check(plan)
    session.execute(select(Sequence.id).where(Sequence.id == sequence.id).with_for_update())
    session.refresh(sequence)
    mine = (SequenceVersion.sequence_id == sequence.id, SequenceVersion.number == sequence.version)
    present = session.scalars(select(SequenceVersion).where(*mine)).one()
    if present.plan == plan.as_json():
        return sequence.version
    sequence.version += 1
    version = SequenceVersion(sequence_id=sequence.id, number=sequence.version, plan=plan.as_json(), moves=moves)
    version.author_name = author_name
    session.add(version)
    session.flush()
    if moves:
        timers.put(session, MOVE, sequence.id, clock.now(), queue="soon", move=True)
    return sequence.version


def move_people(session: ScopedSession, timer: Timer) -> None:
    """Handler of `sequence_move`: a slice of the people inside; the timer comes again until nobody is left behind."""
    sequence_id = uuid.UUID(timer.key)
    newest = select(SequenceVersion.number).where(SequenceVersion.sequence_id == sequence_id, SequenceVersion.moves)
    number = session.scalar(newest.order_by(SequenceVersion.number.desc()).limit(1)) or 0
    behind = (Enrollment.sequence_id == sequence_id, Enrollment.state == "running", Enrollment.version < number)
    ids = list(session.scalars(select(Enrollment.id).where(*behind).order_by(Enrollment.id).limit(AT_ONCE)))
    for going in reading.load(session, ids).values():
        if going.enrollment.state == "running" and going.newest != going.enrollment.version:
            moving.move(session, going)
    if len(ids) == AT_ONCE:
        timers.put(session, MOVE, timer.key, clock.now(), queue="soon", move=True)
