"""<Record>: the voicemail. What the person types is what they said; it becomes the transcription."""

import asyncio
import math
import time
import xml.etree.ElementTree as ET

from sandbox.clock import speech_seconds
from sandbox.leg import HungUp
from sandbox.recordings import Recorded, keep
from sandbox.session import Document, Session, number_of, verb


@verb("Record")
async def record(session: Session, element: ET.Element, document: Document) -> Document | None:
    """Nothing recorded goes on to the next verb; a caller who hangs up is reported, and the answer ignored."""
    session.answer()
    if element.get("playBeep", "true") != "false":
        session.note("beep")
    take = _Take(session, element)
    session.leg.recording.set()
    try:
        await take.listen()
    except HungUp:
        take.ended_by = "hangup"
    finally:
        session.leg.recording.clear()
    return await _after(session, element, document, take)


class _Take:
    """Collects one recording."""

    def __init__(self, session: Session, element: ET.Element) -> None:
        self.session, self.leg = session, session.leg
        self.longest = number_of(element, "maxLength", 3600)
        self.silence = number_of(element, "timeout", 5)
        self.finish = element.get("finishOnKey", "1234567890*#")
        self.words: list[str] = []
        self.seconds = 0.0
        self.ended_by = ""

    async def listen(self) -> None:
        if self.leg.says:
            await self._scripted()
        while self.seconds < self.longest:
            heard = await self.leg.race(self.leg.inputs.get(), self._patience())
            if heard is None:
                return
            if heard.kind == "speech":
                await self._speak(heard.value)
            elif heard.value in self.finish:
                self.ended_by = heard.value
                return

    async def _scripted(self) -> None:
        says, self.leg.says = self.leg.says, ""
        await self._speak(says)
        self.session.board.hang_up(self.leg)

    async def _speak(self, text: str) -> None:
        """Saying it takes its time; a caller cut off by hanging up has said it all the same."""
        length = min(speech_seconds(text), self.longest - self.seconds)
        self.words.append(text)
        self.seconds += length
        self.session.note("voicemail", text)
        await self.leg.race(asyncio.sleep(self.session.core.clock.real(length)))

    def _patience(self) -> float | None:
        """Real seconds of silence that end the recording; somebody still typing is not silent."""
        limit = self.longest if self.leg.in_person and not self.words else self.silence
        return self.session.core.clock.real(limit)


async def _after(session: Session, element: ET.Element, document: Document, take: _Take) -> Document | None:
    leg, board = session.leg, session.board
    length = math.ceil(take.seconds)
    kept = keep(session.core, leg, Recorded(length, " ".join(take.words), "RecordVerb"), element, document.url)
    extra = {"RecordingUrl": kept.url, "RecordingSid": kept.sid, "RecordingDuration": str(length)}
    if take.ended_by == "hangup":
        board.depart(leg)
        if length:
            target = document.target(element, "action", {**extra, "Digits": "hangup"})
            board.report(leg, "record-action", target)
        raise HungUp
    if not length:
        return None
    if take.ended_by:
        extra["Digits"] = take.ended_by
    session.note("recorded", time.strftime("%M:%S", time.gmtime(length)))
    return await session.fetch(document.target(element, "action", extra))
