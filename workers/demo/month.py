"""Tell the stories of stories.toml as rows: calls, texts, voicemail and leads, each at its own past moment."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from groundwork.database import ScopedSession, new_id
from hallway import consent, leads, playbooks
from hallway.calls.models import Call, Phone, TextBackClaim, Voicemail
from hallway.channels.models import Number
from hallway.contacts import Contact, ContactPoint, reach
from hallway.conversations import Conversation, Message, open_for
from hallway.conversations.threads import PREVIEW
from hallway.leads.models import Lead
from hallway.rulebook import segments
from tenants.models import Member, Tenant

STORIES = Path(__file__).with_name("stories.toml")
SITUATIONS = {"after_hours": "after_hours", "voicemail": "open", "missed_call": "open"}
MISSED = "Nobody accepted the call."


@dataclass
class Business:
    """The rows of one business that a story refers to."""

    tenant: Tenant
    number: Number
    phone: Phone
    author: Member


@dataclass
class Story:
    """One conversation of the past. `at` moves forward as it is told."""

    trade: str
    name: str
    phone: str
    day: int
    hour: str
    begins: str
    turns: list[tuple[str, int, str]]
    ends: str
    voicemail: str = ""
    value: int | None = None
    at: datetime = field(init=False)


def stories(trade: str) -> Iterator[Story]:
    """The stories of one trade, oldest last."""
    for row in tomllib.loads(STORIES.read_text(encoding="utf-8"))["story"]:
        if row["trade"] == trade:
            yield Story(**row)


def tell(session: ScopedSession, business: Business, story: Story, now: datetime) -> None:
    """Write one story. Moments that today has not reached yet are told an hour or so ago instead."""
    story.at = _beginning(story, ZoneInfo(business.tenant.timezone), now)
    contact = reach(session, story.phone)
    contact.name = story.name or None
    _mark_mobile(session, contact)
    conversation = open_for(session, contact, "text" if story.begins == "text" else "call")
    call = None if story.begins == "text" else _call(session, business, conversation, story)
    if call is not None and call.outcome == "missed":
        _text_back(session, business, conversation, call, story)
    for who, seconds, words in story.turns:
        story.at += timedelta(seconds=seconds)
        _say(session, business, conversation, who, words, story.at)
    _end(session, business, conversation, story)


def _beginning(story: Story, zone: ZoneInfo, now: datetime) -> datetime:
    local = now.astimezone(zone)
    at = datetime.combine(local.date() - timedelta(days=story.day), time.fromisoformat(story.hour), zone)
    told = timedelta(seconds=sum(turn[1] for turn in story.turns) + 120)
    if at + told > now:
        # The believable day is still to come: keep the order of its stories, but end them before now.
        minutes = at.hour * 60 + at.minute
        at = now - told - timedelta(minutes=5 + (1440 - minutes) % 97)
    return at


def _mark_mobile(session: ScopedSession, contact: Contact) -> None:
    for point in session.query(ContactPoint).filter_by(contact_id=contact.id):
        point.line_type = "mobile"


def _call(session: ScopedSession, business: Business, conversation: Conversation, story: Story) -> Call:
    answered = story.begins == "answered"
    rang = 7 if answered else 19
    row: dict[str, Any] = {"state": "ended", "started_at": story.at, "provider_sid": _sid("CA"), "attempt": 1}
    row |= {"from_address": story.phone, "to_address": business.number.e164, "number_id": business.number.id}
    row |= {"situation": SITUATIONS.get(story.begins, "open"), "conversation_id": conversation.id}
    story.at += timedelta(seconds=rang)
    if answered:
        row |= {"outcome": "answered", "answered_at": story.at, "answered_by": business.phone.id, "duration": 184}
        row["ended_at"] = story.at + timedelta(seconds=184)
    else:
        row |= {"outcome": "missed", "missed_at": story.at, "missed_reason": MISSED, "duration": rang + 21}
        row["ended_at"] = story.at + timedelta(seconds=21)
    call = Call(id=new_id(), **row)
    session.add(call)
    session.flush()
    if story.voicemail:
        heard = {"duration": 6 + len(story.voicemail) // 14, "transcript": story.voicemail, "transcript_state": "done"}
        session.add(Voicemail(call_id=call.id, recording_sid=None, **heard))
        _listen(session, conversation, story.voicemail, "voicemail", call.id, story.at)
    _top(conversation, "Voicemail: " + story.voicemail if story.voicemail else "Missed call", "in", story.at)
    return call


def _text_back(
    session: ScopedSession, business: Business, conversation: Conversation, call: Call, story: Story
) -> None:
    source = {"call_id": str(call.id)}
    consent.record(
        session, story.phone, "granted", "conversational", "inbound_call", source=source, occurred_at=call.started_at
    )
    words = playbooks.say(session, business.tenant, f"text_back.{call.situation}")
    message = _message(session, business, conversation, "text_back", words, story.at)
    message.call_id = call.id
    call.text_back, call.text_back_message_id = "sent", message.id
    session.add(TextBackClaim(caller=story.phone, claimed_at=story.at, call_id=call.id))
    story.at += timedelta(seconds=6)


def _say(
    session: ScopedSession, business: Business, conversation: Conversation, who: str, words: str, at: datetime
) -> None:
    if who == "us":
        message = _message(session, business, conversation, "person", words, at)
        message.author_id, message.author_name = business.author.id, business.author.name
        conversation.waiting_since, conversation.urgent_reason, conversation.unread = None, None, False
        _top(conversation, words, "out", at)
        return
    reply = consent.classify_reply(words)
    said = {"direction": "in", "kind": "inbound", "purpose": "reply", "state": "received", "body": words}
    said |= {"label": reply.label, "label_rule": reply.rule, "provider_sid": _sid("SM")}
    address = session.query(ContactPoint).filter_by(contact_id=conversation.contact_id).one().value
    message = Message(id=new_id(), conversation_id=conversation.id, at=at, from_address=address,
                      to_address=business.number.e164, **said)  # fmt: skip
    session.add(message)
    session.flush()
    if reply.label == "opt_out":
        consent.suppress(session, address, "opt_out", words=words, rule=reply.rule, message_id=message.id)
    else:
        _listen(session, conversation, words, "message", message.id, at)
    conversation.waiting_since = conversation.waiting_since or at
    _top(conversation, words, "in", at)


def _message(
    session: ScopedSession, business: Business, conversation: Conversation, kind: str, words: str, at: datetime
) -> Message:
    """An outbound text that the carrier delivered, within the seconds that a good day takes."""
    address = session.query(ContactPoint).filter_by(contact_id=conversation.contact_id).one().value
    measured = segments.measure(words)
    accepted = at + timedelta(milliseconds=random.Random(str(at)).randint(180, 900))  # noqa: S311
    row: dict[str, Any] = {"state": "delivered", "purpose": "reply", "direction": "out", "kind": kind, "body": words}
    row |= {"segments": measured.segments, "encoding": measured.encoding, "provider_sid": _sid("SM")}
    row |= {"from_address": business.number.e164, "to_address": address, "claimed_at": at, "accepted_at": accepted}
    row |= {"sent_at": accepted + timedelta(seconds=1), "delivered_at": accepted + timedelta(seconds=2)}
    message = Message(id=new_id(), conversation_id=conversation.id, at=at, settled_at=row["delivered_at"], **row)
    session.add(message)
    session.flush()
    ask = consent.Ask(address=address, purpose="reply", kind=kind, at=at, body=words, message_id=message.id,
                      by_person=kind == "person", conversation_id=conversation.id)  # fmt: skip
    consent.may_send(session, ask)
    return message


def _listen(
    session: ScopedSession, conversation: Conversation, words: str, kind: str, source_id: UUID, at: datetime
) -> None:
    leads.listen(session, conversation, words, source_kind=kind, source_id=source_id, at=at)


def _end(session: ScopedSession, business: Business, conversation: Conversation, story: Story) -> None:
    if story.ends != "waiting" and (story.turns or story.ends != "quiet"):
        conversation.waiting_since = conversation.urgent_reason = None
        conversation.unread = False
    if story.ends in ("closed", "stopped"):
        conversation.status = "closed"
    if story.ends == "booked":
        conversation.assigned_to = business.author.id
        lead = session.query(Lead).filter_by(conversation_id=conversation.id).first()
        if lead is not None:
            lead.status, lead.booked_at = "booked", story.at
            lead.value_cents = story.value * 100 if story.value else None


def _top(conversation: Conversation, words: str, direction: str, at: datetime) -> None:
    conversation.last_event_at, conversation.preview = at, words[:PREVIEW]
    conversation.preview_direction = direction
    if direction == "in":
        conversation.waiting_since = conversation.waiting_since or at


def _sid(prefix: str) -> str:
    return prefix + new_id().hex
