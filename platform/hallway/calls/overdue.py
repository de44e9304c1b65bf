"""Calls whose end nobody told: the carrier is asked for the truth, and the call is closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.calls import call_backs, outcomes, screening, voice_twilio
from hallway.calls.models import Call
from hallway.calls.voice_twilio import Truth
from hallway.channels import CarrierAwayError
from tenants import routing

ALIVE = {"queued", "initiated", "ringing", "in-progress"}
LOOK_AGAIN = timedelta(minutes=5)
MOST_QUESTIONS = 5  # by then the carrier has been silent for half a minute on top of our patience


def close_overdue(session: ScopedSession, timer: Timer) -> None:
    """Handler of `call_deadline`: network first, then the row. A call that still lives is looked at again later."""
    if _all_told(session, UUID(timer.key)):
        return
    sid = timer.payload.get("call_sid")
    truth = _ask(session, sid, last_try=timer.attempts >= MOST_QUESTIONS)
    call = screening.locked(session, UUID(timer.key))
    if call is None or (call.outcome and call.ended_at):
        return
    if truth and truth.status in ALIVE:
        outcomes.watch(session, call, LOOK_AGAIN)
        return
    _close(session, call, truth)


def _all_told(session: ScopedSession, call_id: UUID) -> bool:
    told = select(Call.id).where(Call.id == call_id, Call.outcome.is_not(None), Call.ended_at.is_not(None))
    found = session.scalar(told) is not None
    session.rollback()  # no transaction stays open while the carrier is asked
    return found


def _ask(session: ScopedSession, sid: str | None, *, last_try: bool) -> Truth | None:
    login = routing.carrier_login_of(session.tenant_id)
    if login is None or sid is None:
        return None
    try:
        return voice_twilio.fetch_call(login, sid)
    except CarrierAwayError:
        if last_try:
            return None
        raise


def _close(session: ScopedSession, call: Call, truth: Truth | None) -> None:
    """A human who accepted talked, as far as anybody can tell; without one it is missed."""
    if call.answered_at:
        outcomes.answer(session, call, truth.seconds if truth else None)
    elif call.direction == "out":
        call_backs.ended(session, call)
    outcomes.end(session, call, missed_because="no_end")
