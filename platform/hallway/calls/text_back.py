"""The text to a caller nobody answered: who gets one, in which words, and a call-back task for those who get none."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from groundwork import clock, phones, timers
from groundwork.database import Json, ScopedSession, new_id
from groundwork.tables import Timer
from hallway import channels, conversations, playbooks, sending
from hallway.calls.around import Around, look, wording_of
from hallway.calls.callers import DEAF_LINES, PEOPLE, WHY_NOT
from hallway.calls.models import Call, TextBackClaim
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from tenants import hours
from tenants.models import Tenant

# A text-back that cannot leave within this time no longer belongs to the call; a person calls instead.
SHELF_LIFE = timedelta(minutes=10)
LATEST = timedelta(hours=1)  # a call found to be missed longer after it began than this is not texted at all
LOOKUP_GOOD_FOR = timedelta(days=30)  # numbers change hands and lines change kind; each look-up is billed
LOOKUP_SECONDS = 1.5
NOBODY_TO_CALL = {"own_phone", "own_number", "switched_off"}


def text_back(session: ScopedSession, call: Call, around: Around) -> None:
    """Text the caller of a missed call now, or say why not. Runs in the transaction that marks the call missed."""
    if call.text_back:
        return
    rule, why = _why_not(around, call)
    if rule:
        _leave_to_a_person(session, around.tenant, call, rule, why)
    elif _stale(around.line_checked_at):
        timers.put(session, "text_back", call.id, clock.now(), payload={"address": call.from_address})
    else:
        _text(session, call, around)


def look_up_early(session: ScopedSession, call: Call) -> None:
    """While the phones ring, ask what kind of line it is; a missed call is then texted with nothing left to ask."""
    if call.caller_kind == "ordinary" and _line_unknown(session, call.from_address):
        payload = {"address": call.from_address}
        timers.put(session, "lookup_caller", call.from_address, clock.now(), payload=payload, move=True)


def look_up_caller(session: ScopedSession, timer: Timer) -> None:
    """Handler of `lookup_caller`: network first, then the row. No answer is no reason to stop."""
    _keep_line_type(session, timer.payload["address"])


def text_back_when_known(session: ScopedSession, timer: Timer) -> None:
    """Handler of `text_back`: ask for the kind of line, then text or leave it to a person."""
    _keep_line_type(session, timer.payload["address"])
    call = session.scalar(select(Call).where(Call.id == timer.key).with_for_update())
    if call and not call.text_back:
        _text(session, call, look(session, call))


def tell_of_blocked(session: ScopedSession, call: Call) -> None:
    """A blocked caller rang: one task for all their calls, for it may have been a mistake."""
    call.text_back, call.text_back_reason = "skipped", "You blocked this caller."
    conversations.add_task(
        session,
        "call_back",
        f"blocked:{call.from_address}",
        title=f"Blocked caller {phones.pretty(call.from_address)} tried to reach you",
        reason="You blocked this caller, so the call was refused and not texted. Unblock them if that was a mistake.",
        rule="blocked",
        phone=call.from_address,
        conversation_id=call.conversation_id,
        call_id=call.id,
    )


def _why_not(around: Around, call: Call) -> tuple[str | None, str]:
    tenant = around.tenant
    if call.caller_kind != "ordinary":
        return call.caller_kind, WHY_NOT[call.caller_kind]
    if not tenant.text_back_enabled:
        return "switched_off", "Texting callers back is switched off in your settings."
    if around.waits_for_carrier:
        return "waits_for_carrier", "Your number may not text yet: the carriers still look at your registration."
    if clock.now() - call.started_at > LATEST:
        return "too_late", "We learned too late that this call was missed; a text would have come out of the blue."
    return None, ""


def _line_unknown(session: ScopedSession, address: str) -> bool:
    return _stale(session.scalar(select(ContactPoint.line_checked_at).where(*_point(address))))


def _stale(checked_at: datetime | None) -> bool:
    return checked_at is None or checked_at < clock.now() - LOOKUP_GOOD_FOR


def _point(address: str) -> tuple[ColumnElement[bool], ...]:
    return ContactPoint.kind == "phone", ContactPoint.value == address


def _text(session: ScopedSession, call: Call, around: Around) -> None:
    line, hours_ = around.line_type, around.tenant.text_back_window_hours
    if line in DEAF_LINES:
        _leave_to_a_person(session, around.tenant, call, line, DEAF_LINES[line])
    elif around.conversation and around.person and _claim(session, around.tenant, call):
        body = _words(session, call, around, around.person)
        _queue(session, call, around.tenant, around.conversation, body)
    else:
        _outcome(call, "skipped", f"They already got a text within the last {hours_} hours.")


# The unique key lets one call per caller and window have it; written out, for it runs while the caller waits.
# A claim whose text never arrived stands for nothing. Only old ones are judged: a fresh one's text may not be visible.
CLAIM = """
INSERT INTO text_back_claim (tenant_id, id, caller, claimed_at, call_id)
VALUES (%(tenant_id)s, %(id)s, %(caller)s, %(now)s, %(call_id)s)
ON CONFLICT (tenant_id, caller) DO UPDATE SET claimed_at = excluded.claimed_at, call_id = excluded.call_id
WHERE text_back_claim.claimed_at <= %(lapsed)s OR text_back_claim.claimed_at <= %(settled)s AND NOT EXISTS (
  SELECT FROM message m WHERE m.tenant_id = %(tenant_id)s AND m.to_address = %(caller)s AND m.kind = 'text_back'
    AND m.call_id = text_back_claim.call_id
    AND m.state NOT IN ('failed', 'undelivered', 'expired', 'refused', 'cancelled'))
