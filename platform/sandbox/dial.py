"""<Dial>: rings other phones, screens who answers, bridges."""

import asyncio
import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from sandbox import world_time
from sandbox.leg import Ended, HungUp, Leg, Progress, Redirected, Rejected
from sandbox.recordings import Recorded, keep
from sandbox.session import Document, Session, number_of, text_of, verb
from sandbox.wire import normal

MOST_TOGETHER = 10
ALL_EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass(frozen=True)
class Noun:
    """One phone to ring, and the TwiML its owner hears before being put through."""

    to: str
    element: ET.Element

    @property
    def screened(self) -> bool:
        return bool(self.element.get("url"))


@verb("Dial")
async def dial(session: Session, element: ET.Element, document: Document) -> Document | None:
    """The action URL learns how it went, also when the caller is gone; then its answer is ignored."""
    dialling = _Dialling(session, element, document)
    try:
        await dialling.run()
    except HungUp:
        dialling.abandon()
        session.board.depart(session.leg)
        if element.get("action"):
            target = document.target(element, "action", dialling.outcome())
            session.board.report(session.leg, "dial-action", target)
        raise
    except Redirected:
        dialling.abandon()
        raise
    if not element.get("action"):
        return None
    return await session.fetch(document.target(element, "action", dialling.outcome()))


class _Dialling:
    def __init__(self, session: Session, element: ET.Element, document: Document) -> None:
        self.session, self.board, self.leg = session, session.board, session.leg
        self.element, self.document = element, document
        self.timeout = number_of(element, "timeout", 30)
        self.legs: list[Leg] = []
        self.winner: Leg | None = None
        self.bridged_at: float | None = None
        self.recording_url = ""

    async def run(self) -> None:
        if self.element.get("answerOnBridge") != "true":
            self.session.answer()
        nouns = _nouns(self.element)[:MOST_TOGETHER]
        self.session.note("dialling", ", ".join(noun.to for noun in nouns))
        in_turn = self.element.get("sequential") == "true"
        for attempt in [[noun] for noun in nouns] if in_turn else [nouns]:
            if attempt and await self._try(attempt):
                return

    async def _try(self, nouns: Sequence[Noun]) -> bool:
        """Ring these together; whoever answers first is screened and bridged. True when they were bridged."""
        legs = [self._call(noun) for noun in nouns]
        self.legs += legs
        winner = await self.leg.race(_first_answer(legs), self.session.core.clock.real(self.timeout))
        for leg in legs:
            if leg is not winner:
                self.board.settle(leg, "canceled" if winner else "no-answer")
        if winner is None:
            return False
        self.winner = winner
        if not await self._accepted(winner, nouns[legs.index(winner)]):
            self.board.finish(winner, "completed")
            return False
        await self._bridge(winner)
        return True

    def _call(self, noun: Noun) -> Leg:
        leg = self.board.new_leg(
            account_sid=self.leg.account_sid,
            sender=self.element.get("callerId") or self.leg.sender,
            recipient=noun.to,
            direction="outbound-dial",
            parent=self.leg,
            hops=self.leg.hops,
            progress=_progress(noun.element, self.document),
            detects_machines="machineDetection" in noun.element.attrib,
        )
        self.board.start_ringing(leg)
        return leg

    async def _accepted(self, leg: Leg, noun: Noun) -> bool:
        """Run the screening document on the called phone; a hang-up on it means no."""
        if not noun.screened:
            return True
        document = Document(self.document.url, [])
        target = document.target(noun.element, "url", {})
        screening = Session(self.board, leg)
        try:
            await self.leg.race(screening.run(target))
        except (Ended, Rejected):
            return False
        except HungUp:
            if self.leg.gone.done():
                raise
            return False
        return True

    async def _bridge(self, leg: Leg) -> None:
        self.session.answer()
        self.bridged_at = world_time.now()
        self.session.note("bridged", leg.recipient)
        self.session.core.note(leg.sid, "bridged", self.leg.sender, leg.recipient)
        limit = self.session.core.clock.real(number_of(self.element, "timeLimit", 14_400))
        await self.leg.race(asyncio.wait({leg.gone}), limit)
        self._hang_up_after_bridge(leg)

    def _hang_up_after_bridge(self, leg: Leg) -> None:
        self.board.finish(leg, "completed")
        if self.element.get("record", "do-not-record") in ("do-not-record", "false"):
            return
        seconds = math.ceil(self.session.core.clock.felt(leg.seconds()))
        channels = 2 if self.element.get("record", "").endswith("dual") else 1
        recorded = Recorded(seconds, "", "DialVerb", channels)
        self.recording_url = keep(self.session.core, self.leg, recorded, self.element, self.document.url).url

    def abandon(self) -> None:
        """The caller is gone: stop ringing, end the conversation."""
        for leg in self.legs:
            if leg is self.winner and self.bridged_at and leg.live:
                self._hang_up_after_bridge(leg)
            elif leg.live:
                self.board.settle(leg, "canceled")

    def outcome(self) -> dict[str, str]:
        """The Dial fields of the action request. 'completed' says only that a phone was picked up; whether two
        people spoke is DialBridged."""
        leg = self.winner or next((leg for leg in self.legs if leg.status == "no-answer"), None)
        leg = leg or (self.legs[-1] if self.legs else None)
        fields = {
            "DialCallStatus": leg.status if leg else "failed",
            "DialBridged": "true" if self.bridged_at else "false",
        }
        if leg:
            fields["DialCallSid"] = leg.sid
        if leg and leg.answered_at is not None:
            fields["DialCallDuration"] = str(round(self.session.core.clock.felt(leg.seconds())))
        if self.recording_url:
            fields["RecordingUrl"] = self.recording_url
        return fields


def _nouns(element: ET.Element) -> list[Noun]:
    found = [Noun(_address(noun), noun) for noun in element if noun.tag in ("Number", "Client", "Sip")]
    if not found and (element.text or "").strip():
        return [Noun(normal((element.text or "").strip()), ET.Element("Number"))]
    return found


def _address(noun: ET.Element) -> str:
    return normal(text_of(noun)) if noun.tag == "Number" else f"{noun.tag.lower()}:{text_of(noun)}"


def _progress(noun: ET.Element, document: Document) -> Progress | None:
    url = noun.get("statusCallback")
    if not url:
        return None
    events = tuple(noun.get("statusCallbackEvent", "completed").replace(",", " ").split())
    return Progress(urljoin(document.url, url), noun.get("statusCallbackMethod", "POST"), events)


async def _first_answer(legs: Sequence[Leg]) -> Leg | None:
    """The first leg somebody picks up; None when none will be."""
    open_legs = set(legs)
    while open_legs:
        await asyncio.wait({leg.pickup for leg in open_legs}, return_when=asyncio.FIRST_COMPLETED)
        for leg in legs:
            if leg in open_legs and leg.pickup.done():
                if leg.pickup.result() == "answered":
                    return leg
                open_legs.discard(leg)
    return None
