"""A call comes in: who it is, what holds now, and whether phones ring or it is missed on arrival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway import contacts, conversations
from hallway.calls import outcomes, ringing, text_back, twiml, voicemail
from hallway.calls.callers import PEOPLE, caller_kind
from hallway.calls.models import Call, Phone
from hallway.channels import Number
from hallway.contacts import Contact
from hallway.conversations import Conversation
from tenants import hours
from tenants.models import Tenant


@dataclass(frozen=True)
class Business:
    """Who is called: the business, the number dialed (None when we do not know it), its phones and all its numbers."""

    tenant: Tenant
    number: Number | None
    phones: list[Phone]
    own_numbers: set[str]

    def forwards(self, forwarded_from: str | None) -> bool:
        """True when a carrier sent us the call because a phone of the business did not answer it."""
        by_mode = self.number is not None and self.number.mode == "forwarded"
        return by_mode or any(phone.e164 == forwarded_from for phone in self.phones)


def arrive(session: ScopedSession, account_id: UUID, asked: Mapping[str, str]) -> str:
    """Answer the carrier's voice request for a call with TwiML."""
    business = _business(session, asked.get("To", ""))
    call = _take(session, business, asked)
    if call.outcome == "blocked":
        return twiml.reject()
    if call.ended_at:
        return twiml.hang_up()
    phones = ringing.phones_to_ring(business.phones, {call.from_address, *business.own_numbers})
    reason = _missed_on_arrival(business, call, bool(phones))
    if reason:
        outcomes.miss(session, call, reason)
        return voicemail.offer(session, account_id, call)
    text_back.look_up_early(session, call)
    outcomes.watch(session, call, ringing.longest(business.number, phones) + outcomes.GRACE)
    first = ringing.at_attempt(business.number, phones, 0, None)
    return ringing.ring(account_id, call, business.number, first)


def _missed_on_arrival(business: Business, call: Call, somebody_rings: bool) -> str | None:
    """Why no phone rings for this call; None when one does."""
    if business.forwards(call.forwarded_from):
        return "forwarded"
    if call.situation != "open":
        return call.situation
    return None if somebody_rings else "no_phones"


def arrive_late(session: ScopedSession, asked: Mapping[str, str], began: datetime | None = None) -> Call:
    """A call we hear of only by its end: its first request never reached us, so nobody could answer it."""
    call = _take(session, _business(session, asked.get("To", "")), asked, began)
    if call.outcome is None:
        outcomes.miss(session, call, "not_reached")
    return call


def _business(session: ScopedSession, dialed: str) -> Business:
    tenant = session.get_one(Tenant, session.tenant_id)
    numbers = list(session.scalars(select(Number)))
    number = next((number for number in numbers if number.e164 == dialed), None)
    return Business(tenant, number, list(session.scalars(select(Phone))), {number.e164 for number in numbers})


def _take(session: ScopedSession, business: Business, asked: Mapping[str, str], began: datetime | None = None) -> Call:
    """The row of this call, locked; made now at the first word of it."""
    mine = select(Call).where(Call.provider_sid == asked["CallSid"]).with_for_update()
    return session.scalar(mine) or _begin(session, business, asked, began or clock.now())


def _begin(session: ScopedSession, business: Business, asked: Mapping[str, str], now: datetime) -> Call:
    caller = asked.get("From", "")
    forwarded = business.forwards(asked.get("ForwardedFrom"))
    own_phones = {phone.e164 for phone in business.phones}
    kind = caller_kind(caller, own_phones, business.own_numbers, forwarded)
    person = contacts.reach(session, caller) if kind in PEOPLE else None
    conversation = conversations.open_for(session, person, "call") if person else None
    call = Call(
        id=new_id(),
        provider_sid=asked["CallSid"],
        conversation_id=conversation.id if conversation else None,
        number_id=business.number.id if business.number else None,
        direction="in",
        from_address=caller,
        to_address=asked.get("To", ""),
        forwarded_from=asked.get("ForwardedFrom"),
        caller_kind=kind,
        situation=hours.situation(business.tenant, now),
        started_at=now,
        attempt=0,
        state="ringing",
    )
    session.add(call)
    session.flush()
    _refuse_or_announce(session, call, person, conversation)
    return call


def _refuse_or_announce(
    session: ScopedSession, call: Call, person: Contact | None, conversation: Conversation | None
) -> None:
    """Blocked callers and our own calls coming back through a carrier's forwarding are not taken at all."""
    if call.caller_kind == "own_number":
        outcomes.refuse(session, call, "own_number")
    elif person and person.blocked_at:
        outcomes.refuse(session, call, "blocked")
        text_back.tell_of_blocked(session, call)
    elif conversation:
        conversations.note_event(session, conversation, "Calling now", "in", at=call.started_at)
