"""Answer a lead from one's own phone: whom a text is for, and what it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway import appointments, leads, sending
from hallway.appointments import AppointmentError
from hallway.calls import Phone
from hallway.conversations import Conversation
from hallway.inbound.told import Told
from hallway.leads import LeadField, times
from hallway.notices import LeadCard, StaffDraft, cards
from hallway.notices.plans import Cell
from tenants.models import Member, Tenant
from tenants.shifts import WORKERS

CODE = re.compile(r"#?([A-Z][0-9]|[0-9A-F]{6})\b[\s:,.-]*(.*)", re.IGNORECASE | re.DOTALL)
BOOK = re.compile(r"book\b[\s:,]*(?:it|them|him|her)?\b(?:\s+(?:in|for|at))?(.*)", re.IGNORECASE | re.DOTALL)
ONLY_OK = frozenset({"ok", "okay", "k", "yes", "y", "got it", "on it", "ack", "👍", "1"})
APART = timedelta(minutes=10)  # a card is plainly the last one when the one before it is this much older
CROSSING = timedelta(seconds=30)  # a card so fresh may have come while the answer to another was typed
DRAFT_GOOD_FOR = timedelta(minutes=30)
ANSWER_GOOD_FOR = timedelta(hours=12)
REPLY_GOOD_FOR = timedelta(minutes=30)
POINTED = timedelta(hours=1)  # a window no longer than this is an hour to be there, not an arrival window


@dataclass(frozen=True)
class Desk:
    """One text from a phone of ours, and the thread in which we speak with that phone."""

    phone: Phone
    member: Member
    thread: Conversation
    text: Told

    @property
    def cell(self) -> Cell:
        return Cell(self.phone.id, self.phone.e164, self.phone.label)


def may_answer(session: ScopedSession, phone: Phone) -> bool:
    """Whether a text from this phone may be meant for a customer: it is a member's, and a card was shown lately."""
    cell = Cell(phone.id, phone.e164, phone.label)
    return _member(session, phone) is not None and bool(cards.live(session, cell))


def answer(session: ScopedSession, phone: Phone, thread: Conversation, text: Told) -> bool:
    """Pass the text on to the customer it is for, or ask for whom it is. False when it answers no card at all."""
    member = _member(session, phone)
    if member is None:
        return False
    desk = Desk(phone, member, thread, text)
    known = _coded(session, desk)
    if known:
        _with_code(session, desk, *known)
        return True
    shown = cards.live(session, desk.cell)
    if not shown:
        return False
    _without_code(session, desk, shown)
    return True


def _member(session: ScopedSession, phone: Phone) -> Member | None:
    member = session.get(Member, (session.tenant_id, phone.member_id)) if phone.member_id else None
    return member if member and member.removed_at is None and member.role in WORKERS else None


def _coded(session: ScopedSession, desk: Desk) -> tuple[LeadCard | None, str] | None:
    """The card whose code stands in front, and the words after it. With # in front it is meant as a code."""
    body = desk.text.body.strip()
    match = CODE.fullmatch(body)
    if match is None:
        return None
    card = cards.by_code(session, desk.cell, match[1])
    return (card, match[2].strip()) if card or body.startswith("#") else None


def _with_code(session: ScopedSession, desk: Desk, card: LeadCard | None, words: str) -> None:
    if card is None:
        _say(session, desk, f"There is no lead with that code. {_choices(session, cards.live(session, desk.cell))}")
        return
    words = words or _take_draft(session, desk)
    if not words:
        _say(session, desk, f"Write your answer after the code: #{card.code} On my way.")
        return
    _act(session, desk, card, words)


def _without_code(session: ScopedSession, desk: Desk, shown: Sequence[LeadCard]) -> None:
    body = desk.text.body.strip()
    if body.lower().rstrip(".!") in ONLY_OK:
        first = shown[0]
        _say(session, desk, f"No alarm is open. To send that to the customer: #{first.code} {body}")
    elif _is_plain(shown, desk.text.at):
        _act(session, desk, shown[0], body)
    else:
        _keep_draft(session, desk, body)
        _say(session, desk, f"Whom is that for? Reply with the code alone. {_choices(session, shown)}")


