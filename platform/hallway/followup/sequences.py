"""A tenant's sequences: found for a moment, made from the trade's playbook at first need, changed by new versions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

import billing
from billing import Permission
from groundwork.database import Json, ScopedSession, new_id
from hallway import playbooks
from hallway.followup.models import Sequence, SequenceVersion
from hallway.followup.steps import Plan
from tenants.models import Tenant

MomentKind = Literal["missed_call", "form", "estimate", "chat", "no_show", "past_customer"]
MOMENTS: Mapping[MomentKind, str] = {
    "missed_call": "Missed call",
    "form": "Form",
    "estimate": "Estimate sent",
    "chat": "Chat",
    "no_show": "No-show",
    "past_customer": "Past customer gone quiet",
}
# Moments that not every plan may follow up on.
FEATURES: Mapping[str, str] = {"past_customer": "past_customers"}


@dataclass(frozen=True)
class Edition:
    """A sequence with one of its versions, read and checked."""

    id: uuid.UUID
    name: str
    number: int
    plan: Plan


def started_by(session: ScopedSession, kind: MomentKind, facts: Mapping[str, Any]) -> list[Edition]:
    """The enabled sequences that this moment sets going, in their versions in force; none that the plan lacks."""
    if not allowed(session, kind).allowed:
        return []
    rows = _rows(session, kind)
    if not rows:
        install(session, kind)
        rows = _rows(session, kind)
    wanted = [row for row in rows if row.enabled and row.archived_at is None and applies(row.only_if, facts)]
    return [Edition(row.id, row.name, row.version, read_plan(row.plan)) for row in wanted]


def allowed(session: ScopedSession, kind: str) -> Permission:
    """Whether the business's plan lets it follow up on moments of this kind."""
    feature = FEATURES.get(kind)
    return billing.allows(session, feature) if feature else Permission(True)


def install(session: ScopedSession, kind: MomentKind) -> None:
    """Give the tenant its trade's sequence for this moment; one that is there already stays as it is."""
    tenant = session.get_one(Tenant, session.tenant_id)
    found = playbooks.default_sequence(tenant.trade, kind)
    if found is None:
        return
    plan = Plan.from_json({key: value for key, value in found.items() if key not in ("name", "enabled", "only_if")})
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "key": kind, "name": found["name"], "moment": kind}
    row |= {"only_if": found.get("only_if", {}), "enabled": found.get("enabled", True), "version": 1}
    statement = insert(Sequence).values(**row).on_conflict_do_nothing(index_elements=["tenant_id", "key"])
    made = session.scalar(statement.returning(Sequence.id))
    if made:
        session.add(SequenceVersion(sequence_id=made, number=1, plan=plan.as_json()))
        session.flush()


def applies(only_if: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether the facts hold every value asked for; a list of values is satisfied by one of them."""
    return all(
        facts.get(name) in (wanted if isinstance(wanted, list) else [wanted]) for name, wanted in only_if.items()
    )


def read_plan(plan: Json) -> Plan:
    """The stored plan, parsed once per content. Raises PlanError for one that was never checked."""
    return _read(json.dumps(plan, sort_keys=True))


@lru_cache(maxsize=2_048)
def _read(plan: str) -> Plan:
    return Plan.from_json(json.loads(plan))


def _rows(session: ScopedSession, kind: MomentKind) -> Many[Any]:
    version = (SequenceVersion.sequence_id == Sequence.id, SequenceVersion.number == Sequence.version)
    columns = (Sequence.id, Sequence.name, Sequence.version, Sequence.enabled, Sequence.archived_at, Sequence.only_if)
    statement = select(*columns, SequenceVersion.plan).join(SequenceVersion, version[0] & version[1])
    return session.execute(statement.where(Sequence.moment == kind).order_by(Sequence.id)).all()
