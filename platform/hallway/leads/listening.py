"""Listen to what a lead says: their words become fields, each with the words it came from; people may correct them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, live
from groundwork.database import Json, ScopedSession, new_id
from hallway.contacts import Contact
from hallway.conversations import Conversation
from hallway.leads.extract import extract
from hallway.leads.fields import Field
from hallway.leads.models import Lead, LeadField
from hallway.leads.property import zone_of
from hallway.leads.services import services
from hallway.leads.urgency import LABELS
from tenants.models import Tenant

NAMES = ("service", "urgency", "address", "zip", "preferred_time", "name")
PRESSING = {"urgent", "emergency"}
SURE = 0.8  # from here on the person's own card takes over what they said


def begin(session: ScopedSession, conversation: Conversation, source: str) -> Lead:
    """The open lead of this conversation, made now if there is none. `source`: missed_call, text, call, voicemail."""
    lead = open_lead(session, conversation)
    if lead is None:
        ensure_open(session, conversation, source)
        lead = open_lead(session, conversation)
    assert lead is not None  # noqa: S101  (just made, by us or by somebody else)
    return lead


OPEN = text("""
INSERT INTO lead (tenant_id, id, created_at, conversation_id, source, status)
VALUES (:tenant_id, :id, :now, :conversation_id, :source, 'open')
ON CONFLICT (tenant_id, conversation_id) WHERE status = 'open' DO NOTHING
""")


def ensure_open(session: ScopedSession, conversation: Conversation, source: str) -> None:
    """`begin` for those who do not need to see the lead. Two pieces of news at once make one lead."""
    row = {"tenant_id": session.tenant_id, "id": new_id(), "conversation_id": conversation.id, "source": source}
    session.execute(OPEN, row | {"now": clock.now()})


def open_lead(session: ScopedSession, conversation: Conversation) -> Lead | None:
    mine = (Lead.conversation_id == conversation.id, Lead.status == "open")
    return session.scalar(select(Lead).where(*mine).order_by(Lead.id.desc()).limit(1))


def listen(
    session: ScopedSession,
    conversation: Conversation,
    said: str,
    *,
    source_kind: str,
    source_id: UUID,
    at: datetime,
) -> Lead:
    """Read `said` (a message or voicemail with this id, said at `at`) into the lead's fields.

    A person's correction is never overwritten; otherwise what is surer stands, and of equals the newer. Pressing words
    mark the conversation urgent.
    """
    lead = begin(session, conversation, "text" if source_kind == "message" else source_kind)
    business = session.get_one(Tenant, session.tenant_id)
    for found in _read(session, conversation, said, business, at):
        _keep(session, lead, found, source_kind, source_id)
        _heed(session, conversation, found)
    live.tell(session, "conversation", conversation.id)
    return lead


def _read(session: ScopedSession, conversation: Conversation, said: str, business: Tenant, at: datetime) -> list[Field]:
    """Hours are meant on the clock of the property, which the same words may name for the first time."""
    zone = zone_of(session, conversation)
    found = extract(said, business.trade, now=at, zone=zone)
    named: dict[str, str] = {field.name: field.value for field in found if field.name in ("address", "zip")}
    other = zone_of(session, conversation, named) if named else zone
    return found if other == zone else extract(said, business.trade, now=at, zone=other)


def correct(
    session: ScopedSession, lead: Lead, name: str, value: str, by: str, *, label: str | None = None
) -> LeadField:
    """A person knows better: `value` stands from now on. An empty value says that nothing is known.

    Raises ValueError for a field that does not exist.
    """
    if name not in NAMES:
        raise ValueError(f"A lead has no field “{name}”.")
    value = value.strip()
    row: Json = {"value": value, "label": label or _label(session, name, value), "confidence": 1.0}
    row |= {"source_words": None, "source_kind": None, "source_id": None}
    row |= {"corrected_by": by, "corrected_at": clock.now()}
    keep_field(session, lead, name, row)
    conversation = session.get_one(Conversation, (session.tenant_id, lead.conversation_id))
    if name == "urgency":
        conversation.urgent_reason = f"Marked {row['label'].lower()} by {by}" if value in PRESSING else None
    live.tell(session, "conversation", conversation.id)
    kept = select(LeadField).where(LeadField.lead_id == lead.id, LeadField.name == name)
    return session.scalars(kept.execution_options(populate_existing=True)).one()


def is_emergency(session: ScopedSession, conversation: Conversation, said: str, at: datetime) -> bool:
    """Whether `said` alone, whatever is known so far, calls for somebody at once."""
    business = session.get_one(Tenant, session.tenant_id)
    found = _read(session, conversation, said, business, at)
    return any(field.name == "urgency" and field.value == "emergency" for field in found)


def emergency_words(session: ScopedSession, conversation: Conversation) -> str | None:
    """The words by which this lead is an emergency; None when it is none."""
    lead = open_lead(session, conversation)
    if lead is None:
        return None
    mine = (LeadField.lead_id == lead.id, LeadField.name == "urgency", LeadField.value == "emergency")
    return session.scalar(select(LeadField.source_words).where(*mine))


def _keep(session: ScopedSession, lead: Lead, found: Field, source_kind: str, source_id: UUID) -> None:
    row: Json = {"value": found.value, "label": found.label, "confidence": found.confidence}
    row |= {"source_words": found.source_words, "source_kind": source_kind, "source_id": source_id}
    keep_field(session, lead, found.name, row, only_if_surer=True)


def keep_field(session: ScopedSession, lead: Lead, name: str, row: Json, *, only_if_surer: bool = False) -> None:
    """Write `row` (columns of a field) over what is there; `only_if_surer` yields to people and to what is surer."""
    first = {"tenant_id": session.tenant_id, "id": new_id(), "lead_id": lead.id, "name": name} | row
    statement = insert(LeadField).values(**first)
    weaker = LeadField.confidence <= statement.excluded.confidence
    surer = LeadField.corrected_by.is_(None) & weaker if only_if_surer else None
    unique = [LeadField.tenant_id, LeadField.lead_id, LeadField.name]
    session.execute(statement.on_conflict_do_update(index_elements=unique, set_=row, where=surer))


def _heed(session: ScopedSession, conversation: Conversation, found: Field) -> None:
    """Urgency marks the thread; a name or ZIP they gave themselves fills an empty card."""
    if found.name == "urgency" and found.value in PRESSING:
        conversation.urgent_reason = f"They said “{found.source_words}”"
    elif found.name in ("name", "zip") and found.confidence >= SURE:
        person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
        if getattr(person, found.name) is None:
            setattr(person, found.name, found.value)


def _label(session: ScopedSession, name: str, value: str) -> str:
    if name == "urgency":
        return str(LABELS.get(value, value))
    if name == "service":
        trade = session.get_one(Tenant, session.tenant_id).trade
        return next((service.label for service in services(trade) if service.id == value), value)
    return value
