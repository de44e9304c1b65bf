"""How a business's sequences do: who is inside, what was sent, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from hallway.followup import MOMENTS, Enrollment, EnrollmentStep, Sequence

PEOPLE_SHOWN = 20


@dataclass
class Results:
    """One sequence and what came of it, over all its versions."""

    sequence: Sequence
    entered: int = 0
    inside: int = 0
    sent: int = 0
    replied: int = 0
    booked: int = 0
    opted_out: int = 0


@dataclass(frozen=True)
class Sample:
    """A real person to preview the words on."""

    contact: Contact
    phone: str | None


ENDED = {"reply": "replied", "booking": "booked", "opt_out": "opted_out"}


def overview(session: ScopedSession) -> list[Results]:
    """Every sequence of the business with its results, in the order of the moments."""
    order: list[str] = list(MOMENTS)
    rows = session.scalars(select(Sequence).where(Sequence.archived_at.is_(None)).order_by(Sequence.id))
    found = {row.id: Results(row) for row in sorted(rows, key=lambda row: order.index(row.moment))}
    _count(session, found)
    return list(found.values())


def results(session: ScopedSession, sequence: Sequence) -> Results:
    """The same for one."""
    found = {sequence.id: Results(sequence)}
    _count(session, found)
    return found[sequence.id]


def _count(session: ScopedSession, found: dict[UUID, Results]) -> None:
    columns = (Enrollment.sequence_id, Enrollment.state, Enrollment.stopped_by)
    counted = select(*columns, func.count()).where(Enrollment.sequence_id.in_(found)).group_by(*columns)
    for id_, state, stopped_by, number in session.execute(counted):
        one = found[id_]
        one.entered += number
        one.inside += number if state == "running" else 0
        if stopped_by in ENDED:
            setattr(one, ENDED[stopped_by], getattr(one, ENDED[stopped_by]) + number)
    sent = (EnrollmentStep.outcome == "queued", Enrollment.sequence_id.in_(found))
    touches = select(Enrollment.sequence_id, func.count()).select_from(EnrollmentStep)
    touches = touches.join(Enrollment, Enrollment.id == EnrollmentStep.enrollment_id)
    for id_, number in session.execute(touches.where(*sent).group_by(Enrollment.sequence_id)):
        found[id_].sent = number


def step_results(session: ScopedSession, sequence_id: UUID) -> dict[str, dict[str, int]]:
    """{step: {outcome or "waiting": how many}}: what became of each step, and how many are about to meet it."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    mine = Enrollment.sequence_id == sequence_id
    done = select(EnrollmentStep.step, EnrollmentStep.outcome, func.count()).join(
        Enrollment, Enrollment.id == EnrollmentStep.enrollment_id
    )
    for step, outcome, number in session.execute(
        done.where(mine).group_by(EnrollmentStep.step, EnrollmentStep.outcome)
    ):
        found[step][outcome] = number
    ahead = select(Enrollment.step, func.count()).where(mine, Enrollment.state == "running").group_by(Enrollment.step)
    for waited_for, number in session.execute(ahead):
        found[waited_for or ""]["next"] = number
    return found


def samples(session: ScopedSession, chosen: UUID | None = None) -> list[Sample]:
    """People met lately, to preview the words on; `chosen` is among them whenever they were met."""
    lately = select(Conversation.contact_id).order_by(Conversation.last_event_at.desc()).limit(PEOPLE_SHOWN)
    wanted = [*session.scalars(lately), *([chosen] if chosen else [])]
    people = {one.id: one for one in session.scalars(select(Contact).where(Contact.id.in_(wanted)))}
    theirs = (ContactPoint.contact_id.in_(wanted), ContactPoint.kind == "phone")
    numbers: dict[UUID, str] = {}
    for point in session.scalars(select(ContactPoint).where(*theirs).order_by(ContactPoint.id)):
        numbers.setdefault(point.contact_id, point.value)
    return [Sample(people[id_], numbers.get(id_)) for id_ in dict.fromkeys(wanted) if id_ in people]
