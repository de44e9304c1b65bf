"""What the carrier could not tell us while we were away: it is asked for calls and texts we never heard of."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, config, intake, timers
from groundwork.database import ScopedSession, new_id
from groundwork.tables import Timer
from hallway import calls
from hallway.calls import voice_twilio
from hallway.channels import sms_twilio
from hallway.channels.models import Number
from tenants import routing

OVERLAP = timedelta(minutes=2)  # the carrier's clock and lists lag behind
FARTHEST = timedelta(hours=24)


def arrange_to_catch_up(session: ScopedSession, *, at_once: bool) -> None:
    """Have every number of every tenant asked about regularly. Takes a SYSTEM session.

    `at_once` is for the clock's start: if the house was down, nobody could know what was missed.
    """
    now = clock.now()
    for number in session.execute(select(Number.tenant_id, Number.e164).where(Number.active)):
        row = {"tenant_id": number.tenant_id, "id": new_id(), "kind": "catch_up", "key": number.e164, "due_at": now}
        statement = insert(Timer).values(**row, payload={}, version=1, state="ready", attempts=0)
        unique = [Timer.tenant_id, Timer.kind, Timer.key]
        again = {"due_at": now, "state": "ready", "attempts": 0, "lease_until": None, "version": Timer.version + 1}
        if at_once:
            session.execute(statement.on_conflict_do_update(index_elements=unique, set_=again))
        else:
            session.execute(statement.on_conflict_do_nothing(index_elements=unique))


def catch_up(session: ScopedSession, timer: Timer) -> None:
    """Handler of `catch_up`: network first; unknown texts are stored like webhooks, unknown calls are over."""
    login = routing.carrier_login_of(session.tenant_id)
    began, number = clock.now(), timer.key
    since = _since(session, timer, began)
    session.commit()
    texts = sms_twilio.received_by(login, number, since) if login else []
    ended = voice_twilio.ended_on(login, number, since) if login else []
    for at, told in texts:
        intake.store(session, "twilio", "text_in", f"text_in:{told['MessageSid']}", told, {"made_at": at.isoformat()})
    for at, told in ended:
        calls.find_out(session, told, at)
    again = began + timedelta(seconds=config.settings().catch_up_seconds)
    timers.put(session, "catch_up", number, again, payload={"heard_until": began.isoformat()}, move=True)


def _since(session: ScopedSession, timer: Timer, now: datetime) -> datetime:
    """Where the last look ended; for the first look, when the number came to us."""
    heard_until = timer.payload.get("heard_until")
    ours_since = session.scalar(select(Number.created_at).where(Number.e164 == timer.key)) or now
    return max((datetime.fromisoformat(heard_until) if heard_until else ours_since) - OVERLAP, now - FARTHEST)
