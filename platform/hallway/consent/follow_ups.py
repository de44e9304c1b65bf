"""The gate's rules for touches of a follow-up sequence, and what counts as an offer."""

from __future__ import annotations

from datetime import timedelta

from hallway.consent.decisions import Decision, refuse
from hallway.consent.facts import Facts

INQUIRY = timedelta(days=90)  # how long an inquiry stays one: 47 CFR 64.1200(f)(5)


def follow_up(facts: Facts) -> Decision | None:
    """A touch goes only while nothing stopped its sequence since it was written: a reply, a booking, an opt-out."""
    if facts.enrollment_state != "stopped":
        return None
    return refuse("sequence.stopped", "The sequence had stopped before this could leave.")


def is_offer(facts: Facts) -> bool:
    """Marketing, and a follow-up on an estimate that was not asked for, or to which nobody agreed.

    Courts disagree about such follow-ups (Mantha: solicitations; Saunders: not), so the stricter reading holds.
    """
    return facts.purpose == "marketing" or (facts.purpose == "follow_up" and not _wanted(facts))


def _wanted(facts: Facts) -> bool:
    """They agreed to be followed up, and were heard of within the time for which an inquiry counts."""
    agreed = facts.follow_up_agreed_at
    return agreed is not None and facts.at - max(agreed, facts.heard_at or agreed) <= INQUIRY


def no_consent(facts: Facts) -> Decision:
    """Why there is no consent to an offer, in words that fit it."""
    if facts.purpose == "marketing":
        return refuse("consent.missing", "There is no written consent to offers on file.")
    if facts.follow_up_agreed_at is None:
        return refuse("follow_up.not_agreed", NOT_AGREED)
    return refuse("follow_up.too_old", TOO_OLD)


NOT_AGREED = (
    "A text that follows up on an estimate counts as an offer until they agree to it, and nothing on file says that "
    "they did. Note with the estimate how they agreed, or write to them yourself."
)
TOO_OLD = (
    "More than three months have passed since they asked, so a text that follows up on the estimate counts as an offer "
    "now, and there is no written consent to offers on file."
)
