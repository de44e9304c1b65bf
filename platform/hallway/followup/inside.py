"""People inside sequences as plain rows: a crowd's steps go past the mapper, which costs more than reading them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
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
    ended_at: datetime | None = None
    stopped_by: str | None = None
    stopped_why: str | None = None


WRITE = """
UPDATE enrollment e SET version = v.version, state = v.state, step = v.step, due_at = v.due_at, ended_at = v.ended_at,
  stopped_by = v.stopped_by, stopped_why = v.stopped_why
FROM unnest(CAST(%(id)s AS uuid[]), CAST(%(version)s AS int[]), CAST(%(state)s AS text[]), CAST(%(step)s AS text[]),
  CAST(%(due_at)s AS timestamptz[]), CAST(%(ended_at)s AS timestamptz[]), CAST(%(stopped_by)s AS text[]),
  CAST(%(stopped_why)s AS text[]))
  AS v(id, version, state, step, due_at, ended_at, stopped_by, stopped_why)
WHERE e.tenant_id = %(tenant)s AND e.id = v.id AND e.state = 'running'
"""
CHANGING = ("id", "version", "state", "step", "due_at", "ended_at", "stopped_by", "stopped_why")


class EndedMeanwhileError(RuntimeError):
    """Somebody ended an enrollment without holding its conversation; nothing of this transaction may stand."""


def write(session: ScopedSession, people: Sequence[Inside]) -> None:
    """Write down where these running ones go. Their conversations are locked, so nobody else moves them."""
    if not people:
        return
    columns = {name: [getattr(one, name) for one in people] for name in CHANGING}
    written = session.run(WRITE, {"tenant": session.tenant_id, **columns}).rowcount
    if written != len(people):
        raise EndedMeanwhileError(f"{len(people) - written} of {len(people)} were ended meanwhile.")
