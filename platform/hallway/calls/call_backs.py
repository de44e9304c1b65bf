"""Call back in one tap: ring the member's own phone, and once they press 1, the customer, from the business number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update

from groundwork import clock, phones, scope, timers
from groundwork.database import ScopedSession, new_id, open_session
from groundwork.tables import Timer
from hallway import channels, conversations
from hallway.calls import following_up, outcomes, screening, twiml, voice_twilio
from hallway.calls.models import Call, Phone
from hallway.calls.twiml import Ring
from hallway.channels import CarrierAwayError, Number
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from tenants import routing

RING_SECONDS = 45  # the customer's phone; their own carrier decides when it gives up
STALE = timedelta(minutes=2)  # a call-back nobody could place by then no longer suits who asked for it
NOBODY = "Your phone was not picked up, or nobody pressed 1."
NO_ANSWER = "The customer did not pick up."


log = structlog.get_logger(__name__)


class CannotCallBackError(ValueError):
    """This call-back is not possible; the message says why."""


def call_back(session: ScopedSession, conversation: Conversation, phone: Phone, by: str) -> Call:
    """Ring `phone` (one of the business's own), then bridge to the customer. `by` is the person who asked.

    The carrier is asked after the commit. Raises CannotCallBackError in words for the screen.
    """
    customer = _customer(session, conversation)
    _refuse_a_second(session, conversation)
    call = Call(
        id=new_id(),
        conversation_id=conversation.id,
        direction="out",
        from_address=_business_number(session, conversation).e164,
        to_address=customer,
        caller_kind="ordinary",
        state="ringing",
        attempt=0,
        started_at=clock.now(),
        answered_by=phone.id,
        requested_by=by,
    )
    session.add(call)
    session.flush()
    now = clock.now()
    timers.put(session, "place_call", call.id, now, payload={"phone": phone.e164}, expires_at=now + STALE)
    outcomes.watch(session, call, STALE + outcomes.GRACE)
    outcomes.tell(session, call)
    return call


def place(session: ScopedSession, timer: Timer) -> None:
    """Handler of `place_call`. Claimed for good before the carrier is asked: one tap never rings a phone twice."""
    login = routing.carrier_login_of(session.tenant_id)
    call = _claim(session.tenant_id, UUID(timer.key))
    if call is None:
        return
    if login is None:
        _fail(session, call, "No phone carrier is connected yet.")
        return
    try:
        placed = voice_twilio.place_call(
            login,
            to=timer.payload["phone"],
            from_=call.from_address,
            url=channels.hook_url(login.id, "bridge", call=call.id),
            status_callback=channels.hook_url(login.id, "call-status", call=call.id),
        )
    except CarrierAwayError as error:
        # When the phone is picked up we learn of it; else the deadline closes the call.
        log.warning("nobody can tell whether the phone rings", error=str(error))
        return
    _note_placed(session, call, placed)


def whisper(session: ScopedSession, account_id: UUID, call_id: UUID, asked: Mapping[str, str]) -> str:
    """The member picked up: say whom we are about to call, and wait for a 1."""
    call = screening.locked(session, call_id)
    if call is None or call.ended_at:
        return twiml.hang_up()
    call.provider_sid = asked["CallSid"]
    words = f"Calling {_name(session, call)} back. Press 1 to connect."
    return twiml.press_one(words, channels.hook_url(account_id, "bridge-accepted", call=call.id))


def bridge(session: ScopedSession, account_id: UUID, call_id: UUID, asked: Mapping[str, str]) -> str:
    """A 1 was pressed: ring the customer, showing the business number."""
    call = screening.locked(session, call_id)
    if call is None or asked.get("Digits") != "1":
        return twiml.hang_up()
    outcomes.watch(session, call, screening.LONGEST_TALK + outcomes.GRACE)
    customer = Ring(call.to_address, events=channels.hook_url(account_id, "leg-status", call=call.id))
    action = channels.hook_url(account_id, "bridge-done", call=call.id)
    return twiml.dial([customer], caller_id=call.from_address, seconds=RING_SECONDS, action=action)


def leg_status(session: ScopedSession, call_id: UUID, asked: Mapping[str, str]) -> None:
    """News of the customer's phone: picked up means that a person of ours talks to them now."""
    call = screening.locked(session, call_id)
    if call and asked.get("CallStatus") == "in-progress":
        _talk(session, call)


def bridged(session: ScopedSession, call_id: UUID, asked: Mapping[str, str]) -> str:
    """The talk is over, or the customer never picked up."""
    call = screening.locked(session, call_id)
    if call is None:
        return twiml.hang_up()
    if asked.get("DialBridged") == "true":
        _talk(session, call)
        seconds = asked.get("DialCallDuration", "")
        outcomes.answer(session, call, int(seconds) if seconds.isdecimal() else None)
        return twiml.hang_up()
    unanswered(session, call, NO_ANSWER)
    return twiml.hang_up("They did not answer. Goodbye.")


def ended(session: ScopedSession, call: Call) -> None:
    """The member's own leg is over. While the talk is known, its length comes with the bridge's own news."""
    if call.answered_at is None:
        unanswered(session, call, NOBODY)


def unanswered(session: ScopedSession, call: Call, why: str) -> None:
    """Nobody talked. An outbound call is never `missed`: nobody of theirs rang us."""
    if call.outcome is None:
        call.outcome, call.missed_reason = "no_answer", why
        outcomes.watch(session, call, outcomes.GRACE)
        outcomes.tell(session, call)


def _refuse_a_second(session: ScopedSession, conversation: Conversation) -> None:
    """Two taps, or two people at once, are one call: the row of the conversation is held until the first is written."""
    session.execute(select(Conversation.id).where(Conversation.id == conversation.id).with_for_update())
    theirs = (Call.conversation_id == conversation.id, Call.direction == "out")
    under_way = (Call.outcome.is_(None), Call.ended_at.is_(None), Call.started_at > clock.now() - STALE)
    if session.scalar(select(Call.id).where(*theirs, *under_way).limit(1)):
        raise CannotCallBackError("They are being called back already.")


def _customer(session: ScopedSession, conversation: Conversation) -> str:
    mine = (ContactPoint.contact_id == conversation.contact_id, ContactPoint.kind == "phone")
    number = session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1))
    if number is None:
        raise CannotCallBackError("This person has no phone number.")
    return number


