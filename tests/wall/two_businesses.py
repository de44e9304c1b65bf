"""Alice's plumbing business, run by an agency, and Charlie's garage doors, run by nobody but Charlie."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from groundwork import clock, scope
from groundwork.database import new_id, open_session
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Message, open_for
from tenants.models import Agency, Tenant


@dataclass(frozen=True)
class Two:
    alice: UUID
    charlie: UUID
    northstar: UUID
    dana: UUID
    priya: UUID


def two_businesses() -> Two:
    """Two tenants with one contact and one message each."""
    two = Two(*(new_id() for _ in range(5)))
    with open_session(scope.SYSTEM) as session:
        session.add(Agency(id=two.northstar, name="Northstar Marketing", slug="northstar"))
        session.flush()
        session.add(Tenant(id=two.alice, agency_id=two.northstar, name="Bluff Creek Plumbing", slug="bluff-creek"))
        session.add(Tenant(id=two.charlie, name="Charlie's Garage Doors", slug="charlies"))
    _contact(two.alice, two.dana, "Dana Kowalski", "+15125550148", "My water heater is leaking")
    _contact(two.charlie, two.priya, "Priya Natarajan", "+13035550123", "The garage door is stuck half way")
    return two


def _contact(tenant_id: UUID, contact_id: UUID, name: str, phone: str, words: str) -> None:
    with open_session(scope.tenant(tenant_id)) as session:
        contact = Contact(id=contact_id, name=name, language="en")
        session.add(contact)
        session.flush()
        session.add(ContactPoint(contact_id=contact_id, kind="phone", value=phone))
        conversation = open_for(session, contact, "text")
        said = {"direction": "in", "kind": "inbound", "purpose": "reply", "state": "received", "body": words}
        session.add(
            Message(
                conversation_id=conversation.id, at=clock.now(), from_address=phone, to_address="+15125550100", **said
            )
        )
