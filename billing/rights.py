"""What a business may use: the one check that pages, the API and workers ask."""

from __future__ import annotations

from dataclasses import dataclass

from billing import standings
from billing.plans import FEATURES, PLANS, Plan, cheapest_with
from billing.standings import RUNS, WORKS
from groundwork.database import ScopedSession
from tenants.models import Tenant

WHERE = "Settings, Plan and billing"


class NotInPlanError(Exception):
    """A feature was asked for that the business may not use; the message says why and what to do."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.words)
        self.permission = permission


@dataclass(frozen=True)
class Permission:
    """The answer to "may they use this": `words` say why not and what to do, `rule` names what decided."""

    allowed: bool
    rule: str = "plan.allows"
    words: str = ""


def allows(session: ScopedSession, feature: str) -> Permission:
    """Whether the business of this session may use `feature` now. Raises KeyError for a feature that does not exist."""
    label = FEATURES[feature]
    tenant = session.get_one(Tenant, session.tenant_id)
    stands = standings.of(tenant)
    if stands in ("self_hosted", "new"):
        return Permission(True)
    plan = plan_of(tenant)
    if stands not in RUNS:
        return Permission(False, f"plan.{stands}", f"{label}: {why_not(stands)}")
    if stands not in WORKS:
        return Permission(False, "plan.grace", f"{label}: paused until the open invoice is paid. See {WHERE}.")
    if plan is not None and feature in plan.features:
        return Permission(True)
    return Permission(False, "plan.feature", _not_included(label, plan, feature))


def require(session: ScopedSession, feature: str) -> None:
    """Raises NotInPlanError unless the business may use `feature`."""
    permission = allows(session, feature)
    if not permission.allowed:
        raise NotInPlanError(permission)


def plan_of(tenant: Tenant) -> Plan | None:
    """The plan of a business; None when it has none."""
    return PLANS.get(tenant.plan or "")


def why_not(stands: str) -> str:
    """Why a business that stands so sends nothing, and what to do, in one sentence."""
    return {
        "paused": f"your plan is paused because a payment is missing. Pay or add a card under {WHERE}.",
        "cancelled": f"your plan was cancelled. Choose one again under {WHERE}.",
        "none": f"no plan has been chosen yet. Choose one under {WHERE}.",
    }.get(stands, "")


def _not_included(label: str, plan: Plan | None, feature: str) -> str:
    bigger = cheapest_with(feature)
    have = f"You are on {plan.name}. " if plan else ""
    need = f"part of {bigger.name}" if bigger else "part of no plan that can be chosen here"
    return f"{label}: {need}. {have}Change the plan under {WHERE}."
