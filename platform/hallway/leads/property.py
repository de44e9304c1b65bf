"""The place a lead is about: its state, and the zone its hours are meant in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sqlalchemy import select

from groundwork.database import ScopedSession
from hallway.contacts import Contact
from hallway.conversations import Conversation
from hallway.leads.models import Lead, LeadField
from hallway.rulebook.places import read_table, zone_of_property
from tenants.models import Tenant

STATE = re.compile(r",?\s([A-Z]{2})(?:\s+(\d{5})(?:-\d{4})?)?\s*$")


def zone_of(session: ScopedSession, conversation: Conversation, said: Mapping[str, str] | None = None) -> str:
    """The IANA zone of the property: by what they just `said`, else by the open lead, else by the person's card.

    Without any of them the business's own zone.
    """
    tenant = session.get_one(Tenant, session.tenant_id)
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    known = _of_lead(session, conversation) | dict(said or {})
    state, code = place_in(known.get("address", ""), known.get("zip", ""))
    if state is None:
        state, code = person.state or state_of_zip(person.zip or ""), person.zip
    return zone_of_property(state, code, otherwise=tenant.timezone).zone


def place_in(address: str, code: str) -> tuple[str | None, str | None]:
    """State and ZIP that an address and a ZIP tell."""
    match = STATE.search(address)
    zip_code = code or (match[2] if match else None)
    state = match[1] if match and match[1] in states() else None
    return state or state_of_zip(zip_code or ""), zip_code


def state_of_zip(code: str) -> str | None:
    """The state of a ZIP code, or of its first three digits; None when it has none, as with the military's."""
    digits = code.strip()[:5]
    if len(digits) < 3:
        return None
    fitting = (state for low, high, state in _ranges() if low <= digits[: len(low)] <= high)
    return next(fitting, None)


@cache
def states() -> frozenset[str]:
    return frozenset(state for _, _, state in _ranges())


@cache
def _ranges() -> tuple[tuple[str, str, str], ...]:
    """Single codes before prefixes, for they are the exceptions."""
    told = [(row["first"], row["last"], row["state"]) for row in read_table("zip_states.tsv")]
    return tuple(sorted(told, key=lambda row: -len(row[0])))


def _of_lead(session: ScopedSession, conversation: Conversation) -> dict[str, str]:
    open_ = select(Lead.id).where(Lead.conversation_id == conversation.id, Lead.status == "open").limit(1)
    places = (LeadField.lead_id == open_.scalar_subquery(), LeadField.name.in_(("address", "zip")))
    return {field.name: field.value for field in session.scalars(select(LeadField).where(*places))}
