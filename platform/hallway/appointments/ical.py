"""Appointments as iCalendar (RFC 5545): the business's feed, and invites for the customer (RFC 5546)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from icalendar import Calendar, Event, vCalAddress

from groundwork import clock, config, keys
from groundwork.database import ScopedSession
from hallway.appointments import calendar, rules
from hallway.appointments.models import Appointment
from tenants.models import Tenant

PRODUCT = "-//Hallway//Appointments//EN"
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
STATUS = {"cancelled": "CANCELLED", "no_show": "CANCELLED", "booked": "TENTATIVE"}
INVITED = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
REFRESH = timedelta(minutes=15)


def feed(session: ScopedSession) -> bytes:
    """All visits around now, for a calendar that subscribes."""
    tenant, now = session.get_one(Tenant, session.tenant_id), clock.now()
    found = _calendar()
    found.add("X-WR-CALNAME", f"{tenant.name}: visits")
    found.add("REFRESH-INTERVAL", REFRESH)
    for appointment, name in calendar.between(session, now - BACK, now + AHEAD):
        event = _event(appointment)
        event["SUMMARY"] = f"{appointment.what}: {name}" if name else appointment.what
        event.add("URL", f"{config.settings().tenant_url(tenant.slug)}/appointments/{appointment.id}")
        if appointment.technician:
            event.add("DESCRIPTION", f"{appointment.technician} goes there.")
        found.add_component(event)
    return bytes(found.to_ical())


def invite(
    session: ScopedSession, appointment: Appointment, organizer: str | None = None, attendee: str | None = None
) -> bytes:
    """One visit for the customer's calendar. A later version replaces an earlier one; a cancelled visit takes it out.

    `organizer` and `attendee` are e-mail addresses.
    """
    tenant = session.get_one(Tenant, session.tenant_id)
    found, event = _calendar(), _event(appointment)
    found.add("METHOD", "CANCEL" if appointment.status == "cancelled" else "REQUEST" if attendee else "PUBLISH")
    event["SUMMARY"] = f"{tenant.name}: {appointment.what}"
    for role, address in (("ORGANIZER", organizer), ("ATTENDEE", attendee)):
        if address:
            who = vCalAddress(f"mailto:{address}")
            who.params.update({"CN": tenant.name} if role == "ORGANIZER" else INVITED)
            event.add(role, who)
    found.add_component(event)
    return bytes(found.to_ical())


def feed_key(session: ScopedSession) -> str | None:
    """The secret part of the feed's address; None while there is no feed."""
    sealed = rules.of(session).feed_key_sealed
    return keys.unseal(config.settings().seal_keys, sealed, _bound_to(session)) if sealed else None


def open_feed(session: ScopedSession) -> str:
    """A new address for the feed; the one before leads nowhere from now on."""
    key = secrets.token_urlsafe(32)
    rules.to_change(session).feed_key_sealed = keys.seal(config.settings().seal_keys, key, _bound_to(session))
    return key


def close_feed(session: ScopedSession) -> None:
    rules.to_change(session).feed_key_sealed = None


def opens(session: ScopedSession, told: str) -> bool:
    """Whether this is the key of the feed, in the same time for every wrong one."""
    key = feed_key(session)
    return key is not None and compare_digest(key.encode(), told.encode())


def _bound_to(session: ScopedSession) -> str:
    return f"{session.tenant_id}:appointment_feed"


def _calendar() -> Calendar:
    made = Calendar()
    made.add("PRODID", PRODUCT)
    made.add("VERSION", "2.0")
    return made


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("UID", f"{appointment.id}@hallway")
    event.add("SEQUENCE", appointment.version - 1)
    event.add("DTSTAMP", clock.now())
    event.add("DTSTART", appointment.starts_at)
    event.add("DTEND", _end(appointment))
    event.add("STATUS", STATUS.get(appointment.status, "CONFIRMED"))
    place = ", ".join(part for part in (appointment.address, appointment.state, appointment.zip) if part)
    if place:
        event.add("LOCATION", place)
    return event


def _end(appointment: Appointment) -> datetime:
    worked = appointment.starts_at + timedelta(minutes=appointment.minutes)
    return max(appointment.arrive_by or worked, worked)
