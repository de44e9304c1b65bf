"""People inside sequences as plain rows: a crowd's steps go past the mapper, which costs more than reading them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from groundwork.database import Json, ScopedSession


@dataclass(slots=True)
class Inside:
    """A row of `enrollment`, as it is and as it is to be: see `write`."""

    id: uuid.UUID
    sequence_id: uuid.UUID
    version: int
    contact_id: uuid.UUID
    conversation_id: uuid.UUID
    facts: Json
    state: str
    step: str | None
    due_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    stopped_by: str | None
    stopped_why: str | None
    was: str = field(init=False)

    def __post_init__(self) -> None:
        self.was = self.state


WRITE = """
UPDATE enrollment e SET version = v.version, state = v.state, step = v.step, due_at = v.due_at, ended_at = v.ended_at,
  stopped_by = v.stopped_by, stopped_why = v.stopped_why
FROM unnest(CAST(%(id)b AS uuid[]), CAST(%(version)b AS int[]), CAST(%(state)b AS text[]), CAST(%(step)b AS text[]),
  CAST(%(due_at)b AS timestamptz[]), CAST(%(ended_at)b AS timestamptz[]), CAST(%(stopped_by)b AS text[]),
  CAST(%(stopped_why)b AS text[]), CAST(%(was)b AS text[]))
  AS v(id, version, state, step, due_at, ended_at, stopped_by, stopped_why, was)
WHERE e.tenant_id = %(tenant)s AND e.id = v.id AND e.state = v.was
"""
CHANGING = ("id", "version", "state", "step", "due_at", "ended_at", "stopped_by", "stopped_why", "was")


class ChangedMeanwhileError(RuntimeError):
    """Somebody changed an enrollment without holding its conversation; nothing of this transaction may stand."""


def write(session: ScopedSession, people: Sequence[Inside]) -> None:
    """Write down where these go. Their conversations are locked, so nobody else moves them."""
    if not people:
        return
    columns = {name: [getattr(one, name) for one in people] for name in CHANGING}
    written = session.run(WRITE, {"tenant": session.tenant_id, **columns}).rowcount
    if written != len(people):
        raise ChangedMeanwhileError(f"{len(people) - written} of {len(people)} were changed meanwhile.")
    for one in people:
        one.was = one.state
