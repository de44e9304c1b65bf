"""Context drawn from what a lead said: service, urgency, place, time, name, each with its words."""

from datetime import datetime

from hallway.leads.addresses import find_address, find_zip
from hallway.leads.fields import Field, field
from hallway.leads.names import find_name
from hallway.leads.services import find_service
from hallway.leads.times import find_time
from hallway.leads.urgency import LABELS, find_urgency
from hallway.leads.words import read

__all__ = ["Field", "extract"]

_LONGEST = 3_000


def extract(text: str, trade: str, *, now: datetime, zone: str) -> list[Field]:
    """Read a message, form text or transcript; at most one field of each name, in the order of the text.

    `now` is aware, `zone` an IANA name (the place's). Urgency is given when the words speak of it, or as
    normal beside a service; small talk yields no fields. Only the first 3,000 characters are read.
    """
    said = text[:_LONGEST]
    address = find_address(said)
    code = find_zip(said, address)
    name = find_name(said)
    hidden = [(found.start, found.end) for found in (address, code, name) if found]
    tokens = read(said, hidden)
    service = find_service(said, tokens, trade)
    urgency = find_urgency(said, tokens) or _unhurried(said, service)
    preferred = find_time(said, now=now, zone=zone, hidden=hidden)
    found = [f for f in (service, urgency, address, code, preferred, name) if f]
    return sorted(found, key=lambda f: (f.start, f.end, f.name))


def _unhurried(text: str, service: Field | None) -> Field | None:
    """A request without a word of hurry is normal; its words are the request's."""
    if service is None:
        return None
    return field(
        "urgency",
        text,
        (service.start, service.end),
        value="normal",
        label=LABELS["normal"],
        confidence=0.5,
        reason="nothing in the words says it is pressing",
    )
