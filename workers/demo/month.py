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

from groundwork.database import ScopedSession, new_id
from hallway import consent, leads, playbooks
from hallway.calls.models import Call, TextBackClaim
from hallway.consent import Decision, Suppression
from hallway.contacts import Contact, ContactPoint, reach
from hallway.conversations import Conversation, Message, open_for
from hallway.conversations.threads import PREVIEW
from hallway.leads.models import Lead
from hallway.rulebook import segments
from tenants import hours
from tenants.models import Member
from workers.demo import rings
from workers.demo.rings import Business

STORIES = Path(__file__).with_name("stories.toml")


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
    by: str = ""  # the first name of who answers; the owner unless told
    at: datetime = field(init=False)


def stories(trade: str) -> Iterator[Story]:
    """The stories of one trade, oldest last."""
    for row in tomllib.loads(STORIES.read_text(encoding="utf-8"))["story"]:
        if row["trade"] == trade:
            yield Story(**row)


def tell(session: ScopedSession, business: Business, story: Story, now: datetime) -> None:
    """Write one story. Moments that today has not reached yet are told an hour or so ago instead."""
    story.at = _beginning(business, story, now)
    if story.begins == "anonymous":
        rings.hidden(session, business, story.at)
        return
    contact = _meet(session, story)
    conversation = open_for(session, contact, "text" if story.begins == "text" else "call")
    if story.begins != "text":
        _ring(session, business, conversation, story)
    for who, seconds, words in story.turns:
        story.at += timedelta(seconds=seconds)
        if who == "us":
            _answer(session, business, conversation, story, words)
        else:
            _hear(session, business, conversation, words, story.at)
    _end(session, business, conversation, story)


def _beginning(business: Business, story: Story, now: datetime) -> datetime:
    zone = hours.zone(business.tenant)
    day = now.astimezone(zone).date() - timedelta(days=story.day)
    at = datetime.combine(day, time.fromisoformat(story.hour), zone)
    told = timedelta(seconds=sum(turn[1] for turn in story.turns) + 120)
    if at + told > now:
        # The believable day is still to come: keep the order of its stories, but end them before now.
        minutes = at.hour * 60 + at.minute
        at = now - told - timedelta(minutes=5 + (1440 - minutes) % 97)
    return at


def _meet(session: ScopedSession, story: Story) -> Contact:
    contact = reach(session, story.phone)
    contact.name, contact.created_at = story.name or None, story.at
    for point in session.query(ContactPoint).filter_by(contact_id=contact.id):
        point.line_type, point.line_checked_at = ("landline" if story.begins == "landline" else "mobile"), story.at
    return contact


def _ring(session: ScopedSession, business: Business, conversation: Conversation, story: Story) -> None:
    if story.begins == "answered":
        call = rings.answered(session, business, conversation, story.phone, story.at)
        story.at = call.ended_at or story.at
        _top(conversation, "Call", "in", story.at)
        conversation.waiting_since = None
        return
    call = rings.missed(session, business, conversation, story.phone, story.at)
    story.at = call.missed_at or story.at
    leads.ensure_open(session, conversation, "missed_call")
    _top(conversation, "Missed call", "in", story.at)
    if story.begins == "landline":
        rings.ask_to_call(session, call, story.phone, "landline")
    else:
        _text_back(session, business, conversation, call, story)
    if story.voicemail:
        rings.leave_voicemail(session, call, story.voicemail)
        _listen(session, conversation, story.voicemail, "voicemail", call.id, story.at)
        _top(conversation, f"Voicemail: {story.voicemail}", "in", story.at)


def _text_back(
    session: ScopedSession, business: Business, conversation: Conversation, call: Call, story: Story
) -> None:
    source = {"call_id": str(call.id)}
    consent.record(
        session, story.phone, "granted", "conversational", "inbound_call", source=source, occurred_at=call.started_at
    )
    words = playbooks.say(session, business.tenant, f"text_back.{call.situation}", phone=business.number.e164)
    message = send(session, business, conversation, "text_back", words, story.at, call_id=call.id)
    call.text_back, call.text_back_message_id = "sent", message.id
    session.add(TextBackClaim(caller=story.phone, claimed_at=story.at, call_id=call.id))
    _top(conversation, "Missed call, texted back", "in", story.at)
    story.at += timedelta(seconds=6)


