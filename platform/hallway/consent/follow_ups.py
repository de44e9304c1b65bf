"""The gate's rule for touches of a follow-up sequence."""

from __future__ import annotations

from hallway.consent.decisions import Decision, refuse
from hallway.consent.facts import Facts


def follow_up(facts: Facts) -> Decision | None:
    """A touch goes only while nothing stopped its sequence since it was written: a reply, a booking, an opt-out."""
    if facts.enrollment_state != "stopped":
        return None
    return refuse("sequence.stopped", "The sequence had stopped before this could leave.")
