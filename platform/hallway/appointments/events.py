"""What happened to an appointment, written down for its page and the thread."""

from __future__ import annotations

from groundwork import clock, live
from groundwork.database import ScopedSession, new_id
from hallway.appointments.models import Appointment, AppointmentEvent


def note(session: ScopedSession, appointment: Appointment, kind: str, words: str, by: str | None = None) -> None:
    """Keep it and tell open screens. `by` is a member's name, or None when nobody of ours did it."""
    about = {"appointment_id": appointment.id, "conversation_id": appointment.conversation_id}
    session.add(AppointmentEvent(id=new_id(), at=clock.now(), kind=kind, words=words, by=by, **about))
    live.tell(session, "conversation", appointment.conversation_id)
    live.tell(session, "appointments")
