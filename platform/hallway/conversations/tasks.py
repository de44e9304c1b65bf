"""Tasks: what a person has to do, each once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, live
from groundwork.database import Json, ScopedSession, new_id
from hallway.conversations.models import Task


def add_task(
    session: ScopedSession,
    kind: str,
    key: object,
    *,
    title: str,
    reason: str,
    rule: str,
    phone: str | None = None,
    conversation_id: uuid.UUID | None = None,
    call_id: uuid.UUID | None = None,
    occasion: datetime | None = None,
) -> bool:
    """Ask a person to do something, with the reason in plain words. False when this very task exists.

    One that was done before `occasion` (when they called, say) is to be done again.
    """
    row = {"tenant_id": session.tenant_id, "id": new_id(), "kind": kind, "key": str(key)}
    said: Json = {"title": title, "reason": reason, "rule": rule, "phone": phone}
    said |= {"conversation_id": conversation_id, "call_id": call_id}
    unique = [Task.tenant_id, Task.kind, Task.key]
    statement = insert(Task).values(**row, **said)
    if occasion:
        again = said | {"created_at": clock.now(), "done_at": None, "done_by": None}
        statement = statement.on_conflict_do_update(index_elements=unique, set_=again, where=Task.done_at < occasion)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=unique)
    added = session.scalar(statement.returning(Task.id))
    if added:
        live.tell(session, "tasks")
    return added is not None


def finish_task(session: ScopedSession, task: Task, by: str) -> None:
    """Done, by `by`. A second time changes nothing."""
    if task.done_at is None:
        task.done_at, task.done_by = clock.now(), by
        live.tell(session, "tasks")
