"""Meter what a tenant uses, each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from billing.models import UsageEvent
from groundwork import many
from groundwork.database import Json, ScopedSession

TABLE = UsageEvent.metadata.tables["usage_event"]
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
    rows: list[Json] = [
        {"metric": one.metric, "source": str(one.source), "quantity": one.quantity, "used_at": one.used_at}
        for one in used
    ]
    many.insert(session, TABLE, rows, otherwise="(tenant_id, metric, source) DO NOTHING")
