"""What happened to people around a moment that is over: what they and we said, bookings, opt-outs, consent."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from groundwork import phones
from groundwork.database import ScopedSession
from hallway.appointments.models import Appointment
from hallway.calls.models import Call
from hallway.consent.models import ConsentEvent, Suppression
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message
from hallway.followup import Enrollment, Moment, planning
from hallway.followup.steps import Event
from hallway.leads.models import Lead
from tenants.models import Tenant

NEVER_LEFT = ("failed", "undelivered", "refused", "cancelled", "expired")
BEFORE = timedelta(days=30)  # how far back the gate looks for what was said


@dataclass(frozen=True, order=True)
class Happening:
    """One thing that stops sequences, or that a step waits for. `label` says how a reply was understood."""

    at: datetime
    event: Event
    words: str
    label: str | None = None


@dataclass(frozen=True)
class Sent:
    """One message of ours that went out, or that the replay would have sent."""

    at: datetime
    channel: str
    purpose: str
    automatic: bool
    says_stop: bool = False


@dataclass
class Person:
    """Somebody's moment and their past around it. Lists are in the order of time."""

    moment: Moment
    conversation: Conversation
    contact: Contact
    zone: ZoneInfo
    addresses: dict[str, str] = field(default_factory=dict)  # by channel
    happenings: list[Happening] = field(default_factory=list)
    heard: list[datetime] = field(default_factory=list)  # they wrote or called
    called: list[datetime] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    stops: list[Suppression] = field(default_factory=list)
    consents: list[ConsentEvent] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What they are called on the screen."""
        phone = self.addresses.get("sms")
        return self.contact.name or (phones.pretty(phone) if phone else self.addresses.get("email", "Somebody"))

    def first(self, events: Iterable[str], after: datetime) -> Happening | None:
        """What happened first of these, after a moment."""
        wanted = set(events)
        return next((one for one in self.happenings if one.at > after and one.event in wanted), None)

    def heard_by(self, at: datetime) -> datetime | None:
        """When they had last written or called, as known at `at`."""
        place = bisect_right(self.heard, at)
        return self.heard[place - 1] if place else None


Group = Mapping[UUID, list[Person]]


def people(
    session: ScopedSession, kind: str, since: datetime, until: datetime, most: int, sequence_id: UUID | None = None
) -> list[Person]:
    """Who met a moment of this kind in that time, the latest first and at most so many, with their past.

    What the sequence `sequence_id` really sent is left out, for a draft of it stands in its place.
    """
    tenant = session.get_one(Tenant, session.tenant_id)
    found = (
        select(Moment, Conversation, Contact)
        .join(Conversation, Conversation.id == Moment.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(Moment.kind == kind, Moment.at >= since, Moment.at < until)
        .order_by(Moment.at.desc(), Moment.id.desc())
        .limit(most)
    )
    rows = session.execute(found).all()
    zones = {row[2].id: planning.zone_of(session, row[2].id, tenant) for row in rows}
    met = [Person(moment, talk, contact, zones[contact.id]) for moment, talk, contact in rows]
    if met:
        _add_pasts(session, met, since - BEFORE, sequence_id)
    return met


def _add_pasts(session: ScopedSession, met: list[Person], since: datetime, sequence_id: UUID | None) -> None:
    talks: dict[UUID, list[Person]] = defaultdict(list)
    for one in met:
        talks[one.conversation.id].append(one)
    _add_addresses(session, met)
    _add_messages(session, talks, since, sequence_id)
    _add_calls(session, talks, since)
    _add_bookings(session, talks)
    _add_consent(session, met)
    for one in met:
        one.happenings.sort(key=lambda happening: happening.at)
        one.heard.sort()
        one.called.sort()
        one.sent.sort(key=lambda sent: sent.at)


def _add_addresses(session: ScopedSession, met: list[Person]) -> None:
    contacts: dict[UUID, list[Person]] = defaultdict(list)
    for one in met:
        contacts[one.contact.id].append(one)
    points = select(ContactPoint).where(ContactPoint.contact_id.in_(contacts)).order_by(ContactPoint.id)
    for point in session.scalars(points):
        for one in contacts[point.contact_id]:
            one.addresses.setdefault("email" if point.kind == "email" else "sms", point.value)


def _add_messages(session: ScopedSession, talks: Group, since: datetime, sequence_id: UUID | None) -> None:
    replaced = select(Enrollment.id).where(Enrollment.sequence_id == sequence_id)
    theirs = (Message.conversation_id.in_(talks), Message.at >= since, Message.purpose != "staff")
    counts = (
        Message.state.not_in(NEVER_LEFT),
        Message.enrollment_id.is_(None) | Message.enrollment_id.not_in(replaced),
    )
    columns = (Message.conversation_id, Message.at, Message.direction, Message.channel, Message.purpose, Message.label)
    says_stop = Message.body.regexp_match(r"\mSTOP\M").label("says_stop")
    statement = select(*columns, Message.author_name, says_stop).where(*theirs, *counts)
    for row in session.execute(statement):
        for one in talks[row.conversation_id]:
            if row.direction == "in":
                one.heard.append(row.at)
                one.happenings.append(Happening(row.at, "reply", "They replied.", row.label))
                if row.label == "opt_out":
                    one.happenings.append(Happening(row.at, "opt_out", "They asked us to stop.", row.label))
                continue
            one.sent.append(Sent(row.at, row.channel, row.purpose, row.author_name is None, bool(row.says_stop)))
            if row.author_name:
                one.happenings.append(Happening(row.at, "takeover", f"{row.author_name} wrote to them."))


def _add_calls(session: ScopedSession, talks: Group, since: datetime) -> None:
    theirs = (Call.conversation_id.in_(talks), Call.direction == "in", Call.started_at >= since)
    for talk, at in session.execute(select(Call.conversation_id, Call.started_at).where(*theirs)):
        for one in talks[talk] if talk else ():
            one.heard.append(at)
            one.called.append(at)


def _add_bookings(session: ScopedSession, talks: Group) -> None:
    leads = select(Lead.conversation_id, Lead.booked_at).where(
        Lead.conversation_id.in_(talks), Lead.booked_at.is_not(None)
    )
    visits = select(Appointment.conversation_id, Appointment.created_at).where(Appointment.conversation_id.in_(talks))
    for talk, at in (*session.execute(leads), *session.execute(visits)):
        if at:
            for one in talks[talk]:
                one.happenings.append(Happening(at, "booking", "They booked."))


def _add_consent(session: ScopedSession, met: list[Person]) -> None:
    by_address: dict[str, list[Person]] = defaultdict(list)
    for one in met:
        for address in one.addresses.values():
            by_address[address].append(one)
    stops = select(Suppression).where(Suppression.address.in_(by_address)).order_by(Suppression.created_at)
    for stop in session.scalars(stops):
        for one in by_address[stop.address]:
            one.stops.append(stop)
            if stop.reason == "opt_out":
                one.happenings.append(Happening(stop.created_at, "opt_out", "They opted out."))
    events = (ConsentEvent.address.in_(by_address), ConsentEvent.purpose.in_(("follow_up", "marketing", "all")))
    for event in session.scalars(select(ConsentEvent).where(*events).order_by(ConsentEvent.seq)):
        for one in by_address[event.address]:
            one.consents.append(event)
