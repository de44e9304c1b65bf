"""Alarms: the on-call person is paged by text until somebody acknowledges or answers the caller."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, config, live, phones, timers
from groundwork.database import ScopedSession, new_id
from groundwork.tables import Timer
from hallway import conversations, notices, playbooks, sending
from hallway.calls.models import Alarm, Phone
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from tenants.models import Member, Tenant

PAGE_EVERY = timedelta(minutes=3)
MOST_PAGES = 5
YES = {"ok", "okay", "k", "yes", "y", "got it", "on it", "ack", "👍"}


def heed_repeat_call(session: ScopedSession, conversation: Conversation, missed_before: int) -> None:
    """Somebody who rings again within ten minutes of a missed call has a reason to."""
    if missed_before:
        words = f"Called {missed_before + 1} times within 10 minutes"
        raise_alarm(session, conversation, "repeat_call", words)


def raise_alarm(session: ScopedSession, conversation: Conversation, reason: str, words: str) -> bool:
    """Mark the conversation urgent and page whoever is on call. False when this very alarm is open already."""
    _settle_if_answered(session, conversation)
    conversation.urgent_reason = words
    row = {"tenant_id": session.tenant_id, "id": new_id(), "conversation_id": conversation.id, "reason": reason}
    row |= {"words": words, "pages": 0, "created_at": clock.now()}
    unique = [Alarm.tenant_id, Alarm.conversation_id, Alarm.reason]
    still_open = Alarm.acknowledged_at.is_(None)
    statement = insert(Alarm).values(**row).on_conflict_do_nothing(index_elements=unique, index_where=still_open)
    alarm_id = session.scalar(statement.returning(Alarm.id))
    if alarm_id is None:
        return False
    timers.put(session, "page_on_call", alarm_id, clock.now())
    live.tell(session, "alarm", conversation.id)
    return True


def raise_when_due(session: ScopedSession, timer: Timer) -> None:
    """Handler of `raise_alarm`: those who stand below calls ask for an alarm by a timer."""
    conversation = session.get(Conversation, (session.tenant_id, UUID(timer.key)))
    if conversation and conversation.waiting_since:
        raise_alarm(session, conversation, timer.payload["reason"], timer.payload["words"])


def page_on_call(session: ScopedSession, timer: Timer) -> None:
    """Handler of `page_on_call`: text the on-call phones now and again, until acknowledged; in the end leave a task."""
    alarm = session.scalar(select(Alarm).where(Alarm.id == timer.key).with_for_update())
    if alarm is None or alarm.acknowledged_at:
        return
    conversation = session.get_one(Conversation, (session.tenant_id, alarm.conversation_id))
    if _answered_since(alarm, conversation):
        acknowledge(session, alarm, "an answer")
        return
    on_call = _on_call(session)
    if alarm.pages == 0:
        _tell(session, alarm, conversation, on_call)
    if alarm.pages >= MOST_PAGES or not on_call:
        _give_up(session, alarm, conversation)
        return
    for phone in on_call:
        _page(session, alarm, conversation, phone)
    alarm.pages += 1
    timers.put(session, "page_on_call", alarm.id, clock.now() + PAGE_EVERY, move=True)


def acknowledge(session: ScopedSession, alarm: Alarm, by: str) -> None:
    """Somebody takes care of it: no more pages. A second time changes nothing."""
    if alarm.acknowledged_at is None:
        alarm.acknowledged_at, alarm.acknowledged_by = clock.now(), by
        timers.void(session, "page_on_call", alarm.id)
        live.tell(session, "alarm", alarm.conversation_id)


def acknowledge_from(session: ScopedSession, e164: str, body: str) -> bool:
    """A text from one of the tenant's own phones: OK acknowledges every open alarm. True when it was such an OK."""
    phone = session.scalar(select(Phone).where(Phone.e164 == e164))
    if phone is None or body.strip().lower().rstrip(".!") not in YES:
        return False
    open_alarms = list(session.scalars(select(Alarm).where(Alarm.acknowledged_at.is_(None)).with_for_update()))
    for alarm in open_alarms:
        acknowledge(session, alarm, phone.label)
    return bool(open_alarms)


def _settle_if_answered(session: ScopedSession, conversation: Conversation) -> None:
    mine = (Alarm.conversation_id == conversation.id, Alarm.acknowledged_at.is_(None))
    for alarm in session.scalars(select(Alarm).where(*mine)):
        if _answered_since(alarm, conversation):
            acknowledge(session, alarm, "an answer")
    session.flush()


def _answered_since(alarm: Alarm, conversation: Conversation) -> bool:
    """A person's answer ends the wait; a wait that began after the alarm is another one."""
    return conversation.waiting_since is None or conversation.waiting_since > alarm.created_at


def _on_call(session: ScopedSession) -> list[Phone]:
    """The on-call phones; without any, every phone that rings."""
    known = list(session.scalars(select(Phone).order_by(Phone.position)))
    return [phone for phone in known if phone.on_call] or [phone for phone in known if phone.rings]


def _page(session: ScopedSession, alarm: Alarm, conversation: Conversation, phone: Phone) -> None:
    body = _words(session, alarm, conversation)
    sending.queue(
        session, conversation, body, kind="alert", purpose="staff", lane="now", to=phone.e164, shelf_life=PAGE_EVERY
    )


def _tell(session: ScopedSession, alarm: Alarm, conversation: Conversation, on_call: list[Phone]) -> None:
    """Whoever carries a phone that is on call hears of it by their other ways too; owners and managers for the rest."""
    carried = {phone.member_id for phone in on_call if phone.member_id}
    if len(carried) < max(len(on_call), 1):
        in_charge = (Member.role.in_(("owner", "manager")), Member.removed_at.is_(None))
        carried |= set(session.scalars(select(Member.id).where(*in_charge)))
    name, number = _who(session, conversation)
    title, path = f"Alarm: {name or number}", f"/inbox/{conversation.id}"
    said = f"{alarm.words}. Call {number}." if number else f"{alarm.words}."
    notices.tell(
        session,
        "alarm",
        conversation=conversation,
        member_ids=carried,
        title=title,
        body=said,
        url_path=path,
        urgent=True,
    )


def _words(session: ScopedSession, alarm: Alarm, conversation: Conversation) -> str:
    business = session.get_one(Tenant, session.tenant_id)
    name, number = _who(session, conversation)
    link = f"{config.settings().tenant_url(business.slug)}/inbox/{conversation.id}"
    if alarm.reason == "repeat_call":
        caller, thread = {"name": name, "phone": number}, {"link": link}
        return playbooks.say(session, business, "repeat_caller_alarm", caller=caller, thread=thread)
    call = f" Call {number}." if number else ""
    return f"{business.name}: {name or number or 'Somebody'}. {alarm.words}.{call} {link} Reply OK to acknowledge."


def _who(session: ScopedSession, conversation: Conversation) -> tuple[str | None, str]:
    contact = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    mine = (ContactPoint.contact_id == contact.id, ContactPoint.kind == "phone")
    number = session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1))
    return contact.name, phones.pretty(number) if number else ""


def _give_up(session: ScopedSession, alarm: Alarm, conversation: Conversation) -> None:
    reason = "Nobody acknowledged the alarm by text." if alarm.pages else "No phone of yours can be paged."
    name, number = _who(session, conversation)
    conversations.add_task(
        session,
        "call_back",
        f"alarm:{alarm.id}",
        title=f"Urgent: call {name or number} back",
        reason=f"{alarm.words}. {reason}",
        rule=alarm.reason,
        conversation_id=conversation.id,
    )
