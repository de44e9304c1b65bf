"""The contractor's phone picked up: is it a human? Only a pressed 1 counts; a personal voicemail presses nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, phones
from groundwork.database import Json, ScopedSession, new_id
from hallway import channels, contacts, conversations, playbooks
from hallway.calls import following_up, outcomes, twiml
from hallway.calls.models import Call, CallLeg
from tenants.models import Tenant

LONGEST_TALK = timedelta(hours=4)  # <Dial timeLimit>, by default 14,400 s
GONE = "The caller has hung up."
TAKEN = "Somebody else has taken this call."


def screen(session: ScopedSession, account_id: UUID, call_id: UUID, phone_id: UUID, asked: Mapping[str, str]) -> str:
    """Tell whoever picked up who calls, and ask for a 1."""
    call = locked(session, call_id)
    if call is None:
        return twiml.hang_up()
    if unavailable(call):
        return twiml.hang_up(unavailable(call))
    _pick_up(session, call, phone_id, asked["CallSid"])
    business = session.get_one(Tenant, session.tenant_id)
    caller = {"spoken": caller_in_words(session, call)}
    words = playbooks.say(session, business, "whisper", phone=call.to_address, caller=caller)
    return twiml.press_one(words, channels.hook_url(account_id, "screen-result", call=call.id, phone=phone_id))


def screened(session: ScopedSession, call_id: UUID, asked: Mapping[str, str]) -> str:
    """A 1 was pressed, or something else: only a 1 lets the two talk."""
    call = locked(session, call_id)
    if call is None or asked.get("Digits") != "1":
        return twiml.hang_up()
    if unavailable(call):
        return twiml.hang_up(unavailable(call))
    leg = session.scalar(select(CallLeg).where(CallLeg.provider_sid == asked["CallSid"]))
    if leg is None:
        return twiml.hang_up()
    _accept(session, call, leg)
    return twiml.nothing()


def locked(session: ScopedSession, call_id: UUID) -> Call | None:
    """The call, held against other news about it until the transaction ends."""
    return session.scalar(select(Call).where(Call.id == call_id).with_for_update())


def unavailable(call: Call) -> str | None:
    """What to tell a phone that picked up too late; None while the caller still waits."""
    if call.ended_at or call.outcome:
        return GONE
    return TAKEN if call.answered_at else None


def caller_in_words(session: ScopedSession, call: Call) -> str:
    """The caller's name, else their number digit by digit, so that the voice does not read a billion."""
    person = contacts.find(session, call.from_address)
    if person and person.name:
        return person.name
    if call.conversation_id is None:
        return "a hidden number"
    return ", ".join(" ".join(group) for group in re.findall(r"\d+", phones.pretty(call.from_address)))


def _pick_up(session: ScopedSession, call: Call, phone_id: UUID, leg_sid: str) -> None:
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "call_id": call.id, "phone_id": phone_id}
    row |= {"provider_sid": leg_sid, "picked_up_at": clock.now()}
    unique = [CallLeg.tenant_id, CallLeg.provider_sid]
    session.execute(insert(CallLeg).values(**row).on_conflict_do_nothing(index_elements=unique))


def _accept(session: ScopedSession, call: Call, leg: CallLeg) -> None:
    leg.accepted_at = call.answered_at = clock.now()
    leg.digits, call.answered_by = "1", leg.phone_id
    outcomes.forward(call, "connected")
    outcomes.watch(session, call, LONGEST_TALK + outcomes.GRACE)
    conversation = outcomes.conversation_of(session, call)
    if conversation:
        conversations.note_event(session, conversation, "On the phone", "in")
        conversations.note_answered_by_person(session, conversation)
        following_up.talked(session, conversation)
    outcomes.tell(session, call)
