"""Write down what the provider answered, once, whatever has been heard of the text meanwhile."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import RowMapping

from billing import usage
from groundwork import clock, live, metrics
from groundwork.database import ScopedSession
from hallway.channels import Accepted, Answer, Later, Refused, Unknown, fault
from hallway.conversations import Message
from hallway.sending import consequences
from hallway.sending.claims import FINDING_OUT, Claimed

FIRST_LOOK = timedelta(seconds=10)  # how soon we ask the provider about a text of unknown fate
LONGEST_PAUSE = 30.0
log = structlog.get_logger(__name__)

# A status callback may have come first: what it told stands, and only what it could not know is added.
ACCEPT = """
UPDATE message m
SET provider_sid = v.sid, accepted_at = coalesce(m.accepted_at, v.at), due_at = NULL, held_rule = NULL,
  state = CASE WHEN m.state IN ('held', 'queued', 'claimed', 'unknown', 'expired') THEN 'accepted' ELSE m.state END,
  error_code = CASE WHEN m.state IN ('held', 'queued', 'claimed', 'unknown', 'expired') THEN NULL ELSE m.error_code END,
  error = CASE WHEN m.state IN ('held', 'queued', 'claimed', 'unknown', 'expired') THEN NULL ELSE m.error END,
  settled_at = CASE WHEN m.state = 'expired' THEN NULL ELSE m.settled_at END
FROM unnest(CAST(%(ids)b AS uuid[]), CAST(%(sids)b AS text[]), CAST(%(ats)b AS timestamptz[])) AS v(id, sid, at)
WHERE m.tenant_id = %(tenant)s AND m.id = v.id AND coalesce(m.provider_sid, v.sid) = v.sid
RETURNING m.id, m.channel, m.kind, m.conversation_id, m.segments, m.media, m.accepted_at,
  m.accepted_at = v.at AS is_news,
  (SELECT c.missed_at FROM call c WHERE c.tenant_id = m.tenant_id AND c.id = m.call_id) AS missed_at
"""
PUT = """
UPDATE message m
SET state = v.state, due_at = v.due_at, error = v.error,
  error_code = CASE WHEN v.state = 'unknown' THEN m.error_code ELSE v.code END,
  settled_at = CASE WHEN v.state = 'failed' THEN CAST(%(now)s AS timestamptz) END
FROM unnest(CAST(%(ids)b AS uuid[]), CAST(%(states)b AS text[]), CAST(%(dues)b AS timestamptz[]),
            CAST(%(codes)b AS text[]), CAST(%(errors)b AS text[])) AS v(id, state, due_at, code, error)
WHERE m.tenant_id = %(tenant)s AND m.id = v.id AND m.lease = %(lease)s AND m.state = 'claimed'
RETURNING m.id, m.channel, m.kind, m.conversation_id, m.state, m.error_code
"""


@dataclass(frozen=True)
class Answered:
    """A claimed text with the provider's answer and when it came."""

    claimed: Claimed
    answer: Answer
    at: datetime


@dataclass(frozen=True)
class _Put:
    """A text that was not accepted, and what it becomes."""

    id: uuid.UUID
    state: str
    due_at: datetime | None
    code: str | None
    error: str


def record(session: ScopedSession, lease: uuid.UUID, answers: Sequence[Answered]) -> None:
    """Record a batch in one transaction: one statement for those accepted, one for the others."""
    taken = [(one.claimed.outgoing.id, one.answer.sid, one.at) for one in answers if isinstance(one.answer, Accepted)]
    if taken:
        _accept(session, taken)
    others = [one for one in answers if not isinstance(one.answer, Accepted)]
    if others:
        _put(session, lease, others)


def note_accepted(session: ScopedSession, rows: Sequence[RowMapping]) -> None:
    """The provider took these for the first time that we know of: meter them, measure them, tell the open screens."""
    for row in rows:
        metrics.messages.labels(row["channel"], row["kind"], "accepted").inc()
        live.tell(session, "conversation", row["conversation_id"])
        if row["kind"] == "text_back" and row["missed_at"]:
            metrics.text_back.observe(max(0.0, (row["accepted_at"] - row["missed_at"]).total_seconds()))
    usage.meter(session, [used for row in rows for used in _used(row)])


def _used(row: RowMapping) -> list[usage.Usage]:
    """A text with files is one MMS, and of the plan's segments as many as its row says."""
    if row["channel"] == "email":
        return [usage.Usage("mails", row["id"], 1, row["accepted_at"])]
    segments = usage.Usage("segments", row["id"], row["segments"], row["accepted_at"])
    return [segments, usage.Usage("mms", row["id"], 1, row["accepted_at"])] if row["media"] else [segments]


def _accept(session: ScopedSession, taken: Sequence[tuple[uuid.UUID, str, datetime]]) -> None:
    ids, sids, ats = (list(column) for column in zip(*taken, strict=True))
    columns = {"tenant": session.tenant_id, "ids": ids, "sids": sids, "ats": ats}
    rows = session.run(ACCEPT, columns).mappings().all()
    note_accepted(session, [row for row in rows if row["is_news"]])
    for doubled in set(ids) - {row["id"] for row in rows}:
        log.error("the carrier has two texts for one of ours", message_id=str(doubled))


def _put(session: ScopedSession, lease: uuid.UUID, answers: Sequence[Answered]) -> None:
    puts = [_becomes(one) for one in answers]
    columns: dict[str, Any] = {"tenant": session.tenant_id, "lease": lease, "now": clock.now()}
    columns |= {"ids": [put.id for put in puts], "states": [put.state for put in puts]}
    columns |= {"dues": [put.due_at for put in puts], "codes": [put.code for put in puts]}
    columns["errors"] = [put.error for put in puts]
    reasons = {one.claimed.outgoing.id: one.answer for one in answers}
    for row in session.run(PUT, columns).mappings().all():
        metrics.messages.labels(row["channel"], row["kind"], row["state"]).inc()
        live.tell(session, "conversation", row["conversation_id"])
        if row["error_code"]:
            _act(session, row["id"], reasons[row["id"]])


def _becomes(one: Answered) -> _Put:
    """What a text becomes that was not accepted."""
    id_, answer = one.claimed.outgoing.id, one.answer
    if isinstance(answer, Unknown):
        return _Put(id_, "unknown", one.at + FIRST_LOOK, None, FINDING_OUT[one.claimed.channel])
    if isinstance(answer, Refused):
        found = fault(answer.code, answer.reason)
        if found.action in ("retry", "stop"):
            # It surely was not sent; the gate holds it while the account is stopped.
            return _Put(id_, "queued", one.at + max(found.wait, pause(one.claimed.attempts)), answer.code, found.words)
        return _Put(id_, "failed", None, answer.code, found.words)
    assert isinstance(answer, Later)  # noqa: S101 - accepted ones are recorded elsewhere
    due = one.at + max(answer.wait, pause(one.claimed.attempts))
    return _Put(id_, "queued", due, None, f"{answer.reason} We try again.")


def pause(attempts: int) -> timedelta:
    """Growing waits with some chance in them, so that many do not come back at once."""
    return timedelta(seconds=min(LONGEST_PAUSE, 0.25 * 2**attempts) * random.uniform(0.5, 1.0))  # noqa: S311


def _act(session: ScopedSession, message_id: uuid.UUID, answer: Answer) -> None:
    message = session.get_one(Message, (session.tenant_id, message_id), populate_existing=True)
    if isinstance(answer, Refused) and fault(answer.code).action != "retry":
        consequences.of_failure(session, message, answer.code, answer.reason)
