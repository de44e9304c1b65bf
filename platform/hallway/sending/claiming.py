"""Claim due texts: the gate is asked again in the same transaction, so that nothing leaves on an old answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text

from groundwork import clock, live, metrics
from groundwork.database import Json, ScopedSession, new_id
from hallway import consent
from hallway.consent import Ask, Decision
from hallway.rulebook import segments
from hallway.sending import consequences, later, letters, rates
from hallway.sending.claims import FINDING_OUT, LEASE, Claimed, outgoing
from hallway.sending.drafts import Lane
from hallway.sending.queueing import STATE_OF

BATCH = 100

# The states stand in the text, not in parameters: only so the partial index on due texts is used.
DUE = """
SELECT id, state, channel, kind, purpose, lane, conversation_id, from_address, to_address, subject, body, segments,
  author_name, call_id, expires_at, attempts, claimed_at, provider_sid, error_code, appointment_id, appointment_version,
  enrollment_id, send_at, media
FROM message
WHERE tenant_id = %(tenant)s AND lane = %(lane)s AND due_at <= %(now)s
  AND state IN ('held', 'queued', 'claimed', 'unknown') AND (state <> 'claimed' OR claimed_at <= %(lapsed)s)
ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
"""
MARK = """
UPDATE message m
SET state = v.state, due_at = v.due_at, held_rule = v.rule, error = v.error,
  lease = CASE WHEN v.state = 'claimed' THEN CAST(%(lease)s AS uuid) ELSE m.lease END,
  claimed_at = CASE WHEN v.state = 'claimed' THEN %(now)s ELSE m.claimed_at END,
  attempts = m.attempts + CASE WHEN v.state = 'claimed' THEN 1 ELSE 0 END,
  settled_at = CASE WHEN v.state IN ('refused', 'expired') THEN %(now)s ELSE NULL END
FROM unnest(CAST(%(ids)b AS uuid[]), CAST(%(states)b AS text[]), CAST(%(dues)b AS timestamptz[]),
            CAST(%(rules)b AS text[]), CAST(%(errors)b AS text[])) AS v(id, state, due_at, rule, error)
