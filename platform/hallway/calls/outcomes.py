"""How a call ended, decided once: answered, missed or blocked. Answered means that a human of ours accepted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, live, timers
from groundwork.database import ScopedSession
from hallway import conversations
from hallway.calls import alarms, following_up
from hallway.calls.around import look
from hallway.calls.models import Call
from hallway.calls.text_back import text_back
from hallway.conversations import Conversation, Task

RANK = {"ringing": 0, "connected": 1, "missed": 2, "ended": 3}
GRACE = timedelta(minutes=2)  # for the carrier to tell us itself
VOICEMAIL = timedelta(minutes=4)  # a greeting, two minutes of message, and some grace
MISSED_REASONS = {
    "forwarded": "Nobody picked up, so your carrier passed the call on.",
    "after_hours": "They called outside your hours.",
    "holiday": "They called on a day you are closed.",
    "busy": "The crew-busy switch was on.",
    "no_phones": "No phone is set to ring.",
    "no_answer": "Nobody picked up.",
    "not_accepted": "A phone picked up, but nobody pressed 1; it may have been its voicemail.",
    "declined": "The call was declined, or the line was busy.",
    "unreachable": "Your phones could not be reached.",
    "caller_hung_up": "They hung up before anybody answered.",
    "not_reached": "The call ended before it could be put through.",
    "no_end": "The carrier never told how the call ended.",
}


def miss(session: ScopedSession, call: Call, reason: str) -> None:
    """No human accepted: text the caller and put the call before a person. Only the first time does anything."""
    if call.outcome is None:
        _miss(session, call, reason)
        watch(session, call, VOICEMAIL)
        tell(session, call)


def _miss(session: ScopedSession, call: Call, reason: str) -> None:
    # Rows are written when the gate needs to see them, and at the end: the caller waits for every round trip.
    with session.no_autoflush:
        around = look(session, call)
        call.outcome, call.missed_reason, call.missed_at = "missed", reason, clock.now()
        call.answered_at = call.answered_by = None
        forward(call, "missed")
        text_back(session, call, around)
        if around.conversation:
            conversations.note_event(session, around.conversation, _preview(call), "in")
            alarms.heed_repeat_call(session, around.conversation, around.missed_lately)
            following_up.arrange(session, call)


def _preview(call: Call) -> str:
    return "Missed call, texted back" if call.text_back == "sent" else "Missed call"


def answer(session: ScopedSession, call: Call, seconds: int | None) -> None:
    """A human of ours talked with them for `seconds`. Only the first decision about a call stands."""
    if call.outcome is not None:
        return
    call.outcome, call.duration = "answered", seconds
    conversation = conversation_of(session, call)
    if conversation:
        conversation.preview = f"Call · {length(seconds)}" if seconds else "Call"
        following_up.talked(session, conversation)
        finish_call_backs(session, conversation, call.requested_by or "a call")
    watch(session, call, GRACE)
    tell(session, call)


def refuse(session: ScopedSession, call: Call, reason: str) -> None:
    """The call is not taken at all; nothing follows from it."""
    call.outcome, call.missed_reason = "blocked", reason
    end(session, call)


def end(session: ScopedSession, call: Call, missed_because: str | None = None) -> None:
    """The line is dead. With `missed_because` a call not decided yet is missed, for that reason."""
    if call.ended_at is None or (missed_because and call.outcome is None):
        call.ended_at = call.ended_at or clock.now()
        forward(call, "ended")
        if missed_because and call.outcome is None:
            _miss(session, call, missed_because)
        watch(session, call, GRACE)
        tell(session, call)


def watch(session: ScopedSession, call: Call, within: timedelta) -> None:
    """Ask the carrier for the truth unless it tells us within this time; a deadline that finds all told asks nobody."""
    if not (call.outcome and call.ended_at):
        due = clock.now() + within
        timers.put(session, "call_deadline", call.id, due, payload={"call_sid": call.provider_sid}, move=True)


def forward(call: Call, state: str) -> None:
    """States move forward only, in whatever order the carrier's news arrive."""
    if RANK[state] > RANK[call.state]:
        call.state = state


def conversation_of(session: ScopedSession, call: Call) -> Conversation | None:
    key = (session.tenant_id, call.conversation_id)
    return session.get(Conversation, key) if call.conversation_id else None


def finish_call_backs(session: ScopedSession, conversation: Conversation, by: str) -> None:
    """We talked; nobody needs to call them back any more."""
    mine = (Task.conversation_id == conversation.id, Task.kind == "call_back", Task.done_at.is_(None))
    for task in session.scalars(select(Task).where(*mine)):
        conversations.finish_task(session, task, by)


def tell(session: ScopedSession, call: Call) -> None:
    """Open screens fetch the call anew."""
    if call.conversation_id:
        live.tell(session, "conversation", call.conversation_id)
    tell_id(session, call.id)


def tell_id(session: ScopedSession, call_id: UUID | None) -> None:
    live.tell(session, "call", call_id)


def length(seconds: int) -> str:
    """75 -> "1:15"."""
    return f"{seconds // 60}:{seconds % 60:02d}"
