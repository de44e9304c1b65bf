"""A call-back by key press: what a missed caller is offered while the business's number may not text yet."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from groundwork import clock, phones
from groundwork.database import ScopedSession
from hallway import channels, conversations, notices
from hallway.calls import outcomes, twiml
from hallway.calls.models import Call
from hallway.channels import Number
from tenants.models import Tenant

WORDS = {
    "en": "Thanks for calling {name}. We can't pick up right now. To be called back, press 1. Or stay on the line.",
    "es": "Gracias por llamar a {name}. No podemos contestar. Para que le llamemos, marque 1. O espere en la línea.",
}
THANKS = {
    "en": "Thank you. We will call you back as soon as we can. Goodbye.",
    "es": "Gracias. Le llamamos en cuanto podamos. Adiós.",
}


def offer(session: ScopedSession, account_id: UUID, call: Call, tenant: Tenant, language: str) -> twiml.Offer | None:
    """The offer for this caller; None when a text goes out, or when nobody could be called back."""
    number = session.get(Number, (session.tenant_id, call.number_id)) if call.number_id else None
    if number is None or not number.waits_for_carrier or call.conversation_id is None:
        return None
    words = WORDS.get(language, WORDS["en"]).format(name=tenant.name)
    return twiml.Offer(words, channels.hook_url(account_id, "call-back-wanted", call=call.id))


def take(session: ScopedSession, call_id: UUID, told: Mapping[str, str]) -> str:
    """They pressed a key. 1: whoever manages the business is told at once, and it is a task until they were called."""
    call = session.get(Call, (session.tenant_id, call_id))
    conversation = outcomes.conversation_of(session, call) if call else None
    if call is None or conversation is None or told.get("Digits") != "1":
        return twiml.hang_up()
    who = phones.pretty(call.from_address)
    conversation.urgent_reason = "They asked to be called back"
    conversations.add_task(
        session,
        "call_back",
        f"wanted:{call.id}",
        title=f"Call {who} back: they asked for it",
        reason="They pressed 1 to be called back. Your number may not text yet.",
        rule="waits_for_carrier",
        phone=call.from_address,
        conversation_id=conversation.id,
        call_id=call.id,
        occasion=clock.now(),
    )
    notices.tell_managers(
        session,
        title=f"{who} wants to be called back",
        body="They called, nobody picked up, and they pressed 1.",
        url_path=f"/inbox/{conversation.id}",
        urgent=True,
    )
    outcomes.tell(session, call)
    return twiml.hang_up(THANKS["en"])