def _answer(session: ScopedSession, business: Business, conversation: Conversation, story: Story, words: str) -> None:
    author = _author(business, story)
    message = send(session, business, conversation, "person", words, story.at)
    message.author_id, message.author_name = author.user_id, author.name
    conversation.waiting_since, conversation.urgent_reason, conversation.unread = None, None, False
    _top(conversation, words, "out", story.at)


def _author(business: Business, story: Story) -> Member:
    return next((one for one in business.members if one.name.startswith(story.by)), business.members[0])


def _hear(session: ScopedSession, business: Business, conversation: Conversation, words: str, at: datetime) -> None:
    reply, address = consent.classify_reply(words), _address(session, conversation)
    said = {"direction": "in", "kind": "inbound", "purpose": "reply", "state": "received", "body": words}
    said |= {"label": reply.label, "label_rule": reply.rule, "provider_sid": rings.sid("SM")}
    message = Message(id=new_id(), conversation_id=conversation.id, at=at, from_address=address,
                      to_address=business.number.e164, **said)  # fmt: skip
    session.add(message)
    session.flush()
    if reply.label == "opt_out":
        _stop(session, message)
    elif reply.label == "doubtful":
        rings.ask_to_judge(session, conversation, message)
    else:
        _listen(session, conversation, words, "message", message.id, at)
    _top(conversation, words, "in", at)


def _stop(session: ScopedSession, message: Message) -> None:
    """They asked us to stop, at the time they did."""
    address, at, words = message.from_address or "", message.at, message.body
    row: dict[str, Any] = {"channel": "sms", "address": address, "reason": "opt_out", "words": words}
    row |= {"rule": message.label_rule, "source_message_id": message.id, "created_at": at}
    session.add(Suppression(id=new_id(), **row))
    source = {"message_id": str(message.id), "rule": message.label_rule}
    consent.record(session, address, "revoked", "all", "sms_reply", words, source, occurred_at=at)


def send(
    session: ScopedSession,
    business: Business,
    conversation: Conversation,
    kind: str,
    words: str,
    at: datetime,
    call_id: UUID | None = None,
) -> Message:
    """An outbound text that the carrier delivered, within the seconds that a good day takes."""
    address, id_ = _address(session, conversation), new_id()
    words = _ask_the_gate(session, business, conversation, kind, words, at, call_id, id_).body or words
    measured = segments.measure(words)
    accepted = at + timedelta(milliseconds=random.Random(str(at)).randint(180, 1400))  # noqa: S311
    row: dict[str, Any] = {"state": "delivered", "purpose": "reply", "direction": "out", "kind": kind, "body": words}
    row |= {"segments": measured.segments, "encoding": measured.encoding, "provider_sid": rings.sid("SM")}
    row |= {"from_address": business.number.e164, "to_address": address, "claimed_at": at, "accepted_at": accepted}
    row |= {"sent_at": accepted + timedelta(seconds=1), "delivered_at": accepted + timedelta(seconds=2)}
    row |= {"call_id": call_id, "settled_at": row["delivered_at"]}
    message = Message(id=id_, conversation_id=conversation.id, at=at, **row)
    session.add(message)
    session.flush()
    return message


def _ask_the_gate(
    session: ScopedSession,
    business: Business,
    conversation: Conversation,
    kind: str,
    words: str,
    at: datetime,
    call_id: UUID | None,
    message_id: UUID,
) -> Decision:
    """What the gate answered then; it is kept, so that the thread can say why each text was sent."""
    ask = consent.Ask(
        address=_address(session, conversation),
        purpose="reply",
        kind=kind,
        at=at,
        body=words,
        sender=business.number.e164,
        by_person=kind == "person",
        conversation_id=conversation.id,
        message_id=message_id,
        call_id=call_id,
    )
    return consent.may_send(session, ask)


def _address(session: ScopedSession, conversation: Conversation) -> str:
    return session.query(ContactPoint).filter_by(contact_id=conversation.contact_id).one().value


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
        conversation.assigned_to = _author(business, story).id
        lead = session.query(Lead).filter_by(conversation_id=conversation.id).first()
        if lead is not None:
            lead.status, lead.booked_at = "booked", story.at
            lead.value_cents = story.value * 100 if story.value else None


def _top(conversation: Conversation, words: str, direction: str, at: datetime) -> None:
    conversation.last_event_at, conversation.preview = at, words[:PREVIEW]
    conversation.preview_direction = direction
    if direction == "in":
        conversation.waiting_since = conversation.waiting_since or at