WHERE m.tenant_id = %(tenant)s AND m.id = v.id
"""
REWORD = text(
    "UPDATE message SET body = :body, segments = :segments, encoding = :encoding WHERE tenant_id = :tenant AND id = :id"
)


@dataclass(frozen=True)
class Doubtful:
    """A text of which nobody knows whether the provider has it; `error_code` is of an earlier doubt."""

    id: uuid.UUID
    channel: str
    error_code: str | None
    sender: str
    recipient: str
    body: str
    claimed_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class Work:
    """What one claim brought: texts to send, texts to ask the provider about, and how many rows it took up."""

    lease: uuid.UUID
    to_send: list[Claimed] = field(default_factory=list)
    to_find: list[Doubtful] = field(default_factory=list)
    taken: int = 0
    more: bool = False  # there is probably more, and a number with room for it


@dataclass
class _Mark:
    """What becomes of one row."""

    row: RowMapping
    state: str
    due_at: datetime | None
    rule: str | None = None
    error: str | None = None


def claim(session: ScopedSession, lane: Lane) -> Work:
    """Take up to BATCH due texts of one lane, in one transaction that the caller commits before any network call."""
    now = clock.now()
    work = Work(lease=new_id())
    rooms = rates.rooms(session, lane, now) if lane != "now" else None
    due: Json = {"tenant": session.tenant_id, "lane": lane, "now": now, "most": BATCH, "lapsed": clock.ago(LEASE)}
    rows = session.run(DUE, due).mappings().all()
    waiting = [row for row in rows if row["state"] in ("held", "queued")]
    marks = [_look_after(row, now) for row in rows if row["state"] in ("claimed", "unknown")]
    work.to_find.extend(_doubtful(mark.row) for mark in marks)
    spoke = later.overtaken(session, waiting, now)
    marks += [
        _Mark(row, "held", row["expires_at"], later.ANSWERED, later.ASKED) for row in waiting if row["id"] in spoke
    ]
    waiting = [row for row in waiting if row["id"] not in spoke]
    slow = rates.too_fast(waiting, rooms, now) if rooms is not None else {}
    marks += [_Mark(row, "queued", slow[row["id"]]) for row in waiting if row["id"] in slow]
    marks += _ask_again(session, [row for row in waiting if row["id"] not in slow], now, work)
    _write(session, marks, work.lease, now)
    return Work(work.lease, work.to_send, work.to_find, len(rows), len(rows) == BATCH and not slow)


def _look_after(row: RowMapping, now: datetime) -> _Mark:
    """A claim whose lease ran out, or an unknown one: it is looked up now, and by another worker if we die too."""
    return _Mark(row, "unknown", now + LEASE, None, FINDING_OUT[row["channel"]])


def _doubtful(row: RowMapping) -> Doubtful:
    who = (row["id"], row["channel"], row["error_code"], row["from_address"], row["to_address"])
    return Doubtful(*who, row["body"], row["claimed_at"], row["expires_at"])


def _ask_again(session: ScopedSession, rows: Sequence[RowMapping], now: datetime, work: Work) -> list[_Mark]:
    decisions = consent.may_send_all(session, [_ask(row, now) for row in rows])
    marks = [_mark(row, decision, now) for row, decision in zip(rows, decisions, strict=True)]
    for mark, decision in zip(marks, decisions, strict=True):
        if mark.state == "claimed":
            work.to_send.append(_claimed(session, mark.row, decision, now))
    return marks


def _ask(row: RowMapping, now: datetime) -> Ask:
    return Ask(
        address=row["to_address"],
        channel=row["channel"],
        purpose=row["purpose"],
        kind=row["kind"],
        at=now,
        body=row["body"],
        sender=row["from_address"],
        lane=row["lane"],
        phase="claim",
        by_person=row["author_name"] is not None,
        expires_at=row["expires_at"],
        conversation_id=row["conversation_id"],
        message_id=row["id"],
        call_id=row["call_id"],
        appointment_id=row["appointment_id"],
        appointment_version=row["appointment_version"],
        enrollment_id=row["enrollment_id"],
        files=len(row["media"]),
    )


def _mark(row: RowMapping, decision: Decision, now: datetime) -> _Mark:
    if decision.answer == "allow":
        return _Mark(row, "claimed", now + LEASE)
    state = "expired" if decision.rule == "shelf_life" else STATE_OF[decision.answer]
    return _Mark(row, state, decision.until, decision.rule, decision.explanation)


def _claimed(session: ScopedSession, row: RowMapping, decision: Decision, now: datetime) -> Claimed:
    body = decision.body or row["body"]
    if body != row["body"] and row["channel"] == "sms":
        measured = segments.measure(body)
        said: Json = {"body": body, "segments": measured.segments, "encoding": measured.encoding}
        session.execute(REWORD, {"tenant": session.tenant_id, "id": row["id"], **said})
    if row["send_at"] and not row["attempts"]:
        later.goes(session, row, now)
    letter = letters.of(session, row) if row["channel"] == "email" else None
    going = outgoing(row, body, decision.send_by, now, letter)
    return Claimed(going, now, row["attempts"] + 1, row["channel"])


def _write(session: ScopedSession, marks: Sequence[_Mark], lease: uuid.UUID, now: datetime) -> None:
    if not marks:
        return
    columns: dict[str, Any] = {
        "tenant": session.tenant_id,
        "lease": lease,
        "now": now,
        "ids": [mark.row["id"] for mark in marks],
        "states": [mark.state for mark in marks],
        "dues": [mark.due_at for mark in marks],
        "rules": [mark.rule for mark in marks],
        "errors": [mark.error for mark in marks],
    }
    session.run(MARK, columns)
    for mark in marks:
        if mark.state != mark.row["state"] and mark.state != "claimed":
            _tell(session, mark)


def _tell(session: ScopedSession, mark: _Mark) -> None:
    metrics.messages.labels(mark.row["channel"], mark.row["kind"], mark.state).inc()
    live.tell(session, "conversation", mark.row["conversation_id"])
    if mark.state in ("refused", "expired"):
        failed = {key: mark.row[key] for key in ("kind", "to_address", "conversation_id", "call_id")}
        consequences.leave_to_a_person(session, **failed, why=mark.error or "It was not sent.", rule=mark.rule or "")