RETURNING id
"""


def _claim(session: ScopedSession, tenant: Tenant, call: Call) -> bool:
    """Take the right to text this caller once per window."""
    now = clock.now()
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "caller": call.from_address, "now": now}
    row |= {"call_id": call.id, "lapsed": now - timedelta(hours=tenant.text_back_window_hours)}
    row["settled"] = now - SHELF_LIFE
    return session.run(CLAIM, row).first() is not None


def _queue(session: ScopedSession, call: Call, tenant: Tenant, conversation: Conversation, body: str) -> None:
    # The call is written down as texted before the gate is asked: it has to see the missed call.
    call.text_back, call.text_back_message_id = "sent", new_id()
    session.flush()
    message = sending.queue(
        session,
        conversation,
        body,
        kind="text_back",
        purpose="reply",
        lane="now",
        to=call.from_address,
        from_=call.to_address if call.number_id else None,
        call_id=call.id,
        shelf_life=SHELF_LIFE,
        id=call.text_back_message_id,
    )
    if message.state in ("queued", "claimed"):
        return
    # A held one seldom leaves within its shelf life, so a person is asked as well.
    _leave_to_a_person(session, tenant, call, message.held_rule or message.state, message.error or "Not allowed.")
    call.text_back = message.state
    if message.state == "refused":
        _give_claim_back(session, call)


def _words(session: ScopedSession, call: Call, around: Around, person: Contact) -> str:
    first_name = person.name.split()[0] if person.name else None
    return playbooks.put_in_words(
        session,
        around.tenant,
        wording_of(call),
        around.own_words,
        language=person.language,
        phone=call.to_address,
        contact={"first_name": first_name},
    )


def _give_claim_back(session: ScopedSession, call: Call) -> None:
    """Nothing went out, so a later call within the window may still be texted."""
    session.execute(delete(TextBackClaim).where(TextBackClaim.call_id == call.id))


def _leave_to_a_person(session: ScopedSession, tenant: Tenant, call: Call, rule: str, why: str) -> None:
    """No text goes out: somebody has to call back, and reads here why. One task per caller and day."""
    _outcome(call, "skipped", why)
    if rule in NOBODY_TO_CALL:
        return
    known = call.caller_kind in PEOPLE
    day = clock.now().astimezone(hours.zone(tenant)).date()
    conversations.add_task(
        session,
        "call_back",
        f"{call.from_address}:{day}" if known else call.id,
        title=f"Call {phones.pretty(call.from_address)} back" if known else "Missed call from a hidden number",
        reason=why,
        rule=rule,
        phone=call.from_address if known else None,
        conversation_id=call.conversation_id,
        call_id=call.id,
        occasion=call.missed_at,
    )


def _outcome(call: Call, outcome: str, why: str | None = None) -> None:
    call.text_back, call.text_back_reason = outcome, why


def _keep_line_type(session: ScopedSession, address: str) -> None:
    """Ask the carrier, with no transaction open, and keep the answer; without one the text is tried all the same."""
    if not _line_unknown(session, address):
        return
    session.commit()
    found = channels.line_type(session.tenant_id, address, LOOKUP_SECONDS)
    if found.answered:
        values = {"line_type": found.line_type, "line_checked_at": clock.now()}
        values |= {} if found.valid else {"invalid_reason": "the carrier does not know this number"}
        session.execute(update(ContactPoint).where(*_point(address)).values(**values))
