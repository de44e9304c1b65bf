"""A member ends what goes to an address, because the person told them so or a reply meant it."""

from __future__ import annotations

from sqlalchemy import select

from groundwork import live
from groundwork.database import ScopedSession
from hallway import contacts, followup, sending
from hallway.consent.facts import Channel
from hallway.conversations import Conversation

SHORTEST = 10  # characters of the reason
POINTS: dict[Channel, str] = {"sms": "phone", "email": "email"}


def stop_by_staff(
    session: ScopedSession, address: str, *, by: str, said: str | None = None, rule: str | None = None
) -> bool:
    """Send nothing more to `address`, at once: what is queued is cancelled and every sequence of theirs ends.

    `said` is how they asked, for the ledger. False when it was stopped already. Raises ValueError in plain words.
    """
    if rule is None and len((said or "").strip()) < SHORTEST:
        raise ValueError("Say how and when they asked you to stop; it is kept with the stop.")
    channel: Channel = "email" if "@" in address else "sms"
    new = sending.stop_texting(session, address, "staff", words=said, rule=rule, by=by, channel=channel)
    contact = contacts.find(session, address, POINTS[channel])
    talk = contact and session.scalar(select(Conversation.id).where(Conversation.contact_id == contact.id))
    if talk:
        followup.stop(session, talk, "opt_out", "They asked one of you to be left alone.")
        live.tell(session, "conversation", talk)
    return new
