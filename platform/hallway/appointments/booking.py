"""Book a visit: where and when on the property's clock, told at once, reminded later; what follows up stops."""

from __future__ import annotations

from datetime import datetime, timedelta

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from groundwork.refusing import FieldError
from hallway import followup, leads
from hallway.appointments import events, reminders, words
from hallway.appointments.models import SOURCES, Appointment
from hallway.contacts import Contact
from hallway.conversations import Conversation
from hallway.rulebook.places import is_zone, zone_of_property
from tenants.models import Tenant

LONGEST = {"what": 120, "address": 300, "technician": 80}
FARTHEST = timedelta(days=730)
LONGEST_WINDOW = timedelta(hours=12)


class AppointmentError(FieldError):
    """A visit that cannot be booked or changed like this; `field` says which part, the message why."""


def book(
    session: ScopedSession,
    conversation: Conversation,
    starts_at: datetime,
    *,
    what: str = "Visit",
    source: str = "staff",
    arrive_by: datetime | None = None,
    minutes: int = 60,
    address: str | None = None,
    state: str | None = None,
    zip_code: str | None = None,
    zone: str | None = None,
    technician: str | None = None,
    external_id: str | None = None,
    by: str | None = None,
    untold: str | None = None,
) -> Appointment:
    """A visit of this person from `starts_at` (aware), they arriving until `arrive_by`; source: see models.SOURCES.

    Address, state and ZIP are by default the person's; `zone` is by default the property's. The person is told at
    once unless `untold` says why not. Raises AppointmentError; an external id known already is an IntegrityError.
    """
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    where = {"address": address or person.address, "state": state or person.state, "zip": zip_code or person.zip}
    appointment = Appointment(
        id=new_id(),
        conversation_id=conversation.id,
        what=what.strip() or "Visit",
        zone=zone or zone_of(session, where["state"], where["zip"]),
        starts_at=starts_at,
        arrive_by=arrive_by,
        minutes=minutes,
        technician=technician,
        source=source,
        external_id=external_id,
        booked_by=by,
        **{"status": "booked", "version": 1, **where},
    )
    check(appointment, ahead=untold is None)
    session.add(appointment)
    session.flush()
    leads.mark_booked(session, conversation)
    followup.stop(session, conversation.id, "booking", "They booked a visit.")
    events.note(session, appointment, "booked", f"Booked for {words.when(appointment)}", by)
    reminders.tell(session, appointment, "booked", untold=untold)
    reminders.plan(session, appointment, moved=True)
    return appointment


def zone_of(session: ScopedSession, state: str | None, zip_code: str | None) -> str:
    """The zone of a property of this business's customer."""
    tenant = session.get_one(Tenant, session.tenant_id)
    return zone_of_property(state, zip_code, otherwise=tenant.timezone).zone


def check(appointment: Appointment, *, ahead: bool = True) -> None:
    """Raises AppointmentError for a visit that makes no sense; `ahead` asks that it is still to come."""
    now = clock.now()
    if appointment.source not in SOURCES:
        raise AppointmentError("source", f"A source is one of {', '.join(SOURCES)}.")
    for field, longest in LONGEST.items():
        if len(getattr(appointment, field) or "") > longest:
            raise AppointmentError(field, f"Up to {longest} characters, please.")
    if not is_zone(appointment.zone):
        raise AppointmentError("zone", "Choose a time zone from the list.")
    if ahead and (appointment.arrive_by or appointment.starts_at) <= now:
        raise AppointmentError("starts_at", "That time has passed. Choose one that is still to come.")
    if appointment.starts_at > now + FARTHEST:
        raise AppointmentError("starts_at", "That is more than two years ahead. Check the year.")
    if appointment.arrive_by and appointment.arrive_by <= appointment.starts_at:
        raise AppointmentError("arrive_by", "The arrival window ends before it begins.")
    if appointment.arrive_by and appointment.arrive_by - appointment.starts_at > LONGEST_WINDOW:
        raise AppointmentError("arrive_by", "An arrival window may be twelve hours long at most.")
    if not 5 <= appointment.minutes <= 60 * 24 * 7:
        raise AppointmentError("minutes", "A visit lasts between five minutes and a week.")
