"""Stop a person's sequences at once, and take back what they have queued."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import or_, select, text

from groundwork import clock, live
from groundwork.database import ScopedSession
from hallway import sending
from hallway.conversations import Conversation, Message
from hallway.followup.inside import Inside
from hallway.followup.models import Enrollment, SequenceVersion
from hallway.followup.sequences import read_plan
from hallway.followup.steps import Event

# A timer in a worker's hands is left to that worker: it finds its enrollment stopped.
VOID = text("""
UPDATE timer SET state = 'void', finished_at = :now, version = version + 1 WHERE tenant_id = :tenant AND id IN (
  SELECT id FROM timer WHERE tenant_id = :tenant AND kind = 'sequence_step' AND key = ANY(CAST(:keys AS text[]))
    AND state = 'ready' FOR UPDATE SKIP LOCKED)
""")

NOT_LEFT = ("held", "queued", "claimed", "unknown")  # or may have to leave again


def stop(session: ScopedSession, conversation_id: uuid.UUID, event: Event, why: str) -> int:
    """Stop every sequence of this person that runs, or still has a touch waiting, and stops on `event`. How many.

    What they have queued or held is cancelled with `why` as its reason, and the gate refuses the rest when claimed.
    """
    return end(session, stopped_by(session, conversation_id, event), event, why)


def stopped_by(session: ScopedSession, conversation_id: uuid.UUID, event: Event) -> list[Enrollment]:
    """Those that `stop` would stop, their conversation held until the end of the transaction."""
    lock(session, conversation_id)
    return [one for one, plan in _running(session, conversation_id) if event in read_plan(plan).stop_on]


def stop_one(session: ScopedSession, conversation_id: uuid.UUID, enrollment_id: uuid.UUID, why: str) -> bool:
    """A member takes this person out of one sequence. False when it is none of theirs; an ended one stays as it is."""
    lock(session, conversation_id)
    mine = (Enrollment.id == enrollment_id, Enrollment.conversation_id == conversation_id)
    one = session.scalar(select(Enrollment).where(*mine).with_for_update().execution_options(populate_existing=True))
    if one and one.state == "running":
        end(session, [one], "person", why)
    return one is not None


def lock(session: ScopedSession, conversation_id: uuid.UUID) -> None:
    """Take turns with whoever runs a step of the same person: everybody locks the conversation first."""
    held = select(Conversation.id).where(Conversation.id == conversation_id).with_for_update(key_share=True)
    session.execute(held)


def end(session: ScopedSession, enrollments: Sequence[Enrollment] | Sequence[Inside], by: str, why: str) -> int:
    """End these of one person, whatever their rules say. The caller holds their conversation, and writes plain rows."""
    if not enrollments:
        return 0
    now = clock.now()
    keys = [timer_key(one) for one in enrollments]
    for one in enrollments:
        one.state, one.stopped_by, one.stopped_why = "stopped", by, why
        one.ended_at, one.step, one.due_at = now, None, None
        live.tell(session, "conversation", one.conversation_id)
    session.flush()
    session.execute(VOID, {"tenant": session.tenant_id, "keys": keys, "now": now})
    ids = [one.id for one in enrollments]
    theirs = (Message.conversation_id == enrollments[0].conversation_id, Message.enrollment_id.in_(ids))
    sending.cancel_messages(session, list(session.scalars(select(Message.id).where(*theirs))), why)
    return len(enrollments)


def timer_key(enrollment: Enrollment | Inside) -> str:
    """One timer per enrollment and step."""
    return f"{enrollment.id}:{enrollment.step}"


def _running(session: ScopedSession, conversation_id: uuid.UUID) -> list[tuple[Enrollment, dict[str, object]]]:
    not_left = (Message.state.in_(NOT_LEFT), Message.enrollment_id.is_not(None))
    waiting = select(Message.enrollment_id).where(Message.conversation_id == conversation_id, *not_left)
    alive = or_(Enrollment.state == "running", (Enrollment.state == "finished") & Enrollment.id.in_(waiting))
    theirs = (Enrollment.conversation_id == conversation_id, alive)
    version = (SequenceVersion.sequence_id == Enrollment.sequence_id) & (SequenceVersion.number == Enrollment.version)
    statement = select(Enrollment, SequenceVersion.plan).join(SequenceVersion, version).where(*theirs)
    locked = statement.order_by(Enrollment.id).with_for_update(of=Enrollment)
    return [(row[0], row[1]) for row in session.execute(locked.execution_options(populate_existing=True))]
