"""News of a text from the provider, by callback or looked up: late, doubled and disordered as it may come."""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from sqlalchemy import RowMapping, select, text

from groundwork import clock, live, metrics
from groundwork.database import ScopedSession
from hallway.channels import fault
from hallway.conversations import Message
from hallway.sending import consequences, recording, states

log = structlog.get_logger(__name__)

ACCEPTED = text("""
SELECT m.id, m.channel, m.kind, m.conversation_id, m.segments, m.media, m.accepted_at,
  (SELECT c.missed_at FROM call c WHERE c.tenant_id = m.tenant_id AND c.id = m.call_id) AS missed_at
FROM message m WHERE m.tenant_id = :tenant AND m.id = :id
""")


def apply_status(
    session: ScopedSession,
    message_id: uuid.UUID | None,
    provider_sid: str,
    status: str,
    error_code: str | None = None,
    at: datetime | None = None,
    reason: str | None = None,
) -> Message | None:
    """Move a text on by the provider's news; returns it, or None when we know no such text.

    `message_id` is ours and may be missing; news may come before the provider's answer was recorded, and heals a text
    of unknown fate.
    """
    message = _find(session, message_id, provider_sid)
    state = states.FROM_PROVIDER.get(status)
    if message is None or state is None:
        log.warning("news of a text we do not know", status=status, message_id=str(message_id))
        return None
    if message.provider_sid not in (None, provider_sid):
        log.error("the carrier has two texts for one of ours", message_id=str(message.id))
        return message
    if not states.may_follow(message.state, state):
        message.provider_sid = provider_sid
        return message
    _move(session, message, provider_sid, state, error_code, at or clock.now(), reason)
    return message


def _find(session: ScopedSession, message_id: uuid.UUID | None, provider_sid: str) -> Message | None:
    mine = Message.id == message_id if message_id else Message.provider_sid == provider_sid
    out = (Message.tenant_id == session.tenant_id, Message.direction == "out")
    return session.scalar(select(Message).where(*out, mine).with_for_update())


def _move(
    session: ScopedSession,
    message: Message,
    provider_sid: str,
    state: str,
    code: str | None,
    at: datetime,
    reason: str | None,
) -> None:
    is_news = message.accepted_at is None
    message.state, message.provider_sid, message.due_at, message.held_rule = state, provider_sid, None, None
    message.accepted_at = message.accepted_at or at
    message.error_code, message.error, message.settled_at = None, None, None
    if state in ("sent", "delivered"):
        message.sent_at = message.sent_at or at
    if state == "delivered":
        message.delivered_at = at
    if state in states.SETTLED:
        message.settled_at = at
    session.flush()
    if is_news:
        recording.note_accepted(session, _rows(session, message))
    if state in ("failed", "undelivered"):
        _fail(session, message, code, reason)
    metrics.messages.labels(message.channel, message.kind, state).inc()
    live.tell(session, "conversation", message.conversation_id)


def _rows(session: ScopedSession, message: Message) -> list[RowMapping]:
    return list(session.execute(ACCEPTED, {"tenant": session.tenant_id, "id": message.id}).mappings())


def _fail(session: ScopedSession, message: Message, code: str | None, reason: str | None) -> None:
    message.error_code, message.error = code, fault(code, reason).words
    session.flush()
    consequences.of_failure(session, message, code, reason)
