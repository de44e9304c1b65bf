"""Switch a sequence on and off, and hold it while a draft of it is saved."""

from __future__ import annotations

import uuid
from collections import defaultdict

from sqlalchemy import select

from billing import NotInPlanError
from groundwork.database import ScopedSession
from hallway.followup import sequences, stopping
from hallway.followup.models import Enrollment, Sequence, SequenceVersion
from hallway.followup.sequences import read_plan
from hallway.followup.steps import Plan

OFF = "The sequence was switched off."


class StaleError(ValueError):
    """Somebody else saved a newer version since this draft was begun."""


def plan_of(session: ScopedSession, sequence: Sequence) -> Plan:
    """The version in force."""
    mine = (SequenceVersion.sequence_id == sequence.id, SequenceVersion.number == sequence.version)
    return read_plan(session.scalars(select(SequenceVersion.plan).where(*mine)).one())


def hold(session: ScopedSession, sequence: Sequence, base: int) -> None:
    """Keep others from editing it until this transaction ends.

    `base` is the version a draft was made from: raises StaleError when that is no longer the one in force.
    """
    session.refresh(sequence, with_for_update=True)
    if sequence.version != base:
        raise StaleError(f"Version {sequence.version} was saved meanwhile.")


def switch(session: ScopedSession, sequence: Sequence, *, on: bool, stop_inside: bool = False) -> int:
    """Let newcomers in or not. With `stop_inside` those inside stop now, else they finish; returns how many stopped.

    Raises NotInPlanError when the plan has no sequences of this moment.
    """
    if on:
        _refuse_beyond_plan(session, sequence)
    sequence.enabled = on
    if on or not stop_inside:
        return 0
    inside: dict[uuid.UUID, list[Enrollment]] = defaultdict(list)
    running = (Enrollment.sequence_id == sequence.id, Enrollment.state == "running")
    for talk in session.scalars(select(Enrollment.conversation_id).where(*running).distinct()):
        stopping.lock(session, talk)
    locked = select(Enrollment).where(*running).order_by(Enrollment.id).with_for_update()
    for one in session.scalars(locked.execution_options(populate_existing=True)):
        inside[one.conversation_id].append(one)
    return sum(stopping.end(session, enrollments, "edit", OFF) for enrollments in inside.values())


def _refuse_beyond_plan(session: ScopedSession, sequence: Sequence) -> None:
    permission = sequences.allowed(session, sequence.moment)
    if not permission.allowed:
        raise NotInPlanError(permission)
