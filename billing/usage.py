"""Meter what a tenant uses, each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from billing.models import UsageEvent
from groundwork.database import ScopedSession, new_id

TABLE = UsageEvent.metadata.tables["usage_event"]  # the bare table: the mapper's way costs as much again
Metric = Literal["segments", "mms", "mails", "call_seconds", "numbers"]


@dataclass(frozen=True)
class Usage:
    """A quantity used by the row `source`."""

    metric: Metric
    source: UUID | str
    quantity: int
    used_at: datetime


def meter(session: ScopedSession, used: Sequence[Usage]) -> None:
    """Count each once: the same metric and source a second time changes nothing."""
    if not used:
        return
    tenant_id = session.tenant_id
    rows = [
        {"tenant_id": tenant_id, "id": new_id(), "metric": one.metric, "source": str(one.source)}
        | {"quantity": one.quantity, "used_at": one.used_at}
        for one in used
    ]
    session.execute(insert(TABLE).on_conflict_do_nothing(index_elements=["tenant_id", "metric", "source"]), rows)
