"""The forwarding watchdog: a number that used to get forwarded calls and gets none any more has lost its forwarding."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, phones, timers
from groundwork.database import ScopedSession, new_id
from groundwork.tables import Timer
from hallway import notices
from hallway.calls import voice_twilio
from hallway.calls.models import Call
from hallway.channels import CarrierAwayError, Number, hook_url
from hallway.setup import proof
from hallway.setup.models import LineTest
from tenants import routing
from tenants.models import Tenant

WATCH, TEST = "watch_forwarding", "place_test_call"
PLACED = "The test call is under way; it has not come back to us yet."
EVERY = timedelta(hours=6)
LOOK_BACK = timedelta(days=28)
LEAST_CALLS = 3  # fewer say nothing about a habit
LEAST_QUIET = timedelta(days=3)  # a long weekend
TIMES = 4  # as many usual gaps without a call are no chance
log = structlog.get_logger(__name__)


class CannotTestError(ValueError):
    """A test call that cannot be placed; the message says why."""


def arrange(session: ScopedSession) -> None:
    """Have every business with a forwarded number watched. Takes a SYSTEM session; asked again it changes nothing."""
    mine = select(Number.tenant_id).where(Number.active, Number.mode == "forwarded").distinct()
    for tenant_id in session.scalars(mine):
        row = {"tenant_id": tenant_id, "id": new_id(), "kind": WATCH, "key": "all", "due_at": clock.now() + EVERY}
        statement = insert(Timer).values(**row, queue="soon", payload={}, version=1, state="ready", attempts=0)
        session.execute(statement.on_conflict_do_nothing(index_elements=["tenant_id", "kind", "key"]))


def watch(session: ScopedSession, timer: Timer) -> None:
    """Handler of `watch_forwarding`, four times a day."""
    now = clock.now()
    for number in session.scalars(select(Number).where(Number.active, Number.mode == "forwarded")):
        look(session, number, now)
    timers.put(session, WATCH, timer.key, now + EVERY, move=True, queue="soon")


def look(session: ScopedSession, number: Number, now: datetime) -> None:
    """Mark a number that fell silent, and tell whoever can mend it, once; a call that comes ends it."""
    last = went_quiet(session, number, now)
    if last is None:
        number.quiet_since = None
    elif number.quiet_since is None:
        number.quiet_since = last
        days = (now - last).days
        notices.tell_managers(
            session,
            title=f"No forwarded call for {days} days",
            body=f"{number.label}: your carrier may have stopped forwarding to {phones.pretty(number.e164)}. Test it.",
            url_path="/settings/numbers",
        )


def went_quiet(session: ScopedSession, number: Number, now: datetime) -> datetime | None:
    """When the last forwarded call came, if far more time than usual passed since; None when nothing is wrong."""
    calls = (Call.number_id == number.id, Call.missed_reason == "forwarded")
    last = session.scalar(select(func.max(Call.started_at)).where(*calls))
    if last is None or now - last < LEAST_QUIET:
        return None
    before = (Call.started_at > last - LOOK_BACK, Call.started_at <= last)
    count, first = session.execute(select(func.count(), func.min(Call.started_at)).where(*calls, *before)).one()
    if count < LEAST_CALLS:
        return None
    usual_gap = (last - first) / (count - 1)
    return last if now - last > TIMES * usual_gap else None


def test_call(session: ScopedSession, number: Number) -> LineTest:
    """Call the business's own line from its Hallway number: unanswered, its carrier has to bring the call back to us.

    The call is placed after the commit. Raises CannotTestError.
    """
    tenant = session.get_one(Tenant, session.tenant_id)
    if not tenant.phone or tenant.phone == number.e164:
        raise CannotTestError("Enter the number your customers call in the business settings first.")
    test = proof.begin(session, number, "forwarding")
    timers.put(session, TEST, test.id, clock.now(), expires_at=clock.now() + timedelta(minutes=5))
    return test


def place_test_call(session: ScopedSession, timer: Timer) -> None:
    """Handler of `place_test_call`: network with no transaction open, and never twice."""
    test = session.get(LineTest, (session.tenant_id, UUID(timer.key)))
    login, tenant = routing.carrier_login_of(session.tenant_id), session.get_one(Tenant, session.tenant_id)
    if test is None or test.error or login is None or not tenant.phone:
        return
    line, number = tenant.phone, session.get_one(Number, (session.tenant_id, test.number_id)).e164
    test.error = PLACED
    session.commit()
    says, ends = (hook_url(login.id, kind, test=test.id) for kind in ("test-call", "test-call-ended"))
    try:
        placed = voice_twilio.place_call(login, to=line, from_=number, url=says, status_callback=ends)
    except CarrierAwayError as error:
        log.warning("a test call could not be placed", test=str(test.id), error=str(error))
        test.error = "The carrier did not answer. Try again in a moment."
        return
    if isinstance(placed, voice_twilio.Refused):
        test.error = f"The carrier did not place the call: {placed.message}"


def answered(session: ScopedSession, test_id: UUID) -> None:
    """Somebody, or a mailbox of the old carrier, picked the test call up: so it was not forwarded."""
    test = session.get(LineTest, (session.tenant_id, test_id))
    if test and test.proved_at is None:
        test.error = "A person or a voicemail picked the test call up, so your carrier did not forward it."


def ended(session: ScopedSession, test_id: UUID) -> None:
    """The test call is over; if it never came back to us, forwarding is off."""
    test = session.get(LineTest, (session.tenant_id, test_id))
    if test and not proof.look(session, test).good and test.error in (None, PLACED):
        test.error = "The test call rang and never came back to us. Dial the forwarding code again."
