"""The gate's rule for words about a visit."""

from __future__ import annotations

from hallway.consent.decisions import Decision, refuse
from hallway.consent.facts import Facts


def appointment(facts: Facts) -> Decision | None:
    """Words about a visit go only while it stands as they say."""
    if facts.appointment_version is None:
        return None
    asked = facts.appointment_status in ("reschedule_asked", "cancel_asked")
    if facts.appointment_now is None:
        return refuse("appointment.gone", "The appointment does not exist any more.")
    if facts.appointment_now != facts.appointment_version:
        return refuse("appointment.changed", "The appointment was changed after this was written.")
    if facts.appointment_status == "cancelled" and facts.kind != "appointment_cancelled":
        return refuse("appointment.cancelled", "The appointment was cancelled.")
    if facts.appointment_status in ("done", "no_show"):
        return refuse("appointment.over", "The appointment is over.")
    if asked and facts.kind in ("appointment_day_before", "appointment_morning_of"):
        return refuse("appointment.asked", "They asked to change it, and nobody has decided yet.")
    return None
