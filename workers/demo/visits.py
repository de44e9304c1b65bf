"""The visits of the demo world: those of the past as they went, and the ones to come, whose reminders are planned."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from groundwork.database import ScopedSession, new_id
from hallway import appointments
from hallway.appointments import Appointment, AppointmentEvent, planning, words
from hallway.conversations import Conversation
from hallway.leads.models import Lead, LeadField
from tenants import hours
from workers.demo.rings import Business

HOURS = ("08:00", "10:00", "13:00", "15:00")
WINDOW = timedelta(hours=2)
FRESH = timedelta(days=4)  # who booked since then is still to be visited
TOLD = 2  # as many get their confirmation when the demo begins; the others had it on the phone


def book(session: ScopedSession, business: Business, now: datetime) -> None:
    """One visit for each lead that was won."""
    won = select(Lead).where(Lead.status == "booked").order_by(Lead.booked_at.desc())
    for place, lead in enumerate(session.scalars(won)):
        if lead.booked_at is None:
            continue
        if lead.booked_at > now - FRESH:
            _ahead(session, business, lead, place, now)
        else:
            _over(session, business, lead, lead.booked_at, place)


def _ahead(session: ScopedSession, business: Business, lead: Lead, place: int, now: datetime) -> None:
    conversation = session.get_one(Conversation, (session.tenant_id, lead.conversation_id))
    starts_at = _slot(business, now, 1 + place // 2, place)
    appointments.book(
        session,
        conversation,
        starts_at,
        arrive_by=starts_at + WINDOW,
        what=_service(session, lead.id),
        address=_field(session, lead.id, "address"),
        state=business.tenant.state,
        zip_code=business.tenant.zip,
        technician=business.members[-1].name.split()[0],
        by=business.members[0].name,
        untold=None if place < TOLD else "It was agreed on the phone.",
    )


def _over(session: ScopedSession, business: Business, lead: Lead, booked_at: datetime, place: int) -> None:
    """Some had confirmed; of the others more were not there."""
    starts_at = _slot(business, booked_at, 1, place)
    confirmed = place % 3 != 0
    status = "no_show" if place % 9 == 6 else "done"
    tenant = business.tenant
    visit = Appointment(
        id=new_id(), conversation_id=lead.conversation_id, what=_service(session, lead.id), zone=tenant.timezone,
        address=_field(session, lead.id, "address"), state=tenant.state, zip=tenant.zip,
        starts_at=starts_at, arrive_by=starts_at + WINDOW, minutes=60, status=status, source="staff", version=2,
        booked_by=business.members[0].name, confirmed_at=booked_at if confirmed else None, over_at=starts_at + WINDOW,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    told = [("booked", f"Booked for {words.when(visit)}", booked_at)]
    told.append(("no_show", "Nobody was there", starts_at) if status == "no_show" else ("done", "Done", starts_at))
    for kind, said, at in told:
        about = {"appointment_id": visit.id, "conversation_id": visit.conversation_id}
        session.add(AppointmentEvent(id=new_id(), kind=kind, words=said, at=at, by=visit.booked_by, **about))


def _slot(business: Business, after: datetime, days: int, place: int) -> datetime:
    """A weekday some days after a moment, at one of the usual hours."""
    day = after.astimezone(hours.zone(business.tenant)).date() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return planning.wall(day, HOURS[place % len(HOURS)], business.tenant.timezone)


def _service(session: ScopedSession, lead_id: UUID) -> str:
    return _field(session, lead_id, "service") or "Visit"


def _field(session: ScopedSession, lead_id: UUID, name: str) -> str | None:
    return session.scalar(select(LeadField.label).where(LeadField.lead_id == lead_id, LeadField.name == name))
