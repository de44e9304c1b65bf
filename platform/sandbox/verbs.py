"""The plain TwiML verbs: say, play, pause, gather, redirect, reject, hang up."""

import asyncio
import xml.etree.ElementTree as ET
from urllib.parse import urljoin

from sandbox.leg import Ended, Input, Rejected, Target
from sandbox.session import Document, Session, number_of, text_of, verb

PLAY_SECONDS = 3.0


@verb("Say")
async def say(session: Session, element: ET.Element, _: Document) -> None:
    for _round in range(max(1, int(number_of(element, "loop", 1)))):
        await session.say(text_of(element))


@verb("Play")
async def play(session: Session, element: ET.Element, document: Document) -> None:
    session.answer()
    session.note("play", urljoin(document.url, text_of(element)))
    await session.sleep(PLAY_SECONDS)


@verb("Pause")
async def pause(session: Session, element: ET.Element, _: Document) -> None:
    session.answer()
    await session.sleep(number_of(element, "length", 1))


@verb("Redirect")
async def redirect(session: Session, element: ET.Element, document: Document) -> Document:
    url = urljoin(document.url, text_of(element))
    return await session.fetch(Target(url, element.get("method", "POST").upper()))


@verb("Hangup")
async def hang_up(_: Session, __: ET.Element, ___: Document) -> None:
    raise Ended


@verb("Reject")
async def reject(session: Session, element: ET.Element, _: Document) -> None:
    """Only an unanswered call can be rejected; it ends busy or, for any other reason, as no-answer."""
    if session.leg.answered_at is not None:
        raise Ended
    session.note("rejected", element.get("reason", "rejected"))
    raise Rejected("busy" if element.get("reason") == "busy" else "no-answer")


@verb("Gather")
async def gather(session: Session, element: ET.Element, document: Document) -> Document | None:
    """Collect keys (or words) while the nested prompts are heard; nothing pressed goes on to the next verb."""
    session.answer()
    while not session.leg.inputs.empty():
        session.leg.inputs.get_nowait()
    session.leg.listening.set()
    session.note("gather", element.get("numDigits", ""))
    try:
        first = await _prompt(session, element, document)
        heard = await _collect(session, element, first)
    finally:
        session.leg.listening.clear()
    if heard is None:
        return None
    return await session.fetch(document.target(element, "action", heard))


async def _prompt(session: Session, element: ET.Element, document: Document) -> Input | None:
    """Play the nested verbs; the first key cuts them short."""
    prompts = asyncio.ensure_future(_play_prompts(session, element, document))
    key = asyncio.ensure_future(session.leg.inputs.get())
    try:
        both: set[asyncio.Future[None] | asyncio.Future[Input]] = {prompts, key}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if key.done():
            return key.result()
        prompts.result()
        return None
    finally:
        prompts.cancel()
        key.cancel()


async def _play_prompts(session: Session, element: ET.Element, document: Document) -> None:
    for nested in element:
        if nested.tag == "Say":
            await say(session, nested, document)
        elif nested.tag == "Play":
            await play(session, nested, document)
        elif nested.tag == "Pause":
            await pause(session, nested, document)


async def _collect(session: Session, element: ET.Element, first: Input | None) -> dict[str, str] | None:
    """{'Digits': ...} or {'SpeechResult': ...}; None when nothing came in time."""
    timeout = session.core.clock.real(number_of(element, "timeout", 5))
    wanted, finish = int(number_of(element, "numDigits", 0)), element.get("finishOnKey", "#")
    spoken, digits = "speech" in element.get("input", "dtmf"), ""
    entry = first or await session.leg.race(session.leg.inputs.get(), timeout)
    while entry:
        if entry.kind == "speech" and spoken:
            return {"SpeechResult": entry.value, "Confidence": "0.9"}
        if entry.kind == "key" and entry.value == finish:
            break
        digits += entry.value if entry.kind == "key" else ""
        if wanted and len(digits) >= wanted:
            break
        entry = await session.leg.race(session.leg.inputs.get(), timeout)
    empty_counts = element.get("actionOnEmptyResult") == "true"
    return {"Digits": digits} if digits or empty_counts else None
