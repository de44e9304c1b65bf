"""When a step is due: minutes, open hours, or days at a wall clock in the person's own zone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from groundwork import clock, timers
from groundwork.database import ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from hallway.followup.inside import Inside
from hallway.followup.models import Enrollment
from hallway.followup.steps import Step, Wait
from hallway.rulebook.places import is_zone, place_of, zone_of_property
from tenants import hours
from tenants.models import Tenant

STEP = "sequence_step"


def due(session: ScopedSession, conversation: Conversation, wait: Wait, since: datetime) -> datetime:
    """When a step with this wait is due for this person, counted from `since`."""
    tenant = session.get_one(Tenant, session.tenant_id)
    return due_in(wait, since, tenant, lambda: zone_of(session, conversation.contact_id, tenant))


def due_in(wait: Wait, since: datetime, tenant: Tenant, zone: Callable[[], ZoneInfo]) -> datetime:
    """The same where the person's zone is known, or asked for only if the wait needs it."""
    if wait.unit == "minutes":
        return since + timedelta(minutes=wait.amount)
    if wait.unit == "business_hours":
        return hours.after_open_hours(tenant, since, wait.amount)
    return days_later(since, wait.amount, wait.at, zone())


def days_later(since: datetime, days: int, at: str | None, zone: ZoneInfo) -> datetime:
    """`days` calendar days on, at the wall clock `at` or the hour it was; the next day when that is already past.

    An hour that a change of the clocks leaves out counts as the one after it.
    """
    local = since.astimezone(zone)
    wall = time.fromisoformat(at) if at else local.time()
    found = datetime.combine(local.date() + timedelta(days=days), wall, zone)
    if at and found <= since:
        found = datetime.combine(local.date() + timedelta(days=days + 1), wall, zone)
    return found.astimezone(since.tzinfo)


def zone_of(session: ScopedSession, contact_id: uuid.UUID, tenant: Tenant) -> ZoneInfo:
    """Where the person's clock runs: as they told, by their address, by their area code, else as the business's."""
    contact = session.get_one(Contact, (session.tenant_id, contact_id))
    theirs = (ContactPoint.contact_id == contact_id, ContactPoint.kind == "phone")
    number = select(ContactPoint.value).where(*theirs).order_by(ContactPoint.id).limit(1)
    return zone_at(contact, session.scalar(number), tenant)


def zone_at(contact: Contact, phone: str | None, tenant: Tenant) -> ZoneInfo:
    """The same where their phone (E.164) is known."""
    if contact.timezone and is_zone(contact.timezone):
        return ZoneInfo(contact.timezone)
    guess = _zone_of_number(phone) or tenant.timezone
    return ZoneInfo(zone_of_property(contact.state, contact.zip, otherwise=guess).zone)


def _zone_of_number(phone: str | None) -> str | None:
    """By area code, where that has one zone alone."""
    try:
        zones = place_of(phone or "").zones
    except ValueError:
        return None
    return zones[0] if len(zones) == 1 else None


def arrange(session: ScopedSession, enrollment: Enrollment | Inside, step: Step) -> None:
    """Have this step run when it is due. There is one timer per enrollment and step, for good."""
    arrange_all(session, [(enrollment, step)])


def arrange_all(session: ScopedSession, steps: Sequence[tuple[Enrollment | Inside, Step]]) -> None:
    """The same for many people."""
    timers.put_all(session, STEP, [_timer(*one) for one in steps], queue="soon", move=True)


def _timer(enrollment: Enrollment | Inside, step: Step) -> timers.Put:
    due_at = enrollment.due_at or clock.now()
    # A touch makes sense for a while; anything else whenever it comes.
    expires = due_at + timedelta(hours=step.good_for_hours) if step.is_touch else None
    payload = {"enrollment": str(enrollment.id), "step": step.id}
    return timers.Put(f"{enrollment.id}:{step.id}", due_at, payload, expires)
