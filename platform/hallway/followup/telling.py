"""What became of a person in their sequences, step by step, with the rule that decided: for the thread and its page."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from groundwork.database import ScopedSession
from hallway.conversations import Message
from hallway.followup.models import Enrollment, EnrollmentStep, Sequence

# What a touch has become, by the state of its message.
BECAME = {
    **dict.fromkeys(("queued", "claimed", "unknown"), "leaving"),
    **dict.fromkeys(("accepted", "sent", "delivered"), "sent"),
    **dict.fromkeys(("failed", "undelivered"), "failed"),
    "held": "held",
    "cancelled": "stopped",
    "refused": "skipped",
    "expired": "missed",
}


@dataclass(frozen=True)
class Line:
    """One step of one person. `became`: sent, leaving, held (until `until`), done, skipped, stopped, failed, missed."""

    step: str
    kind: str
    became: str
    rule: str
    why: str
    at: datetime
    until: datetime | None
    message_id: uuid.UUID | None
    words: str


@dataclass(frozen=True)
class Followed:
    """A person in one sequence: how it stands, what comes next and when, and what was done, oldest first."""

    id: uuid.UUID
    sequence_id: uuid.UUID
    name: str
    moment: str
    version: int
    state: str
    next_step: str | None
    due_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    stopped_by: str | None
    stopped_why: str | None
    lines: list[Line]


def of_conversation(session: ScopedSession, conversation_id: uuid.UUID) -> list[Followed]:
    """The sequences of one person, newest first, each with the log of its steps; two queries."""
    query = select(Enrollment, Sequence).join(Sequence, Sequence.id == Enrollment.sequence_id)
    mine = query.where(Enrollment.conversation_id == conversation_id)
    rows = session.execute(mine.order_by(Enrollment.started_at.desc(), Enrollment.id.desc())).all()
    lines = _lines(session, [one.id for one, _ in rows]) if rows else {}
    return [_followed(one, sequence, lines.get(one.id, [])) for one, sequence in rows]


def _followed(one: Enrollment, sequence: Sequence, lines: list[Line]) -> Followed:
    return Followed(
        id=one.id,
        sequence_id=sequence.id,
        name=sequence.name,
        moment=sequence.moment,
        version=one.version,
        state=one.state,
        next_step=one.step,
        due_at=one.due_at,
        started_at=one.started_at,
        ended_at=one.ended_at,
        stopped_by=one.stopped_by,
        stopped_why=one.stopped_why,
        lines=lines,
    )


def _lines(session: ScopedSession, enrollments: list[uuid.UUID]) -> dict[uuid.UUID, list[Line]]:
    query = select(EnrollmentStep, Message).outerjoin(Message, Message.id == EnrollmentStep.message_id)
    found: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for step, message in session.execute(
        query.where(EnrollmentStep.enrollment_id.in_(enrollments)).order_by(EnrollmentStep.at, EnrollmentStep.id)
    ):
        found[step.enrollment_id].append(_line(step, message))
    return found


def _line(step: EnrollmentStep, message: Message | None) -> Line:
    if message is None:
        return Line(step.step, step.kind, step.outcome, step.rule, step.why, step.at, None, None, "")
    became = BECAME.get(message.state, step.outcome)
    rule, why = message.held_rule or step.rule, message.error or _WORDS.get(became, step.why)
    until = message.due_at if became == "held" else None
    return Line(step.step, step.kind, became, rule, why, step.at, until, message.id, message.body)


_WORDS = {"sent": "It went out.", "leaving": "It is on its way out."}