def _is_plain(shown: Sequence[LeadCard], at: datetime) -> bool:
    """One lead, or one card that came well after all others and well before the answer."""
    if len(shown) == 1:
        return True
    return shown[0].shown_at - shown[1].shown_at > APART and at - shown[0].shown_at > CROSSING


def _act(session: ScopedSession, desk: Desk, card: LeadCard, words: str) -> None:
    conversation = session.get_one(Conversation, (session.tenant_id, card.conversation_id))
    card.shown_at = clock.now()  # they are speaking with this one now
    booking = BOOK.fullmatch(words)
    if booking:
        _book(session, desk, conversation, booking[1].strip())
    else:
        _pass_on(session, desk, conversation, words)


def _pass_on(session: ScopedSession, desk: Desk, conversation: Conversation, words: str) -> None:
    """To the customer from the business's number, as this member; what the gate says against it is told back."""
    message = sending.queue(
        session,
        conversation,
        words,
        kind="person",
        purpose="reply",
        lane="now",
        author=desk.member,
        shelf_life=ANSWER_GOOD_FOR,
    )
    name = cards.who(session, conversation)
    if message.state == "refused":
        _say(session, desk, f"Not sent to {name}: {message.error}")
        return
    conversation.assigned_to = conversation.assigned_to or desk.member.id
    if message.state == "held" and message.error:
        _say(session, desk, f"{name} gets it later. {message.error}")


def _book(session: ScopedSession, desk: Desk, conversation: Conversation, when: str) -> None:
    name = cards.who(session, conversation)
    zone = leads.zone_of(session, conversation)
    found = times.find_time(when, now=desk.text.at, zone=zone)
    if found is None:
        _say(session, desk, f"No booking yet for {name}: say when, such as BOOK TOMORROW 9AM.")
        return
    start, end = times.window_of(found.value)
    known = _fields(session, conversation)
    try:
        appointment = appointments.book(
            session,
            conversation,
            start,
            arrive_by=end if end - start > POINTED else None,
            what=known.get("service", "Visit"),
            address=known.get("address"),
            zip_code=known.get("zip"),
            zone=zone,
            source="staff",
            by=desk.member.name,
        )
    except AppointmentError as error:
        _say(session, desk, f"No booking yet for {name}: {error}")
        return
    conversation.assigned_to = conversation.assigned_to or desk.member.id
    _say(session, desk, f"Booked: {name}, {appointment.what}, {found.label}.")


def _fields(session: ScopedSession, conversation: Conversation) -> dict[str, str]:
    lead = leads.open_lead(session, conversation)
    fields = session.scalars(select(LeadField).where(LeadField.lead_id == lead.id)) if lead else ()
    return {field.name: field.label if field.name == "service" else field.value for field in fields if field.value}


def _choices(session: ScopedSession, shown: Sequence[LeadCard]) -> str:
    named = []
    for card in shown[:6]:
        conversation = session.get_one(Conversation, (session.tenant_id, card.conversation_id))
        named.append(f"#{card.code} {cards.who(session, conversation)}")
    return "; ".join(named) or "No lead waits for an answer from you."


def _keep_draft(session: ScopedSession, desk: Desk, body: str) -> None:
    session.execute(delete(StaffDraft).where(StaffDraft.phone_id == desk.phone.id))
    session.add(StaffDraft(id=new_id(), phone_id=desk.phone.id, body=body, at=desk.text.at))
    session.flush()


def _take_draft(session: ScopedSession, desk: Desk) -> str:
    draft = session.scalar(select(StaffDraft).where(StaffDraft.phone_id == desk.phone.id))
    if draft is None:
        return ""
    session.delete(draft)
    return draft.body if desk.text.at - draft.at <= DRAFT_GOOD_FOR else ""


def _say(session: ScopedSession, desk: Desk, words: str) -> None:
    """Answer the phone itself."""
    business = session.get_one(Tenant, session.tenant_id)
    sending.queue(
        session,
        desk.thread,
        f"{business.name}: {words}",
        kind="staff_reply",
        purpose="staff",
        to=desk.phone.e164,
        from_=desk.text.number,
        shelf_life=REPLY_GOOD_FOR,
    )
