"""Appointments: agreed visits, what is said about them and when, and what people answer."""

from hallway.appointments.booking import AppointmentError, book
from hallway.appointments.calendar_answers import hear_calendar
from hallway.appointments.changing import amend, cancel, confirm, done, keep, no_show, reschedule
from hallway.appointments.models import Appointment, AppointmentEvent, AppointmentRules, Reminder
from hallway.appointments.reminders import remind
from hallway.appointments.replies import hear, hear_stop

__all__ = [
    "Appointment",
    "AppointmentError",
    "AppointmentEvent",
    "AppointmentRules",
    "Reminder",
    "amend",
    "book",
    "cancel",
    "confirm",
    "done",
    "hear",
    "hear_calendar",
    "hear_stop",
    "keep",
    "no_show",
    "remind",
    "reschedule",
]
