"""Believable businesses, people, calls and texts for tests. Two businesses are always there: a wall needs two sides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope
from groundwork.database import ScopedSession, new_id, open_session
from hallway.calls.models import Call, Phone
from hallway.channels.models import Number
from hallway.contacts import Contact, ContactPoint, reach
from hallway.conversations import Conversation, Message, note_event, open_for
from tenants import accounts, routing
from tenants.models import Agency, AgencyMember, Member, Tenant

PASSWORD = "hallway-demo"
DANA = "+15125550148"  # has a leaking water heater in Austin
MARCUS = "+15125550162"
PRIYA = "+13035550123"  # has a garage door stuck half way
WEEKDAYS = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SOON = timedelta(minutes=10)  # a text-back's shelf life


class Author(NamedTuple):
    """Who writes a text by hand."""

    user_id: UUID
    name: str


@dataclass(frozen=True)
class Person:
    """Somebody who can log in. `member` is their membership in the business they were made for."""

    id: UUID
    name: str
    email: str
    member: UUID | None = None

    @property
    def author(self) -> Author:
        """This person as the writer of a text."""
        return Author(self.id, self.name)


@dataclass(frozen=True)
class Business:
    """A tenant with its number, the owner's cell, and its account at the carrier."""

    id: UUID
    name: str
    slug: str
    number: str
    number_id: UUID
    cell: str
    phone_id: UUID
    account: UUID
    account_sid: str
    auth_token: str = field(repr=False)
    people: dict[str, Person] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[ScopedSession]:
        """A session in this business's scope; commits at the end."""
        with open_session(scope.tenant(self.id)) as session:
            yield session


@dataclass(frozen=True)
class World:
    """Alice owns Bluff Creek Plumbing, Bob works for her, Northstar runs the account; Charlie is another business."""

    plumber: Business
    charlie: Business
    agency: UUID
    alice: Person
    bob: Person
    charles: Person
    nora: Person


def make_world() -> World:
    """Both businesses, the agency of the first, and everybody's log-in (password: PASSWORD)."""
    agency = make_agency("Northstar Marketing", "northstar")
    plumber = make_tenant("Bluff Creek Plumbing", "bluff-creek", agency_id=agency)
    charlie = make_tenant(
        "Charlie's Garage Doors", "charlies", trade="garage_doors", timezone="America/Denver", state="CO",
        number="+13035550100", cell="+13035550177", cell_label="Charlie's cell",
    )  # fmt: skip
    return World(
        plumber,
        charlie,
        agency,
        alice=make_member(plumber, "Alice Romero", "owner"),
        bob=make_member(plumber, "Bob Tran", "agent"),
        charles=make_member(charlie, "Charlie Novak", "owner"),
        nora=make_agency_member(agency, "Nora Lindqvist", "owner"),
    )


def make_agency(name: str, slug: str) -> UUID:
    agency = Agency(id=new_id(), name=name, slug=slug)
    with open_session(scope.SYSTEM) as session:
        session.add(agency)
    return agency.id


def make_tenant(
    name: str,
    slug: str,
    *,
    trade: str = "plumbing",
    timezone: str = "America/Chicago",
    state: str = "TX",
    number: str = "+15125550100",
    cell: str = "+15125550177",
    cell_label: str = "Alice's cell",
    agency_id: UUID | None = None,
    account_sid: str | None = None,
    auth_token: str | None = None,
    **columns: Any,
) -> Business:
    """A business with one number, one phone that rings and is on call, and an account at the carrier."""
    tenant_id = new_id()
    sid, token = account_sid or f"AC{tenant_id.hex}", auth_token or tenant_id.hex[::-1]
    columns = {"hours": WEEKDAYS, "zip": "78704", "phone": cell, "agency_id": agency_id, **columns}
    tenant = Tenant(id=tenant_id, name=name, slug=slug, trade=trade, timezone=timezone, state=state, **columns)
    with open_session(scope.SYSTEM) as session:
        session.add(tenant)
        session.flush()
        account = routing.connect_account(session, tenant_id, sid, token)
        routing.route_number(session, number, tenant_id)
    with open_session(scope.tenant(tenant_id)) as session:
        line = Number(id=new_id(), e164=number, provider_sid=f"PN{tenant_id.hex}", label="Main line", per_second=10.0)
        phone = Phone(id=new_id(), label=cell_label, e164=cell, position=0, rings=True, on_call=True)
        session.add_all([line, phone])
    return Business(tenant_id, name, slug, number, line.id, cell, phone.id, account, sid, token)


