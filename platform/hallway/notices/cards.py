"""The lead card: what a member in the field needs to know, in one text that can be answered by its code."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from groundwork import clock, phones
from groundwork.database import ScopedSession, new_id
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message
from hallway.leads import LeadField, open_lead
from hallway.notices.models import LeadCard, Notice
from hallway.notices.plans import Cell
from tenants.models import Tenant

LETTERS, DIGITS = "ABCDEFGHJKMNPRTWXY", "2345678"  # nothing that is read as something else
GOOD_FOR = timedelta(hours=12)  # a text from the phone answers cards shown within it
FORGET = timedelta(days=14)
WORDS = 140


def words(session: ScopedSession, notice: Notice, conversation: Conversation, cell: Cell) -> str:
    """Name, service, urgency, place, their words, and the code; the shortest form that says it."""
    business = session.get_one(Tenant, session.tenant_id)
    card = show(session, notice, cell)
    known = _known(session, conversation)
    head = " - ".join(filter(None, (who(session, conversation), known.get("service"), _hurry(known))))
    place = known.get("address") or (f"ZIP {known['zip']}" if "zip" in known else "")
    said = _last_words(session, conversation)
    lines = [f"{business.name}: {notice.title}", head, place, known.get("preferred_time", "")]
    lines += [f'"{said[:WORDS]}"' if said else "They called and left no words."]
    lines += [f"Reply to answer them, or with #{card.code} in front. BOOK 2PM books."]
    return "\n".join(filter(None, lines))


def show(session: ScopedSession, notice: Notice, cell: Cell) -> LeadCard:
    """The card of this conversation on this phone, shown now; it keeps its code."""
    assert notice.member_id  # noqa: S101  (a text goes to a member)
    mine = (LeadCard.phone_id == cell.id, LeadCard.conversation_id == notice.conversation_id)
    card = session.scalar(select(LeadCard).where(*mine).with_for_update())
    if card is None:
        card = LeadCard(id=new_id(), phone_id=cell.id, conversation_id=notice.conversation_id)
        card.code = _free_code(session, cell)
        session.add(card)
    card.member_id, card.shown_at = notice.member_id, clock.now()
    session.flush()
    return card


def _free_code(session: ScopedSession, cell: Cell) -> str:
    old = (LeadCard.phone_id == cell.id, LeadCard.shown_at < clock.now() - FORGET)
    session.execute(delete(LeadCard).where(*old))
    taken = set(session.scalars(select(LeadCard.code).where(LeadCard.phone_id == cell.id)))
    free = [letter + digit for letter in LETTERS for digit in DIGITS if letter + digit not in taken]
    return secrets.choice(free) if free else secrets.token_hex(3).upper()


def live(session: ScopedSession, cell: Cell) -> list[LeadCard]:
    """The cards a text from this phone may answer, newest first."""
    mine = (LeadCard.phone_id == cell.id, LeadCard.shown_at > clock.now() - GOOD_FOR)
    return list(session.scalars(select(LeadCard).where(*mine).order_by(LeadCard.shown_at.desc(), LeadCard.id)))


def by_code(session: ScopedSession, cell: Cell, code: str) -> LeadCard | None:
    mine = (LeadCard.phone_id == cell.id, LeadCard.code == code.upper())
    return session.scalar(select(LeadCard).where(*mine))


def who(session: ScopedSession, conversation: Conversation) -> str:
    """The customer's name, else their number."""
    contact = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    if contact.name:
        return contact.name
    mine = (ContactPoint.contact_id == contact.id,)
    return phones.pretty(session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id)) or "")


def _known(session: ScopedSession, conversation: Conversation) -> dict[str, str]:
    lead = open_lead(session, conversation)
    if lead is None:
        return {}
    fields = session.scalars(select(LeadField).where(LeadField.lead_id == lead.id, LeadField.value != ""))
    return {field.name: field.label for field in fields}


def _hurry(known: dict[str, str]) -> str | None:
    urgency = known.get("urgency", "")
    return urgency.upper() if urgency.lower() in ("urgent", "emergency") else None


def _last_words(session: ScopedSession, conversation: Conversation) -> str:
    theirs = (Message.conversation_id == conversation.id, Message.direction == "in", Message.kind == "inbound")
    said = session.scalar(select(Message.body).where(*theirs).order_by(Message.at.desc(), Message.id.desc()).limit(1))
    return " ".join((said or "").split())
