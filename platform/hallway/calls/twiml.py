"""What we answer a voice request: small TwiML documents (https://www.twilio.com/docs/voice/twiml)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
VOICES = {
    "en": {"voice": "Polly.Joanna-Neural", "language": "en-US"},
    "es": {"voice": "Polly.Lupe-Neural", "language": "es-US"},
}
NOT_XML = re.compile(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ACCEPT_SECONDS = 6
OFFER_SECONDS = 4
VOICEMAIL_SECONDS = 120
SILENCE_SECONDS = 5


@dataclass(frozen=True)
class Ring:
    """One phone to ring: its number, and where its screening document and the events of its leg are asked and told."""

    e164: str
    screen: str | None = None
    events: str | None = None


def nothing() -> str:
    """Go on as you were: in a screening answer it bridges the two people."""
    return _document()


def hang_up(words: str | None = None) -> str:
    return _document(_say(words) if words else "", _element("Hangup"))


def reject() -> str:
    """Do not take the call; the caller hears the busy tone, and nobody is billed."""
    return _document(_element("Reject", reason="busy"))


def dial(phones: Sequence[Ring], *, caller_id: str, seconds: int, action: str) -> str:
    """Ring `phones` together; the first to answer gets the call after its screening document.

    answerOnBridge keeps the caller hearing ringback until a human accepted.
    """
    numbers = "".join(_number(phone) for phone in phones)
    settings = {"action": action, "method": "POST", "timeout": seconds, "callerId": caller_id}
    return _document(_element("Dial", numbers, answerOnBridge="true", **settings))


def _number(phone: Ring) -> str:
    screening = {"url": phone.screen, "method": "POST"} if phone.screen else {}
    events = {"statusCallback": phone.events, "statusCallbackEvent": "answered completed"} if phone.events else {}
    return _element("Number", escape(phone.e164), **screening, **events)


def press_one(words: str, action: str) -> str:
    """Say `words` and wait for one key; without a key the leg ends, so that a voicemail never gets the call."""
    gather = _element(
        "Gather", _say(words), input="dtmf", numDigits=1, timeout=ACCEPT_SECONDS, action=action, method="POST"
    )
    return _document(gather, _element("Hangup"))


@dataclass(frozen=True)
class Offer:
    """Words before the voicemail that end in "press 1", and where that key is told."""

    words: str
    action: str


def record(
    notice: str, *, language: str, action: str, recording: str, transcription: str, offer: Offer | None = None
) -> str:
    """Tell that the message is recorded, then record it; an offer comes first, and whoever takes it leaves here."""
    verb = _element(
        "Record",
        action=action,
        method="POST",
        maxLength=VOICEMAIL_SECONDS,
        timeout=SILENCE_SECONDS,
        playBeep="true",
        trim="trim-silence",
        finishOnKey="#",
        recordingStatusCallback=recording,
        recordingStatusCallbackEvent="completed absent",
        recordingStatusCallbackMethod="POST",
        transcribe="true",
        transcribeCallback=transcription,
    )
    return _document(_gather(offer, language) if offer else "", _say(notice, language), verb, _element("Hangup"))


def _gather(offer: Offer, language: str) -> str:
    keys = {"input": "dtmf", "numDigits": 1, "timeout": OFFER_SECONDS, "action": offer.action, "method": "POST"}
    return _element("Gather", _say(offer.words, language), **keys)


def _say(words: str, language: str = "en") -> str:
    return _element("Say", escape(NOT_XML.sub(" ", words)), **VOICES.get(language, VOICES["en"]))


def _element(name: str, content: str = "", **attributes: object) -> str:
    written = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _document(*verbs: str) -> str:
    return f"{HEAD}<Response>{''.join(verbs)}</Response>"