def _business_number(session: ScopedSession, conversation: Conversation) -> Number:
    """The number they called last, else the first active one."""
    last = select(Call.number_id).where(Call.conversation_id == conversation.id, Call.number_id.is_not(None))
    number_id = session.scalar(last.order_by(Call.started_at.desc()).limit(1))
    called = session.get(Number, (session.tenant_id, number_id)) if number_id else None
    number = called if called and called.active else session.scalar(select(Number).where(Number.active).limit(1))
    if number is None:
        raise CannotCallBackError("No business number is connected yet, so there is nothing to call from.")
    return number


def _claim(tenant_id: UUID, call_id: UUID) -> Call | None:
    with open_session(scope.tenant(tenant_id)) as session:
        fresh = (Call.tenant_id == tenant_id, Call.id == call_id, Call.attempt == 0, Call.outcome.is_(None))
        claimed = session.execute(update(Call).where(*fresh).values(attempt=1).returning(Call.id)).first()
        return session.get(Call, (tenant_id, call_id)) if claimed else None


def _note_placed(session: ScopedSession, call: Call, placed: str | voice_twilio.Refused) -> None:
    if isinstance(placed, voice_twilio.Refused):
        _fail(session, call, f"The carrier refused the call: {placed.message}")
        return
    known = screening.locked(session, call.id)
    if known and known.provider_sid is None:
        known.provider_sid = placed
        outcomes.watch(session, known, timedelta(seconds=voice_twilio.RING_SECONDS) + outcomes.GRACE)


def _fail(session: ScopedSession, call: Call, why: str) -> None:
    known = screening.locked(session, call.id)
    if known:
        unanswered(session, known, why)
        outcomes.end(session, known)


def _talk(session: ScopedSession, call: Call) -> None:
    if call.answered_at is None and call.outcome is None:
        call.answered_at = clock.now()
        outcomes.forward(call, "connected")
        conversation = outcomes.conversation_of(session, call)
        if conversation:
            conversations.note_event(session, conversation, "On the phone", "out")
            conversations.note_answered_by_person(session, conversation)
            following_up.talked(session, conversation)
        outcomes.tell(session, call)


def _name(session: ScopedSession, call: Call) -> str:
    conversation = outcomes.conversation_of(session, call)
    person = session.get(Contact, (session.tenant_id, conversation.contact_id)) if conversation else None
    return person.name if person and person.name else phones.pretty(call.to_address)
