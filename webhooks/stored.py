"""Requests that need no answer: kept under the provider's own id, and left to a worker."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from groundwork import intake
from webhooks.asked import Asked

PROVIDER = "twilio"


def keep(tenant_id: UUID, asked: Asked) -> None:
    """Keep a request of one of KINDS; a repeat changes nothing."""
    event, key_of = KINDS[asked.kind]
    intake.keep(tenant_id, PROVIDER, event, f"{event}:{key_of(asked)}", asked.params, asked.query)


def _message(asked: Asked) -> str:
    return asked.param("MessageSid")


def _message_status(asked: Asked) -> str:
    state = asked.params.get("MessageStatus") or asked.params.get("SmsStatus", "")
    return f"{asked.param('MessageSid')}:{state}:{asked.params.get('ErrorCode', '')}"


def _recording(asked: Asked) -> str:
    asked.param("CallSid")
    return f"{asked.param('RecordingSid')}:{asked.params.get('RecordingStatus', '')}"


def _transcription(asked: Asked) -> str:
    asked.param("CallSid")
    return asked.param("TranscriptionSid")


# The kind in the address: the kind of event, and what makes a request of it unique.
KINDS: dict[str, tuple[str, Callable[[Asked], str]]] = {
    "message": ("text_in", _message),
    "message-status": ("text_status", _message_status),
    "recording": ("recording", _recording),
    "transcription": ("transcription", _transcription),
}
