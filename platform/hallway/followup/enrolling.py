"""A moment: it is written down, and the sequences it sets going enroll the person, each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, live
from groundwork.database import Json, ScopedSession, new_id
from hallway.conversations import Conversation
from hallway.followup import planning, sequences
from hallway.followup.models import Enrollment, Moment
from hallway.followup.sequences import Edition, MomentKind


def moment(
    session: ScopedSession,
    kind: MomentKind,
    conversation: Conversation,
    key: object,
    *,
    facts: Json | None = None,
    at: datetime | None = None,
) -> None:
    """Something happened that may start follow-up. Told twice with the same `key`, it enrolls once.

    `key` is the id of what happened (call, submission, estimate). `facts` are plain values that the wording may name
    as `moment.<name>` and the trigger may ask for. `at` is when it happened, by default now.
    """
    happened = at or clock.now()
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "kind": kind, "conversation_id": conversation.id}
    row |= {"key": str(key), "facts": facts or {}, "at": happened}
    unique = ["tenant_id", "kind", "conversation_id", "key"]
    new = insert(Moment).values(**row).on_conflict_do_nothing(index_elements=unique).returning(Moment.id)
    if session.scalar(new) is None:
        return
    for edition in sequences.started_by(session, kind, facts or {}):
        _enroll(session, edition, conversation, row)


def _enroll(session: ScopedSession, edition: Edition, conversation: Conversation, told: Json) -> None:
    """Put the person into the sequence, unless they are in it already: nobody is chased twice about the same."""
    inside = (Enrollment.sequence_id == edition.id, Enrollment.contact_id == conversation.contact_id)
    if session.scalar(select(Enrollment.id).where(*inside, Enrollment.state == "running").limit(1)):
        return
    first = edition.plan.steps[0]
    due = planning.due(session, conversation, first.wait, told["at"])
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "sequence_id": edition.id, "version": edition.number}
    row |= {"contact_id": conversation.contact_id, "conversation_id": conversation.id, "key": told["key"]}
    row |= {"facts": told["facts"], "state": "running", "step": first.id, "due_at": due, "started_at": told["at"]}
    unique = ["tenant_id", "sequence_id", "contact_id", "key"]
    statement = insert(Enrollment).values(**row).on_conflict_do_nothing(index_elements=unique)
    enrollment = session.scalar(statement.returning(Enrollment))
    if enrollment is None:
        return
    planning.arrange(session, enrollment, first)
    live.tell(session, "conversation", conversation.id)
