"""News about a call: a phone rang out, somebody talked, the caller hung up. Late, repeated or out of order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from groundwork.database import NAMES_TENANT, ScopedSession
from hallway.calls import arrival, call_backs, outcomes, ringing, screening, twiml, voicemail
from hallway.calls.models import Call, CallLeg, Phone
from hallway.calls.voice_twilio import OVER
from hallway.channels import Number

OF_CALL = (
    select(Call)
    .where(Call.tenant_id == bindparam("tenant"), Call.provider_sid == bindparam("sid"))
    .with_for_update()
    .execution_options(**NAMES_TENANT)
)
WHY_MISSED = {
    "no-answer": "no_answer",
    "completed": "not_accepted",
    "busy": "declined",
    "failed": "unreachable",
    "canceled": "caller_hung_up",
}


def dial_done(session: ScopedSession, account_id: UUID, call_id: UUID, attempt: int, asked: Mapping[str, str]) -> str:
    """Ringing ended: answered, else the next phone, else missed and voicemail.

    Answered only if the carrier bridged it *and* a human accepted that very leg: the carrier reports a voicemail that
    picked up as completed too.
    """
    call = screening.locked(session, call_id)
    if call is None:
        return twiml.hang_up()
    if asked.get("DialBridged") == "true" and _accepted(session, call, asked.get("DialCallSid")):
        outcomes.answer(session, call, _seconds(asked.get("DialCallDuration")))
        return twiml.hang_up()
    if asked.get("CallStatus") in OVER:
        outcomes.end(session, call, missed_because="caller_hung_up")
        return twiml.hang_up()
    if call.outcome is None:
        call.answered_at = call.answered_by = None  # accepted, and gone before the two were bridged
    return _go_on(session, account_id, call, attempt + 1, WHY_MISSED.get(asked.get("DialCallStatus", ""), "no_answer"))


def _accepted(session: ScopedSession, call: Call, leg_sid: str | None) -> bool:
    mine = select(CallLeg.id).where(CallLeg.call_id == call.id, CallLeg.accepted_at.is_not(None))
    return session.scalar(mine.where(CallLeg.provider_sid == leg_sid) if leg_sid else mine) is not None


def _go_on(session: ScopedSession, account_id: UUID, call: Call, attempt: int, reason: str) -> str:
    number = session.get(Number, (session.tenant_id, call.number_id)) if call.number_id else None
    own_numbers = session.scalars(select(Number.e164))
    plan = ringing.phones_to_ring(list(session.scalars(select(Phone))), {call.from_address, *own_numbers})
    phones = ringing.at_attempt(number, plan, attempt, ringing.took_first(session, call))
    if phones and call.outcome is None and call.ended_at is None:
        return ringing.ring(account_id, call, number, phones, attempt)
    outcomes.miss(session, call, reason)
    if call.missed_reason == "caller_hung_up":
        call.missed_reason = reason  # the end was told before this; what the phones did says more
    return voicemail.offer(session, account_id, call)


def call_status(session: ScopedSession, asked: Mapping[str, str]) -> None:
    """The carrier tells that a call is over. No human accepted by then: it is missed.

    When one accepted, the end of the ringing says whether they were bridged; it may still be on its way.
    """
    if asked.get("CallStatus") not in OVER:
        return
    call = session.scalar(OF_CALL, {"tenant": session.tenant_id, "sid": asked["CallSid"]})
    if call is None and asked.get("Direction", "inbound") == "inbound":
        call = arrival.arrive_late(session, asked)
    if call is None:
        return
    if call.direction == "out":
        call_backs.ended(session, call)
    undecided = call.direction == "in" and call.answered_at is None
    outcomes.end(session, call, missed_because="caller_hung_up" if undecided else None)


def find_out(session: ScopedSession, asked: Mapping[str, str], began: datetime) -> None:
    """A call that ended without a word to us reaching us. One we know of is left to its own deadline."""
    if session.scalar(select(Call.id).where(Call.provider_sid == asked["CallSid"])) is None:
        outcomes.end(session, arrival.arrive_late(session, asked, began))


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
