"""The live proof: call the line, let it ring, and see the text go out. Also the same question put by ourselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway.calls.models import Call
from hallway.channels import Number
from hallway.conversations import Message
from hallway.setup.models import LineTest

State = Literal["waiting", "ringing", "answered", "texting", "proved", "arrived", "not_texted"]
LEFT = ("accepted", "sent", "delivered")


@dataclass(frozen=True)
class Proof:
    """How the test stands. `seconds` from missed to the carrier's yes; `why` when no text went out."""

    state: State
    caller: str | None = None
    words: str | None = None
    seconds: float | None = None
    delivered: bool = False
    why: str | None = None

    @property
    def good(self) -> bool:
        return self.state in ("proved", "arrived")


def begin(session: ScopedSession, number: Number, kind: str = "call") -> LineTest:
    """Watch this number from now on."""
    test = LineTest(id=new_id(), number_id=number.id, kind=kind, asked_at=clock.now())
    session.add(test)
    session.flush()
    return test


def latest(session: ScopedSession, number: Number, kind: str = "call") -> LineTest | None:
    mine = (LineTest.number_id == number.id, LineTest.kind == kind)
    return session.scalar(select(LineTest).where(*mine).order_by(LineTest.asked_at.desc(), LineTest.id.desc()).limit(1))


def look(session: ScopedSession, test: LineTest) -> Proof:
    """What came in since the test began: the call that proved it, else the newest. Proving it is written down."""
    call = _call(session, test)
    if call is None:
        return Proof("waiting")
    message = (
        session.get(Message, (session.tenant_id, call.text_back_message_id)) if call.text_back_message_id else None
    )
    found = _judge(test, call, message)
    if found.good and test.proved_at is None:
        test.proved_at, test.call_id = clock.now(), call.id
    return found


def _call(session: ScopedSession, test: LineTest) -> Call | None:
    if test.call_id:
        return session.get(Call, (session.tenant_id, test.call_id))
    mine = (Call.number_id == test.number_id, Call.direction == "in", Call.started_at >= test.asked_at)
    return session.scalar(select(Call).where(*mine).order_by(Call.started_at.desc(), Call.id.desc()).limit(1))


def _text_of(session: ScopedSession, call: Call) -> Message | None:
    key = (session.tenant_id, call.text_back_message_id)
    return session.get(Message, key) if call.text_back_message_id else None


def _judge(test: LineTest, call: Call, message: Message | None) -> Proof:
    caller = call.from_address
    if test.kind == "forwarding":
        return Proof("arrived", caller)
    if call.outcome is None:
        return Proof("ringing", caller)
    if call.outcome == "answered":
        return Proof("answered", caller)
    if message and message.state in LEFT:
        seconds = (
            (message.accepted_at - call.missed_at).total_seconds() if message.accepted_at and call.missed_at else None
        )
        return Proof("proved", caller, message.body, seconds, message.state == "delivered")
    if call.text_back == "sent" or call.text_back is None:
        return Proof("texting", caller)
    if call.text_back_reason and call.text_back_reason.startswith("They already got a text"):
        return Proof("arrived", caller, why=call.text_back_reason)
    return Proof("not_texted", caller, why=call.text_back_reason)


def _seconds(call: Call, message: Message) -> float | None:
    if message.accepted_at is None or call.missed_at is None:
        return None
    return (message.accepted_at - call.missed_at).total_seconds()
