"""The calls of the demo's past, and what they ask a person to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from groundwork import phones
from groundwork.database import ScopedSession, new_id
from hallway.calls.callers import DEAF_LINES, WHY_NOT
from hallway.calls.models import Call, Phone, Voicemail
from hallway.channels.models import Number
from hallway.conversations import Conversation, Message, Task
from hallway.inbound.answers import DOUBT, REVIEW
from tenants import hours
from tenants.models import Member, Tenant

RANG, LEFT_AFTER, TALKED = (timedelta(seconds=seconds) for seconds in (19, 21, 184))
WHY = {**WHY_NOT, **DEAF_LINES}


@dataclass
class Business:
    """The rows of one business that a story refers to."""

    tenant: Tenant
    number: Number
    phone: Phone
    members: list[Member]


def missed(
    session: ScopedSession, business: Business, conversation: Conversation | None, caller: str, at: datetime
) -> Call:
    """Nobody picked up; outside the hours no phone rang at all."""
    situation = hours.situation(business.tenant, at)
    lost = at + RANG if situation == "open" else at
    row: dict[str, Any] = {"missed_at": lost, "missed_reason": "no_answer" if situation == "open" else situation}
    row |= {"outcome": "missed", "situation": situation, "ended_at": lost + LEFT_AFTER}
    return _call(session, business, conversation, caller, at, row)


def answered(session: ScopedSession, business: Business, conversation: Conversation, caller: str, at: datetime) -> Call:
    picked_up = at + timedelta(seconds=7)
    row: dict[str, Any] = {"outcome": "answered", "situation": "open", "answered_at": picked_up}
    row |= {"answered_by": business.phone.id, "ended_at": picked_up + TALKED, "duration": TALKED.seconds}
    return _call(session, business, conversation, caller, at, row)


def hidden(session: ScopedSession, business: Business, at: datetime) -> None:
    """A caller without a number leaves nothing but a task."""
    call = missed(session, business, None, "anonymous", at)
    call.caller_kind = "anonymous"
    ask_to_call(session, call, None, "anonymous")


def _call(
    session: ScopedSession,
    business: Business,
    conversation: Conversation | None,
    caller: str,
    at: datetime,
    row: dict[str, Any],
) -> Call:
    row |= {"state": "ended", "started_at": at, "provider_sid": sid("CA"), "attempt": 1, "from_address": caller}
    row |= {"to_address": business.number.e164, "number_id": business.number.id}
    call = Call(id=new_id(), conversation_id=conversation.id if conversation else None, **row)
    session.add(call)
    session.flush()
    return call


def leave_voicemail(session: ScopedSession, call: Call, words: str) -> None:
    """What they said, without the sound: there was no microphone in the past."""
    heard = {"duration": 6 + len(words) // 14, "transcript": words, "transcript_state": "done"}
    session.add(Voicemail(call_id=call.id, recording_sid=None, **heard))


def ask_to_call(session: ScopedSession, call: Call, phone: str | None, rule: str) -> None:
    """No text could go out: a person calls back, and reads why."""
    call.text_back, call.text_back_reason = "skipped", WHY[rule]
    title = f"Call {phones.pretty(phone)} back" if phone else "Missed call from a hidden number"
    _ask(session, "call_back", call.id, call.missed_at, title=title, reason=WHY[rule], rule=rule, phone=phone,
         conversation_id=call.conversation_id, call_id=call.id)  # fmt: skip


def ask_to_judge(session: ScopedSession, conversation: Conversation, message: Message) -> None:
    """Their words may be a wish to stop: automatic texts wait until a person has read them."""
    conversation.automation_paused_reason = DOUBT
    title = f"{REVIEW['doubtful'][0]}: {phones.pretty(message.from_address or '')}"
    _ask(session, "review_reply", message.id, message.at, title=title, reason=DOUBT, rule=message.label_rule or "",
         phone=message.from_address, conversation_id=conversation.id)  # fmt: skip


def _ask(session: ScopedSession, kind: str, key: object, at: datetime | None, **row: Any) -> None:
    session.add(Task(id=new_id(), kind=kind, key=str(key), created_at=at, **row))


def sid(prefix: str) -> str:
    """A carrier's id, as those look."""
    return prefix + new_id().hex
