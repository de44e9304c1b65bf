"""What follows when a text fails: remember it of the number, try later, stop the account, or ask a person to call."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy import select, text, update

from groundwork import clock, live, phones
from groundwork.database import Json, ScopedSession, new_id
from hallway import consent
from hallway.channels import Fault, fault
from hallway.consent import Reason
from hallway.contacts import ContactPoint
from hallway.conversations import Mail, Message, add_task
from hallway.sending import letters
from hallway.sending.queueing import cancel_queued
from tenants import hours
from tenants.models import Tenant

MOST_TRIES = 4
# What a new try has in common with the text it repeats.
KEPT = (
    *(
        "conversation_id",
        "channel",
        "kind",
        "purpose",
        "lane",
        "from_address",
        "to_address",
        "body",
        "segments",
        "subject",
    ),
    *("encoding", "author_id", "author_name", "call_id", "expires_at", "attempts"),
    *("appointment_id", "appointment_version", "enrollment_id"),
)
CALLED_AT = text("SELECT missed_at FROM call WHERE tenant_id = :tenant AND id = :call")  # calls stand above sending
log = structlog.get_logger(__name__)


def of_failure(session: ScopedSession, message: Message, code: str | None, reason: str | None = None) -> None:
    """Act on the provider's error code for a text that will not arrive."""
    found = fault(code, reason)
    deed = DEEDS.get(found.action)
    tried_again = deed(session, message, found) if deed else False
    if not tried_again:
        leave_to_a_person(
            session,
            kind=message.kind,
            to_address=message.to_address,
            conversation_id=message.conversation_id,
            call_id=message.call_id,
            why=found.words,
            rule=f"carrier.{code}",
        )


def leave_to_a_person(
    session: ScopedSession,
    *,
    kind: str,
    to_address: str,
    conversation_id: uuid.UUID,
    call_id: uuid.UUID | None,
    why: str,
    rule: str,
) -> None:
    """A caller whose text-back failed is to be called back; one task per caller and day, with the reason."""
    if kind != "text_back":
        return
    tenant = session.get_one(Tenant, session.tenant_id)
    day = clock.now().astimezone(hours.zone(tenant)).date()
    add_task(
        session,
        "call_back",
        f"{to_address}:{day}",
        title=f"Call {phones.pretty(to_address)} back",
        reason=why,
        rule=rule,
        phone=to_address,
        conversation_id=conversation_id,
        call_id=call_id,
        occasion=session.scalar(CALLED_AT, {"tenant": session.tenant_id, "call": call_id}),
    )


def stop_tenant(session: ScopedSession, words: str) -> None:
    """Hold all texts of this tenant until somebody mends what is wrong; `words` are shown everywhere they look."""
    tenant = session.get_one(Tenant, session.tenant_id)
    if tenant.sending_stopped_reason is None:
        log.error("sending stopped", reason=words)
    tenant.sending_stopped_reason = words
    live.tell(session, "sending")


def _suppress(session: ScopedSession, message: Message, found: Fault) -> bool:
    rule = f"carrier.{message.error_code}"
    consent.suppress(session, message.to_address, "carrier_block", rule=rule, message_id=message.id)
    cancel_queued(session, message.to_address, found.words)
    return False


def _no_more_mail(session: ScopedSession, message: Message, found: Fault) -> bool:
    reason: Reason = "complained" if found.action == "complained" else "bounced"
    rule = message.error_code
    consent.suppress(session, message.to_address, reason, rule=rule, message_id=message.id, channel="email")
    cancel_queued(session, message.to_address, found.words)
    return False


def _landline(session: ScopedSession, message: Message, _found: Fault) -> bool:
    return _remember(session, message, {"line_type": "landline", "line_checked_at": clock.now()})


def _invalid(session: ScopedSession, message: Message, found: Fault) -> bool:
    return _remember(session, message, {"invalid_reason": found.words})


def _remember(session: ScopedSession, message: Message, what: Json) -> bool:
    point = (ContactPoint.tenant_id == session.tenant_id, ContactPoint.kind == "phone")
    session.execute(update(ContactPoint).where(*point, ContactPoint.value == message.to_address).values(**what))
    return False


def _stop(session: ScopedSession, message: Message, found: Fault) -> bool:
    stop_tenant(session, found.words)
    return _mend(session, message, found)


def _mend(session: ScopedSession, message: Message, found: Fault) -> bool:
    key = f"{message.error_code}:{clock.now().date()}"
    title = "Texts are not going out" if message.channel == "sms" else "E-mails are not going out"
    add_task(session, "fix_sending", key, title=title, reason=found.words, rule=f"carrier.{message.error_code}")
    return False


def _later(session: ScopedSession, message: Message, found: Fault) -> bool:
    """A new text that links to this one, held until the wait is over; False when that would be too late."""
    due = clock.now() + found.wait
    if message.attempts >= MOST_TRIES or (message.expires_at and due >= message.expires_at):
        return False
    again = Message(id=new_id(), at=clock.now(), direction="out", state="held", due_at=due, retry_of=message.id)
    for column in KEPT:
        setattr(again, column, getattr(message, column))
    again.held_rule, again.error = f"carrier.{message.error_code}", f"{found.words} We try again."
    session.add(again)
    if message.channel == "email":
        again.subject = message.subject
        session.flush()
        letters.begin(session, [(again.id, session.scalar(select(Mail.calendar).where(Mail.id == message.id)))])
    return True


DEEDS: Mapping[str, Callable[[ScopedSession, Message, Fault], bool]] = {
    "suppress": _suppress,
    "bounced": _no_more_mail,
    "complained": _no_more_mail,
    "landline": _landline,
    "invalid": _invalid,
    "stop": _stop,
    "mend": _mend,
    "later": _later,
    "defer": _later,
}
