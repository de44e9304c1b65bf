"""An inbound text as the carrier told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from groundwork.database import Json
from groundwork.tables import InboundEvent
from hallway.consent import carrier_keyword
from hallway.consent.facts import Channel

MOST_MEDIA = 10


@dataclass(frozen=True)
class Told:
    """Who wrote what to which of our numbers. `media` is [{"url", "content_type"}]. `sender` of an e-mail is its
    address, `number` ours.

    `keyword` is STOP, START or HELP when the carrier itself acted on the text and answers it; None otherwise.
    """

    sid: str
    sender: str
    number: str
    body: str
    media: tuple[dict[str, str], ...]
    keyword: str | None
    at: datetime
    channel: Channel = "sms"


def told(event: InboundEvent) -> Told:
    """Read a stored request of Twilio's; raises KeyError for one without sender or number."""
    params = event.params
    body = params.get("Body", "")
    # OptOutType comes only with the carrier's advanced opt-out; without it the exact words tell.
    keyword = params.get("OptOutType") or carrier_keyword(body)
    return Told(params["MessageSid"], params["From"], params["To"], body, _media(params), keyword, _written_at(event))


def _written_at(event: InboundEvent) -> datetime:
    """A text whose news was lost is found in the carrier's list, maybe long after it was written."""
    made_at = event.context.get("made_at")
    return min(event.received_at, datetime.fromisoformat(made_at)) if made_at else event.received_at


def _media(params: Json) -> tuple[dict[str, str], ...]:
    count = params.get("NumMedia", "0")
    numbered = range(min(int(count), MOST_MEDIA) if count.isdigit() else 0)
    found = ((params.get(f"MediaUrl{i}"), params.get(f"MediaContentType{i}", "")) for i in numbered)
    return tuple({"url": url, "content_type": kind} for url, kind in found if url)
