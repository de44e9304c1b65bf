"""The forms of a visit: times as typed on the property's clock, and what they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from blueprints_ui.forms import Form
from blueprints_ui.guard import tenant_session
from hallway.appointments import AppointmentError, booking, planning, words
from hallway.appointments.models import Appointment
from tenants.businesses import STATES, ZONES

TIME = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", error="Write the time like 08:30.")
Words = dict[str, str | list[Any] | dict[Any, Any]]
NO_DAY: Words = {"required": "Choose a day.", "invalid": "That is not a day. Choose one."}
NO_TIME: Words = {"required": "Choose a time."}
STATE_CHOICES = [("", "–"), *((state, state) for state in STATES)]
FIELDS = {"starts_at": "date", "arrive_by": "to_time", "status": "date", "zip": "zip_code"}
LENGTHS = {"30": "30 minutes", "60": "1 hour", "90": "1½ hours", "120": "2 hours", "180": "3 hours", "240": "4 hours",
           "480": "A day"}  # fmt: skip


class TimeForm(Schema):
    date = fields.Date(required=True, error_messages=NO_DAY)
    from_time = fields.Str(required=True, validate=TIME, error_messages=NO_TIME)
    to_time = fields.Str(load_default="", validate=validate.And(validate.Length(max=5)))
    tell = fields.Bool(load_default=False)


class DetailsForm(Schema):
    what = fields.Str(load_default="")
    address = fields.Str(load_default="")
    state = fields.Str(load_default="")
    zip_code = fields.Str(load_default="")
    technician = fields.Str(load_default="")
    minutes = fields.Int(load_default=60, error_messages={"invalid": "Choose how long it takes."})


class VisitForm(TimeForm, DetailsForm):
    zone = fields.Str(load_default="")
    zone_shown = fields.Str(load_default="")


def moments(form: Form, zone: str) -> tuple[datetime, datetime | None]:
    """Begin and end of the arrival window, as typed on the clock of `zone`. Raises AppointmentError."""
    day, until = form.loaded["date"], form.loaded["to_time"]
    starts_at = planning.wall(day, form.loaded["from_time"], zone)
    try:
        arrive_by = planning.wall(day, until, zone) if until else None
    except ValueError as error:
        raise AppointmentError("arrive_by", "Write the time like 10:30.") from error
    if arrive_by and arrive_by <= starts_at:
        raise AppointmentError("arrive_by", "The arrival window ends before it begins.")
    return starts_at, arrive_by


def details(form: Form) -> dict[str, Any]:
    """What stands in the other fields, empty ones as unknown."""
    loaded = form.loaded
    kept = {name: loaded[name].strip() or None for name in ("address", "state", "technician")}
    kept["state"] = kept["state"].upper() if kept["state"] else None
    return kept | {"what": loaded["what"].strip() or "Visit", "minutes": loaded["minutes"]}


def refuse(form: Form, error: AppointmentError) -> None:
    """Put the deed's words beside the field they are about."""
    form.refuse(FIELDS.get(error.field, error.field), str(error))


def zone_of(form: Form) -> str:
    """The zone in which the typed times count: the chosen one, else the property's."""
    return str(form.values.get("zone") or property_zone(form))


def property_zone(form: Form) -> str:
    return booking.zone_of(tenant_session(), form.values.get("state"), form.values.get("zip_code"))


def times_of(appointment: Appointment) -> dict[str, Any]:
    """Its times as the fields show them."""
    start = words.starts(appointment)
    until = appointment.arrive_by.astimezone(start.tzinfo) if appointment.arrive_by else None
    values: dict[str, Any] = {"date": start.date().isoformat(), "from_time": start.strftime("%H:%M"), "tell": True}
    return values | {"to_time": until.strftime("%H:%M") if until else ""}


def zone_words(zone: str) -> str:
    """ "Arizona (no daylight saving)", "America/Adak" where there is no better word."""
    return ZONES.get(zone, zone)
