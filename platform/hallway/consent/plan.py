"""The gate's rules about money: what goes while a plan is unpaid, and what a spend cap stops."""

from __future__ import annotations

from datetime import timedelta

from billing.rights import WHERE, why_not
from hallway.consent.decisions import Decision, hold, refuse
from hallway.consent.facts import Facts

LOOK_AGAIN = timedelta(hours=1)  # paid meanwhile, it goes at once anyway
RULE = "plan."
STOPPED = ("paused", "cancelled", "none")


def paid_for(facts: Facts) -> Decision | None:
    """Sequences and offers wait while a payment is missing; after the grace nothing goes but the answer to STOP."""
    if facts.purpose == "compliance" or facts.plan in (None, "new", "trial", "active"):
        return None
    campaign = facts.enrollment_state is not None or facts.purpose == "marketing"
    if facts.plan == "grace":
        missing = f"A payment for your plan is missing; follow-up waits until it is there. See {WHERE}."
        return hold("plan.grace", missing, facts.at + LOOK_AGAIN) if campaign else None
    if facts.plan not in STOPPED:
        return None
    stopped = f"Nothing is sent: {why_not(facts.plan)}"
    return hold(RULE + facts.plan, stopped, facts.at + LOOK_AGAIN) if campaign else refuse(RULE + facts.plan, stopped)


def within_cap(facts: Facts) -> Decision | None:
    """The spend cap stops every text that costs; the answer to STOP always goes, and in grace a text-back too."""
    if facts.segments_left is None or facts.purpose == "compliance" or facts.segments <= facts.segments_left:
        return None
    if facts.plan == "grace" and facts.kind == "text_back":
        return None
    if facts.plan == "trial":
        return refuse("plan.trial_used", f"The texts of your trial are used up. Choose a plan under {WHERE}.")
    return refuse("plan.cap", f"Your spend cap for this month is reached. Raise it under {WHERE}.")
