"""How the demo businesses work their inbox: saved replies, a note, one put aside, one text for later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select

from groundwork.database import ScopedSession
from hallway import sending
from hallway.conversations import Conversation, notes, snoozing
from hallway.playbooks import saved_replies
from workers.demo.rings import Business

REPLIES = {
    "On the way": "Hi {{ contact.first_name | default: 'there' }}, {{ member.first_name }} of {{ business.name }} "
    "here. I am on my way and should be there in about 30 minutes.",
    "Photo, please": "Could you send us a photo of it, and one of the label with the model number? Then we bring the "
    "right parts.",
    "Price of a visit": "A visit is $89, and we take it off the bill when you go ahead with the work. You get the full "
    "price before we start.",
}


class Hand(NamedTuple):
    """A member as the author of what they write."""

    user_id: UUID
    name: str


def work(session: ScopedSession, business: Business, now: datetime) -> None:
    """Leave the traces of a day's work in the newest conversations."""
    for name, source in REPLIES.items():
        saved_replies.keep(session, None, name, source, business.members[0].name)
    hands = [Hand(member.user_id, member.name) for member in business.members]
    waiting = _newest(session, Conversation.waiting_since.is_not(None))
    if waiting and len(hands) > 1:
        words = (
            f"@{hands[0].name} they asked for a price. Is it still $240 for the flush valve and fill valve together?"
        )
        notes.write(session, waiting[0], words, hands[1])
    booked = _newest(session, Conversation.waiting_since.is_(None))
    if booked:
        at = snoozing.choices(business.tenant, now, snoozing.TEXT_MORNING)[-1].at
        words = "Just checking that everything holds since our visit. Anything else we can do?"
        _for_later(session, booked[0], words, at, hands[0])
    if len(booked) > 1:
        snoozing.snooze(session, booked[1], snoozing.choices(business.tenant, now)[-1].at, hands[0])


def _newest(session: ScopedSession, *which: ColumnElement[bool]) -> list[Conversation]:
    calm = (Conversation.status == "open", Conversation.urgent_reason.is_(None), *which)
    return list(session.scalars(select(Conversation).where(*calm).order_by(Conversation.last_event_at.desc()).limit(2)))


def _for_later(session: ScopedSession, conversation: Conversation, words: str, at: datetime, by: Hand) -> None:
    good = timedelta(hours=12)
    sending.queue(session, conversation, words, kind="person", purpose="reply", shelf_life=good, author=by, send_at=at)
