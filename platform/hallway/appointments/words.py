"""How an appointment is told: its day and hours on the property's clock, in English or Spanish."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from hallway.appointments.models import Appointment
from hallway.contacts import Contact

Variables = dict[str, dict[str, object]]


def variables(appointment: Appointment, person: Contact) -> Variables:
    """What the wording of a message about this appointment may name."""
    language = person.language
    return {
        "contact": {"first_name": person.name.split()[0] if person.name else None},
        "appointment": {
            "what": appointment.what,
            "day": day(appointment, language),
            "hours": hours(appointment, language),
            "address": appointment.address,
            "technician": appointment.technician,
            "confirmed": appointment.status == "confirmed",
        },
    }


def day(appointment: Appointment, language: str = "en") -> str:
    """ "Thursday, Nov 26", "jueves 26 de noviembre"."""
    local = starts(appointment)
    if language == "es":
        return format_date(local, "EEEE d 'de' MMMM", locale="es_US")
    return local.strftime("%A, %b %-d")


def hours(appointment: Appointment, language: str = "en") -> str:
    """ "between 8 and 10 am", "at 1:30 pm", "entre las 8 y las 10 am", "a la 1:30 pm"."""
    first = starts(appointment)
    last = appointment.arrive_by and appointment.arrive_by.astimezone(first.tzinfo)
    if last is None:
        return f"{'a ' + _article(first) if language == 'es' else 'at'} {_clock(first)}"
    begin = _clock(first, half=first.strftime("%p") != last.strftime("%p"))
    if language == "es":
        return f"entre {_article(first)} {begin} y {_article(last)} {_clock(last)}"
    return f"between {begin} and {_clock(last)}"


def when(appointment: Appointment, language: str = "en") -> str:
    """Day and hours together: "Thursday, Nov 26, between 8 and 10 am"."""
    return f"{day(appointment, language)}, {hours(appointment, language)}"


def starts(appointment: Appointment) -> datetime:
    """Its beginning on the property's clock."""
    return appointment.starts_at.astimezone(ZoneInfo(appointment.zone))


def _clock(at: datetime, *, half: bool = True) -> str:
    clock = at.strftime("%-I:%M" if at.minute else "%-I")
    return f"{clock} {at.strftime('%p').lower()}" if half else clock


def _article(at: datetime) -> str:
    return "la" if at.hour % 12 == 1 else "las"
