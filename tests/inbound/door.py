"""Texts as the carrier's requests leave them: stored, then handled."""

from __future__ import annotations

from groundwork import intake
from groundwork.database import new_id
from hallway import inbound
from tests.makers import DANA, Business

EVENTS = {"text_in": inbound.receive_text, "text_status": inbound.receive_status}


def text_in(
    business: Business,
    body: str,
    sender: str = DANA,
    *media: str,
    sid: str | None = None,
    handle: bool = True,
    more: dict[str, str] | None = None,
) -> str:
    """A text arrives at the business's number; returns its SID."""
    sid = sid or f"SM{new_id().hex}"
    params = {"MessageSid": sid, "From": sender, "To": business.number, "Body": body, "NumMedia": str(len(media))}
    for i, url in enumerate(media):
        params |= {f"MediaUrl{i}": url, f"MediaContentType{i}": "image/jpeg"}
    with business.open() as session:
        intake.store(session, "twilio", "text_in", f"text_in:{sid}", params | (more or {}), {})
    if handle:
        intake.handle_new(business.id, EVENTS)
    return sid
