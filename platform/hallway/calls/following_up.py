"""A missed call as a moment of follow-up, and a talk as its end."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Text, and_, cast, select

from groundwork import clock, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway import followup, leads, routing, sending
from hallway.calls.models import Call
from hallway.conversations import Conversation

# They may ring again or be rung; the first step of a follow-up is never sooner than this.
SOON = timedelta(minutes=1)


def arrange(session: ScopedSession, call: Call) -> None:
    """Have the call taken up by a worker: nothing but the text itself is worth the caller's wait."""
    timers.put(session, "missed_call", call.id, clock.now(), queue="soon")


def take_up_missed_call(session: ScopedSession, timer: Timer) -> None:
    """Handler of `missed_call`: it becomes a lead, somebody's, and for a caller who can be written to a moment."""
    call = session.scalar(select(Call).where(Call.id == timer.key))
    if call is None or call.conversation_id is None or call.missed_at is None:
        return
    conversation = session.get_one(Conversation, (session.tenant_id, call.conversation_id))
    lead = leads.begin(session, conversation, "missed_call")
    if conversation.waiting_since:
        routing.route(session, conversation, lead)
    if call.caller_kind == "ordinary":
        timers.put(session, "follow_missed_call", call.id, call.missed_at + SOON, queue="soon")


def call_came_first(session: ScopedSession, conversation: Conversation) -> None:
    """They wrote before a worker took their missed call up: the lead began with the call all the same."""
    taken_up_by = (Timer.kind == "missed_call", Timer.key == cast(Call.id, Text), Timer.state == "ready")
    theirs = select(Call.id).join(Timer, and_(*taken_up_by)).where(Call.conversation_id == conversation.id)
    if session.scalar(theirs.limit(1)):
        leads.ensure_open(session, conversation, "missed_call")


def follow_missed_call(session: ScopedSession, timer: Timer) -> None:
    """Handler of `follow_missed_call`: the moment is told as of when the call was missed."""
    call = session.scalar(select(Call).where(Call.id == timer.key))
    if call is None or call.outcome != "missed" or call.conversation_id is None or call.missed_at is None:
        return
    conversation = session.get_one(Conversation, (session.tenant_id, call.conversation_id))
    if not _talked_since(session, call):
        facts = {"reason": call.missed_reason, "situation": call.situation, "text_back": call.text_back}
        followup.moment(session, "missed_call", conversation, call.id, facts=facts, at=call.missed_at)


def talked(session: ScopedSession, conversation: Conversation) -> None:
    """A person of ours speaks with them: that is an answer, and what was to be texted later may be wrong by now."""
    sending.answered(session, conversation.id)
    followup.happened(session, conversation.id, "call")
    followup.stop(session, conversation.id, "reply", "They spoke with you on the phone.")


def _talked_since(session: ScopedSession, call: Call) -> bool:
    theirs = (Call.conversation_id == call.conversation_id, Call.answered_at.is_not(None))
    return session.scalar(select(Call.id).where(*theirs, Call.started_at >= call.started_at).limit(1)) is not None
