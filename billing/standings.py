"""What a subscription entitles to: its status in Stripe's words becomes one of few standings of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog

from billing import reversals
from billing.plans import TERMS
from billing.reversals import Reversal
from groundwork import clock, config
from groundwork.database import ScopedSession
from tenants.models import Tenant

# new: has not chosen yet; none: has not chosen for too long; self_hosted: nothing is sold in this installation
Standing = Literal["self_hosted", "new", "none", "trial", "active", "grace", "paused", "cancelled"]
WORKS = frozenset({"self_hosted", "new", "trial", "active"})  # everything the plan has
RUNS = WORKS | {"grace"}  # text-backs go, and people can write
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Subscription:
    """A subscription as read from Stripe, in our words. `trouble_since`: when the payment that is missing was due.

    `period_start` and `period_end` are those of usage, a month also where the base is paid by the year. `parts` is
    {part of the plan: Stripe's id of its item}; `details` is what a page shows of card, discount, invoice, renewal.
    """

    id: str
    status: str
    plan: str | None
    quantity: int
    trial_end: datetime | None
    period_start: datetime | None
    period_end: datetime | None
    cancel_at: datetime | None
    trouble_since: datetime | None
    asked_to_pause: bool
    parts: dict[str, str]
    details: dict[str, Any]

    @property
    def lost(self) -> Reversal | None:
        """A payment that the bank took back for good, and nobody paid again."""
        return reversals.lost(reversals.read(self.details.get("reversals", [])))


@dataclass(frozen=True)
class Verdict:
    """A standing to keep with the business, and until when it lasts by itself (None: until Stripe says otherwise)."""

    standing: Standing | None
    until: datetime | None = None


def judge(read: Subscription | None, now: datetime) -> Verdict:
    """What a subscription means today. None, or one whose first payment never came, is as if nothing was bought."""
    if read is None or read.status in ("incomplete", "incomplete_expired"):
        return Verdict(None)
    if read.status in ("trialing", "active") and read.lost:
        return _grace(read.lost.since, TERMS.grace, now)  # the subscription's own status knows nothing of it
    if read.status == "trialing":
        return Verdict("trial", read.trial_end)
    if read.status == "active":
        return Verdict("active", read.cancel_at)
    if read.status == "canceled":
        return Verdict("cancelled", read.cancel_at or read.period_end)
    return _in_trouble(read, now)


def _in_trouble(read: Subscription, now: datetime) -> Verdict:
    if read.status not in ("past_due", "unpaid", "paused"):
        log.error("a status of Stripe's that nobody knows here", status=read.status)
    if read.status == "paused" and read.asked_to_pause:
        return Verdict("paused")
    after_trial = read.status == "paused" and read.details.get("paused_by") == "trial"
    grace = TERMS.grace_after_trial if after_trial else TERMS.grace
    return _grace(read.trouble_since or now, grace, now)


def _grace(since: datetime, lasts: timedelta, now: datetime) -> Verdict:
    ends = since + lasts
    return Verdict("grace", ends) if now < ends else Verdict("paused", ends)


def standing_at(
    standing: str | None, until: datetime | None, made_at: datetime | None, at: datetime, *, sold: bool | None = None
) -> Standing:
    """A kept standing as it is at the moment `at`; grace runs out without anybody telling us.

    `sold` is whether this installation sells plans at all, by default as it is set up.
    """
    if not (bool(config.settings().stripe_key) if sold is None else sold):
        return "self_hosted"
    if standing is None:
        return "new" if made_at is None or at < made_at + TERMS.before_plan else "none"
    if standing == "grace" and until and at >= until:
        return "paused"
    return standing  # type: ignore[return-value]  # the column holds what `judge` says


def of(tenant: Tenant) -> Standing:
    """How this business stands now."""
    return standing_at(tenant.standing, tenant.standing_until, tenant.created_at, clock.now())


def standing(session: ScopedSession) -> Standing:
    """How the business of this session stands now."""
    return of(session.get_one(Tenant, session.tenant_id))
