"""Leads: an opportunity, and the context drawn from what they said."""

from hallway.leads.booking import mark_booked
from hallway.leads.extract import Field, extract
from hallway.leads.listening import begin, correct, emergency_words, ensure_open, is_emergency, listen, open_lead
from hallway.leads.models import Lead, LeadField, Question
from hallway.leads.property import zone_of
from hallway.leads.stating import state
from hallway.leads.times import find_time

__all__ = [
    "Field",
    "Lead",
    "LeadField",
    "Question",
    "begin",
    "correct",
    "emergency_words",
    "ensure_open",
    "extract",
    "find_time",
    "is_emergency",
    "listen",
    "mark_booked",
    "open_lead",
    "state",
    "zone_of",
]
