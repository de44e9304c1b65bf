"""Estimates: sent, accepted, declined; each stands in the thread and moves follow-up."""

from hallway.estimates.deeds import BadEstimateError, Draft, accepted, declined, find, sent
from hallway.estimates.listing import Line, Sum, lines, of_conversation, sums
from hallway.estimates.models import Estimate, EstimateEvent
from hallway.estimates.money import cents, dollars
from hallway.estimates.table import Row, UnreadableTableError, as_table, find_or_open, take_table

__all__ = [
    "BadEstimateError",
    "Draft",
    "Estimate",
    "EstimateEvent",
    "Line",
    "Row",
    "Sum",
    "UnreadableTableError",
    "accepted",
    "as_table",
    "cents",
    "declined",
    "dollars",
    "find",
    "find_or_open",
    "lines",
    "of_conversation",
    "sent",
    "sums",
    "take_table",
]
