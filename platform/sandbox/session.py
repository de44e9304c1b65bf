"""Runs TwiML on one leg: fetches documents and carries out their verbs in turn."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from sandbox.clock import speech_seconds
from sandbox.leg import Ended, Leg, Redirected, Target, call_params
from sandbox.webhooks import MAX_BODY, Reply

if TYPE_CHECKING:
    from sandbox.switchboard import Switchboard

SORRY = "We are sorry, an application error has occurred. Goodbye."
XML_TYPES = ("text/xml", "application/xml", "text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Document:
    """TwiML and the URL it came from, which relative URLs in it start from."""

    url: str
    verbs: list[ET.Element]

    def target(self, verb: ET.Element, name: str, extra: dict[str, str]) -> Target:
        """Where an attribute like action points, seen from this document."""
        url = urljoin(self.url, (verb.get(name) or "").strip()) or self.url
        method = verb.get("method" if name in ("action", "url") else f"{name}Method") or "POST"
        return Target(url, method.upper(), extra=extra)


Act = Callable[["Session", ET.Element, Document], Awaitable[Document | None]]
VERBS: dict[str, Act] = {}


def verb(name: str) -> Callable[[Act], Act]:
    """Register what a TwiML verb does; it returns the document that takes over, or None to go on."""

    def register(act: Act) -> Act:
        VERBS[name] = act
        return act

    return register


class Session:
    def __init__(self, board: "Switchboard", leg: Leg) -> None:
        self.board, self.leg = board, leg
        self.core = board.core

    async def run(self, target: Target) -> None:
        """Follow the TwiML to its end. Raises Ended, Rejected or HungUp when the call ends before that."""
        following: Target | None = target
        while following:
            following = await self._until_redirected(following)

    async def _until_redirected(self, target: Target) -> Target | None:
        try:
            document: Document | None = await self.fetch(target)
            while document:
                document = await self._carry_out(document)
        except Redirected as order:
            self.leg.clear()
            return order.target
        return None

    async def _carry_out(self, document: Document) -> Document | None:
        for element in document.verbs:
            act = VERBS.get(element.tag)
            if act is None:
                self._complain(12200, document.url, f"<{element.tag}> is not a verb the carrier knows")
                continue
            following = await act(self, element, document)
            if following is not None:
                return following
        return None

    async def fetch(self, target: Target) -> Document:
        """Ask for the next TwiML; without any the caller hears an apology and the call ends."""
        if target.twiml:
            return self._parse(target.twiml.encode(), "")
        if not target.url:
            return await self._give_up(target.url, 11100, "no URL is set")
        reply = await self._ask(target)
        if reply.failure and target.fallback:
            url, method = target.fallback
            extra = {**target.extra, "ErrorCode": "11200", "ErrorUrl": target.url}
            target = replace(target, url=url, method=method, fallback=None, extra=extra)
            reply = await self._ask(target)
        if reply.failure:
            return await self._give_up(target.url, 11200, f"HTTP {reply.status}" if reply.status else "no answer")
        return await self._read(reply, target.url)

    async def _ask(self, target: Target) -> Reply:
        params = {**call_params(self.leg), **target.extra}
        asking = asyncio.ensure_future(self.board.ask(self.leg.account_sid, target, params))
        # Shielded: a request that is out is not taken back because the caller hangs up meanwhile.
        reply = await self.leg.race(asyncio.shield(asking))
        return reply or Reply(failure="rt")

    async def _read(self, reply: Reply, url: str) -> Document:
        if len(reply.body) > MAX_BODY:
            return await self._give_up(url, 11750, "TwiML is larger than 64 kB")
        if reply.content_type.startswith("audio/"):
            return Document(url, [_element("Play", url)])
        if reply.content_type == "text/plain":
            return Document(url, [_element("Say", reply.body.decode(errors="replace"))])
        if reply.content_type not in XML_TYPES:
            return await self._give_up(url, 12300, f"content type {reply.content_type}")
        try:
            return self._parse(reply.body, url)
        except ET.ParseError as broken:
            return await self._give_up(url, 12100, str(broken))

    def _parse(self, body: bytes, url: str) -> Document:
        if not body.strip():
            return Document(url, [])
        root = ET.fromstring(body)  # noqa: S314 - expat limits entity growth; the peer is the developer's own
        if root.tag != "Response":
            raise ET.ParseError("the root element is not <Response>")
        return Document(url, list(root))

    async def _give_up(self, url: str, code: int, why: str) -> Document:
        self._complain(code, url, why)
        await self.say(SORRY)
        raise Ended

    def _complain(self, code: int, url: str, why: str) -> None:
        self.core.alerts.add(self.leg.account_sid, code, url, why)

    def answer(self) -> None:
        """Pick up an inbound call; most verbs do before they act."""
        if self.leg.answered_at is None:
            self.board.answer(self.leg)

    async def say(self, text: str) -> None:
        self.answer()
        self.note("say", text)
        await self.sleep(speech_seconds(text))

    async def sleep(self, seconds: float) -> None:
        await self.leg.race(asyncio.sleep(self.core.clock.real(seconds)))

    def note(self, kind: str, text: str = "") -> None:
        self.core.note(self.leg.sid, kind, text, self.leg.handset)


def _element(tag: str, text: str) -> ET.Element:
    element = ET.Element(tag)
    element.text = text
    return element


def text_of(element: ET.Element) -> str:
    """All words inside an element, SSML marks left out."""
    return " ".join("".join(element.itertext()).split())


def number_of(element: ET.Element, name: str, default: float) -> float:
    """A numeric attribute; what is no number counts as not given."""
    try:
        return float(element.get(name, default))
    except ValueError:
        return default
