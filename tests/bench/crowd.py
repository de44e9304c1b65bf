"""A thousand tenants and millions of messages, made by the database itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from tests.bench.stack import Stack

TENANTS = 1_000
BUSIEST = "business-1"


@dataclass(frozen=True)
class Crowd:
    """The busiest tenant of the crowd, and its newest conversation."""

    messages: int
    tenant_id: UUID
    slug: str
    conversation: UUID


def grow(stack: Stack, messages: int) -> Crowd:
    """Add tenants and messages until there are `messages` in all."""
    begin = time.monotonic()
    script = Path(__file__).with_name("crowd.sql").read_text()
    with psycopg.connect(stack.superuser, autocommit=True) as owner:
        have = _count(owner)
        script = (
            script.replace(":tenants", str(TENANTS))
            .replace(":messages", str(messages - have))
            .replace(":have", str(have))
        )
        owner.execute(script.encode())
        total = _count(owner)
        row = owner.execute(
            "select t.id, c.id from tenant t join conversation c on c.tenant_id = t.id where t.slug = %s "
            "order by c.last_event_at desc limit 1",
            (BUSIEST,),
        ).fetchone()
    assert row is not None
    print(f"{total:,} messages of {TENANTS:,} tenants after {time.monotonic() - begin:.0f} s", flush=True)
    return Crowd(total, row[0], BUSIEST, row[1])


def _count(owner: psycopg.Connection[tuple[int]]) -> int:
    row = owner.execute("select count(*) from message").fetchone()
    return int(row[0]) if row else 0
