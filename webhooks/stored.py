"""Requests that need no answer: kept under the provider's own id, and left to a worker."""

from __future__ import annotations

from collections.abc import Callable

from groundwork import intake
from groundwork.database import ScopedSession
from webhooks.asked import Asked

PROVIDER = "twilio"


def _message(session: ScopedSession, asked: Asked) -> None:
    _store(session, asked, "text_in", asked.param("MessageSid"))


def _message_status(session: ScopedSession, asked: Asked) -> None:
    told = asked.params
    state = told.get("MessageStatus") or told.get("SmsStatus", "")
    _store(session, asked, "text_status", f"{asked.param('MessageSid')}:{state}:{told.get('ErrorCode', '')}")


def _recording(session: ScopedSession, asked: Asked) -> None:
    asked.param("CallSid")
    _store(session, asked, "recording", f"{asked.param('RecordingSid')}:{asked.params.get('RecordingStatus', '')}")


def _transcription(session: ScopedSession, asked: Asked) -> None:
    asked.param("CallSid")
    _store(session, asked, "transcription", f"{asked.param('TranscriptionSid')}")


def _store(session: ScopedSession, asked: Asked, event: str, key: str) -> None:
    intake.store(session, PROVIDER, event, f"{event}:{key}", asked.params, dict(asked.query))


KINDS: dict[str, Callable[[ScopedSession, Asked], None]] = {
    "message": _message,
    "message-status": _message_status,
    "recording": _recording,
    "transcription": _transcription,
}
