"""Recordings and transcriptions: rows, callbacks and sound."""

import array
import io
import math
import wave
import xml.etree.ElementTree as ET
from typing import NamedTuple
from urllib.parse import urljoin

from sandbox import world_time
from sandbox.core import Core
from sandbox.leg import Leg
from sandbox.wire import new_sid, rfc2822

RATE = 8_000
TONE = 330.0
SHORTEST_TRANSCRIBED, LONGEST_TRANSCRIBED = 2, 120

# One silent frame of MPEG-1 layer III, 32 kbit/s, 32 kHz, mono: header, empty side information, nothing to decode.
MP3_FRAME = bytes((0xFF, 0xFB, 0x18, 0xC4)) + bytes(140)
MP3_FRAME_SECONDS = 0.036


class Recorded(NamedTuple):
    """What was taken down; `source` is Twilio's word for the way (RecordVerb, DialVerb, OutboundAPI)."""

    seconds: int
    words: str
    source: str
    channels: int = 1


class Kept(NamedTuple):
    sid: str
    url: str


def keep(core: Core, leg: Leg, recorded: Recorded, element: ET.Element, base: str) -> Kept:
    """Store a recording and post the callbacks the element asks for; one of no length is 'absent'."""
    now, sid = world_time.now(), new_sid("RE")
    kept = Kept(sid, f"{core.settings.base_url}/2010-04-01/Accounts/{leg.account_sid}/Recordings/{sid}")
    status = "completed" if recorded.seconds else "absent"
    core.store.insert(
        "recording", sid=sid, account_sid=leg.account_sid, call_sid=leg.sid, status=status, source=recorded.source,
        channels=recorded.channels, duration=recorded.seconds, created=now - recorded.seconds, updated=now,
    )  # fmt: skip
    if status in element.get("recordingStatusCallbackEvent", "completed").replace(",", " ").split():
        _tell_status(core, leg, recorded, kept, status, element, base)
    if recorded.seconds and (element.get("transcribe") == "true" or element.get("transcribeCallback")):
        _transcribe(core, leg, recorded, kept, element, base)
    return kept


def _tell_status(
    core: Core, leg: Leg, recorded: Recorded, kept: Kept, status: str, element: ET.Element, base: str
) -> None:
    url = element.get("recordingStatusCallback")
    params = {
        "AccountSid": leg.account_sid,
        "CallSid": leg.sid,
        "RecordingSid": kept.sid,
        "RecordingUrl": kept.url,
        "RecordingStatus": status,
        "RecordingDuration": str(recorded.seconds),
        "RecordingChannels": str(recorded.channels),
        "RecordingStartTime": rfc2822(world_time.now() - recorded.seconds) or "",
        "RecordingSource": recorded.source,
        "RecordingTrack": "both",
        "ErrorCode": "0",
    }
    core.outbox.post(
        "recording-status", leg.account_sid, urljoin(base, url) if url else None, params,
        method=element.get("recordingStatusCallbackMethod"), delay=core.settings.step,
    )  # fmt: skip


def _transcribe(core: Core, leg: Leg, recorded: Recorded, kept: Kept, element: ET.Element, base: str) -> None:
    """Twilio transcribes recordings of 2 to 120 seconds; the text comes later, by callback."""
    now, sid = world_time.now(), new_sid("TR")
    fits = SHORTEST_TRANSCRIBED <= recorded.seconds <= LONGEST_TRANSCRIBED
    status, text = ("completed", recorded.words) if fits else ("failed", "")
    core.store.insert(
        "transcription", sid=sid, account_sid=leg.account_sid, recording_sid=kept.sid, status=status, text=text,
        duration=recorded.seconds, created=now, updated=now,
    )  # fmt: skip
    url = element.get("transcribeCallback")
    params = {
        "TranscriptionSid": sid,
        "TranscriptionText": text,
        "TranscriptionStatus": status,
        "TranscriptionType": "fast",
        "TranscriptionUrl": f"{kept.url}/Transcriptions/{sid}",
        "RecordingSid": kept.sid,
        "RecordingUrl": kept.url,
        "CallSid": leg.sid,
        "AccountSid": leg.account_sid,
        "From": leg.sender,
        "To": leg.recipient,
        "Direction": leg.direction,
        "ApiVersion": "2010-04-01",
    }
    core.outbox.post(
        "transcription", leg.account_sid, urljoin(base, url) if url else None, params,
        delay=core.clock.real(core.settings.transcription_delay),
    )  # fmt: skip


def wav(seconds: int) -> bytes:
    """A soft tone that swells and fades every second, so that a player shows and plays something."""
    second = [int(6000 * math.sin(math.pi * i / RATE) * math.sin(math.tau * TONE * i / RATE)) for i in range(RATE)]
    samples = array.array("h", second * max(1, seconds))
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return out.getvalue()


def mp3(seconds: int) -> bytes:
    """Silence of the right length: no encoder comes with Python."""
    return MP3_FRAME * math.ceil(max(1, seconds) / MP3_FRAME_SECONDS)
