"""Many people with something due, made by the database itself: steps of a sequence, or texts in the lane `bulk`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from groundwork.database import Json, new_id
from hallway.followup import Plan
from tests.bench.stack import Stack
from tests.makers import Business

Owner = psycopg.Connection[tuple[Any, ...]]
SEQUENCE = """
insert into sequence (tenant_id, id, key, name, moment, only_if, enabled, version)
values (%(tenant)s, %(id)s, %(id)s::text, 'Bench', 'chat', '{}', false, 1);
insert into sequence_version (tenant_id, id, sequence_id, number, plan, moves)
values (%(tenant)s, uuidv7(), %(id)s, 1, %(plan)s::jsonb, false);
"""
ENROLL = """
insert into enrollment (tenant_id, id, sequence_id, version, contact_id, conversation_id, key, facts, state, step,
                        due_at, started_at)
select %(tenant)s, uuidv7(), %(id)s, 1, contact_id, conversation_id, n::text, '{}', 'running', 'due', now(), now()
from who
"""
# Last, in a statement of its own: from here on the clock finds them.
FALL_DUE = """
insert into timer (tenant_id, id, kind, key, queue, due_at, payload, version, state, attempts)
select tenant_id, uuidv7(), 'sequence_step', id || ':due', 'soon', clock_timestamp(),
       jsonb_build_object('enrollment', id, 'step', 'due'), 1, 'ready', 0
from enrollment where tenant_id = %(tenant)s and sequence_id = %(id)s
"""
# Timers of people who are gone: they are claimed, looked up and ended, and that is all.
FALL_DUE_FOR_NOBODY = """
insert into timer (tenant_id, id, kind, key, queue, due_at, payload, version, state, attempts)
select %(tenant)s, uuidv7(), 'sequence_step', uuidv7()::text, 'soon', clock_timestamp(),
       jsonb_build_object('enrollment', uuidv7(), 'step', 'due'), 1, 'ready', 0 from generate_series(1, %(count)s)
"""
TEXTS = """
insert into message (tenant_id, id, conversation_id, at, direction, channel, kind, purpose, lane, state, from_address,
                     to_address, body, segments, encoding, attempts, media, due_at, expires_at)
select %(tenant)s, uuidv7(), conversation_id, now(), 'out', 'sms', 'campaign', 'reply', 'bulk', 'queued', %(number)s,
       phone, 'Bluff Creek Plumbing: we are on our way. Reply STOP to opt out.', 1, 'GSM-7', 0, '[]', now(),
       now() + interval '1 day' from who
"""
_made = [0]


@contextmanager
def people(stack: Stack, business: Business, count: int) -> Iterator[Owner]:
    """So many more people of this business, in the connection's temporary table `who`."""
    script = Path(__file__).with_name("due.sql").read_text()
    values = {":tenant": f"'{business.id}'::uuid", ":count": str(count), ":from": str(_made[0])}
    _made[0] += count
    for name, value in values.items():
        script = script.replace(name, value)
    with psycopg.connect(stack.superuser, autocommit=True) as owner:
        owner.execute(script.encode())
        yield owner
        owner.execute("drop table who")


def steps(stack: Stack, business: Business, count: int, step: Json) -> dict[str, object]:
    """So many people wait at this one `step`, which is not due yet: see FALL_DUE, which takes what is returned."""
    plan = Plan.from_json({"purpose": "reply", "stop_on": ["opt_out"], "skip_live_minutes": 0, "steps": [step]})
    values: dict[str, object] = {"tenant": business.id, "id": new_id(), "plan": json.dumps(plan.as_json())}
    with people(stack, business, count) as owner, psycopg.ClientCursor(owner) as cursor:
        cursor.execute(SEQUENCE, values)
        cursor.execute(ENROLL, values)
        cursor.execute("analyze")
    return values


def texts(stack: Stack, business: Business, count: int) -> None:
    """So many texts wait in the lane `bulk`."""
    with people(stack, business, count) as owner:
        owner.execute(TEXTS, {"tenant": business.id, "number": business.number})
        owner.execute("analyze")
