"""An opportunity that led to an appointment."""

from __future__ import annotations

from groundwork import clock
from groundwork.database import ScopedSession
from hallway.conversations import Conversation
from hallway.leads.listening import open_lead
from hallway.leads.models import Lead


def mark_booked(session: ScopedSession, conversation: Conversation) -> Lead | None:
    """The open lead of this conversation is won; None when there is none open."""
    lead = open_lead(session, conversation)
    if lead:
        lead.status, lead.booked_at = "booked", clock.now()
    return lead