def make_user(name: str, email: str | None = None) -> Person:
    """Somebody who can log in with PASSWORD."""
    email = email or f"{name.split()[0].lower()}@example.com"
    with open_session(scope.SYSTEM) as session:
        account = accounts.create_account(session, email, name, PASSWORD)
        return Person(account.id, name, account.email)


def make_member(business: Business, name: str, role: str = "agent", email: str | None = None) -> Person:
    """A person with a log-in and a role in `business`."""
    user = make_user(name, email)
    member = Member(id=new_id(), user_id=user.id, name=name, email=user.email, role=role)
    with business.open() as session:
        session.add(member)
    person = Person(user.id, name, user.email, member.id)
    business.people[role] = person
    return person


def make_agency_member(agency: UUID, name: str, role: str = "owner") -> Person:
    """A person of an agency's staff with a log-in."""
    user = make_user(name)
    with open_session(scope.SYSTEM) as session:
        session.add(AgencyMember(agency_id=agency, user_id=user.id, role=role))
    return user


def make_contact(session: ScopedSession, name: str = "Dana Kowalski", phone: str = DANA, **columns: Any) -> Contact:
    """The contact reached at `phone`. `line_type` and `invalid_reason` go to the phone, the rest to the person."""
    contact = reach(session, phone)
    point = session.scalars(select(ContactPoint).where(ContactPoint.value == phone)).one()
    for key in ("line_type", "line_checked_at", "invalid_reason"):
        if key in columns:
            setattr(point, key, columns.pop(key))
    contact.name = name
    for key, value in columns.items():
        setattr(contact, key, value)
    session.flush()
    return contact


def make_conversation(
    session: ScopedSession, contact: Contact | None = None, *, source: str = "call", **columns: Any
) -> Conversation:
    """The conversation with `contact` (Dana unless told)."""
    conversation = open_for(session, contact or make_contact(session), source)
    for key, value in columns.items():
        setattr(conversation, key, value)
    session.flush()
    return conversation


def make_call(
    session: ScopedSession,
    conversation: Conversation | None = None,
    *,
    business: Business,
    caller: str = DANA,
    missed: bool = True,
    at: datetime | None = None,
    **columns: Any,
) -> Call:
    """A call to the business's number, missed a moment ago unless told otherwise."""
    started = at or clock.now() - timedelta(seconds=20)
    columns = {"outcome": "missed" if missed else "answered", "state": "ended" if missed else "connected", **columns}
    if missed:
        columns.setdefault("missed_at", started + timedelta(seconds=20))
        columns.setdefault("missed_reason", "Nobody pressed 1")
    else:
        columns.setdefault("answered_at", started + timedelta(seconds=8))
        columns.setdefault("answered_by", business.phone_id)
    row: dict[str, Any] = {"provider_sid": f"CA{new_id().hex}", "from_address": caller, "to_address": business.number}
    row |= {"number_id": business.number_id, "conversation_id": conversation.id if conversation else None}
    call = Call(**{**row, "id": new_id(), "started_at": started, **columns})
    session.add(call)
    session.flush()
    return call


def make_text_in(
    session: ScopedSession,
    conversation: Conversation,
    body: str = "My water heater is leaking",
    *,
    business: Business,
    sender: str = DANA,
    at: datetime | None = None,
    **columns: Any,
) -> Message:
    """A text the person wrote to the business."""
    said = {"direction": "in", "kind": "inbound", "purpose": "reply", "state": "received", **columns}
    said.setdefault("provider_sid", f"SM{new_id().hex}")
    return _message(session, conversation, body, from_=sender, to=business.number, at=at, **said)


def make_text_out(
    session: ScopedSession,
    conversation: Conversation,
    body: str = "Sorry we missed you! Bluff Creek Plumbing here, what do you need? Reply STOP to opt out.",
    *,
    business: Business,
    to: str = DANA,
    at: datetime | None = None,
    **columns: Any,
) -> Message:
    """A text of the business's, delivered unless `state` says otherwise. It never passed the gate."""
    said = {"direction": "out", "kind": "text_back", "purpose": "reply", "state": "delivered", **columns}
    return _message(session, conversation, body, from_=business.number, to=to, at=at, **said)


def _message(
    session: ScopedSession,
    conversation: Conversation,
    body: str,
    *,
    from_: str,
    to: str,
    at: datetime | None,
    **columns: Any,
) -> Message:
    message = Message(
        id=new_id(), conversation_id=conversation.id, at=at or clock.now(), from_address=from_, to_address=to,
        body=body, segments=1, **columns,
    )  # fmt: skip
    session.add(message)
    session.flush()
    note_event(session, conversation, body, message.direction, at=message.at)
    return message
