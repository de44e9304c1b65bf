"""(e) Many things due at once: timers beside a bare claim loop, texts beside a bare client, and who waits for them."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from groundwork.embedded import free_port
from tests.bench import due, hooks, load
from tests.bench.due import FALL_DUE, FALL_DUE_FOR_NOBODY
from tests.bench.load import Times
from tests.bench.report import Row
from tests.bench.stack import Stack, wait_for
from tests.bench.text_back import timed
from tests.makers import Business, make_tenant

CROWD = int(os.environ.get("BENCH_DUE", "100000"))
LATENCY = 0.1  # seconds
LONGEST = 100  # seconds for one crowd; what is not done by then is not counted
CALLS, PER_SECOND = 80, 4
WAIT = {"id": "due", "kind": "wait", "wait": {"minutes": 0}}
TEXT = {"id": "due", "kind": "sms", "wait": {"minutes": 0}, "body": "{{ business.name }} here. Reply STOP to opt out."}
HALLWAY = [sys.executable, "-m", "workers.cli"]
LAGS = (
    "select extract(epoch from finished_at - due_at)::float from timer where tenant_id = %s and finished_at is not null"
)
LEFT = "select count(*) from timer where tenant_id = %s and state = 'ready' and kind = 'sequence_step'"
WAITING = "select count(*) from message where tenant_id = %s and lane = 'bulk' and state in ('queued', 'claimed')"


def timers(stack: Stack, owner: Business) -> list[Row]:
    """Timers fired at CROWD due rows, and how long another tenant's wait meanwhile."""
    other = make_tenant("Charlie's Garage Doors", "charlies-bench", number="+13035550100", cell="+13035550177")
    nobody: dict[str, object] = {"tenant": owner.id, "count": CROWD}
    crowds = [
        Crowd(f"{CROWD:,} timers of people who are gone", CROWD, FALL_DUE_FOR_NOBODY, nobody),
        Crowd(f"{CROWD:,} wait steps, written down", CROWD, FALL_DUE, due.steps(stack, owner, CROWD, WAIT)),
        Crowd(
            f"{CROWD // 10:,} texts asked of the gate and queued",
            CROWD // 10,
            FALL_DUE,
            due.steps(stack, owner, CROWD // 10, TEXT),
        ),
    ]
    bare = [_bare(stack, owner, one, CLAIM) for one in crowds]
    others = Crowd("others", CROWD // 10, FALL_DUE, due.steps(stack, owner, CROWD // 10, WAIT))
    writing = _bare(stack, owner, others, CLAIM_AND_WRITE)
    with stack.processes([*HALLWAY, "worker", "soon", "bulk"], [*HALLWAY, "clock"]):
        _lags_of(stack, other, lambda done: done == 1)  # until they have started
        alone = _lags_of(stack, other, lambda done: done == 10)
        fired = [_fire(stack, owner, other, one) for one in crowds]
    rows = [_row(crowd.what, one, limit) for crowd, one, limit in zip(crowds, fired, bare, strict=True)]
    rows[1] = replace(rows[1], limit=f"{rows[1].limit}; {writing:.0f} where it also writes a wait step's rows")
    beside = sorted(lag for one in fired for lag in one.others)
    return [*rows, _fairness(alone, beside)]


# -- timers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crowd:
    """Timers that `fall_due` with these values puts all at once."""

    what: str
    count: int
    fall_due: str
    values: dict[str, object]


@dataclass(frozen=True)
class Fired:
    """Timers per second, and how long each waited; and how long the rows of another tenant did meanwhile."""

    per_second: float
    lags: list[float]
    others: list[float]


def _fire(stack: Stack, owner: Business, other: Business, crowd: Crowd) -> Fired:
    with psycopg.connect(stack.superuser, autocommit=True) as connection:
        connection.execute(crowd.fall_due.encode(), crowd.values)
        until = time.monotonic() + LONGEST
        others = _lags_of(stack, other, lambda _: _count(stack, LEFT, owner) == 0 or time.monotonic() > until)
        lags = _seconds(stack, LAGS, owner)
        connection.execute("delete from timer where tenant_id = %s", (owner.id,))
    return Fired(len(lags) / lags[-1], lags, others)


def _row(what: str, fired: Fired, bare: float) -> Row:
    late = f"{_at(fired.lags, 0.5):.1f} / {_at(fired.lags, 0.99):.1f}"
    ratio = f"{fired.per_second / bare:.3f}×"
    ours = f"{fired.per_second:.0f}; {late}"
    return Row(
        f"(e) {what} due at once, fired/s; lag p50 / p99 s", ours, f"{bare:.0f} (bare claim loop)", ratio, "≥ 0.3×"
    )


def _fairness(alone: list[float], beside: list[float]) -> Row:
    waited = f"{statistics.median(beside):.2f} / {max(beside):.2f}"
    idle = f"{statistics.median(alone):.2f} / {max(alone):.2f} (nobody else)"
    longer = f"{statistics.median(beside) - statistics.median(alone):+.2f} / {max(beside) - max(alone):+.2f} s"
    return Row("(e) another tenant's due row meanwhile, waited p50 / most, s", waited, idle, longer, "≤ +1 s")


CLAIM = """
update timer t set state = 'done', finished_at = clock_timestamp() from (
  select id from timer where tenant_id = %(tenant)s and queue = 'soon' and state = 'ready' and due_at <= now()
  order by due_at, id limit 200 for update skip locked) due
where t.tenant_id = %(tenant)s and t.id = due.id returning t.id, t.payload
"""
# What a wait step leaves behind, in one statement and without looking at anything: for information.
CLAIM_AND_WRITE = """
with due as materialized (
  select id, payload from timer where tenant_id = %(tenant)s and queue = 'soon' and state = 'ready' and due_at <= now()
  order by due_at, id limit 200 for update skip locked),
who as materialized (
  select id, (payload ->> 'enrollment')::uuid as enrollment_id, payload ->> 'step' as step from due),
written as (
  insert into enrollment_step
    (tenant_id, id, enrollment_id, step, kind, version, position, at, due_at, outcome, rule, why)
  select %(tenant)s, uuidv7(), enrollment_id, step, 'wait', 1, 1, now(), now(), 'done', 'wait', 'The time had come.'
  from who),
finished as (
  update enrollment e set state = 'finished', step = null, due_at = null, ended_at = now() from who
  where e.tenant_id = %(tenant)s and e.id = who.enrollment_id)
update timer t set state = 'done', finished_at = clock_timestamp() from who
where t.tenant_id = %(tenant)s and t.id = who.id returning t.id
"""


def _bare(stack: Stack, owner: Business, crowd: Crowd, claim: str) -> float:
    """The smallest loop: claim 200 with SKIP LOCKED, mark, commit. Nobody else works."""
    tenant = {"tenant": owner.id}
    with psycopg.connect(stack.superuser, autocommit=True) as connection:
        connection.execute(crowd.fall_due.encode(), crowd.values)
        if claim == CLAIM_AND_WRITE:  # as fast as it can be: the planner knows what there is, and goes by keys
            connection.execute("analyze timer; set enable_hashjoin = off; set enable_mergejoin = off")
        begin, count = time.monotonic(), 0
        while taken := len(connection.execute(claim.encode(), tenant).fetchall()):
            count += taken
        seconds = time.monotonic() - begin
        connection.execute("delete from timer where tenant_id = %(tenant)s", tenant)
    return count / seconds


def _lags_of(stack: Stack, other: Business, over: Callable[[int], bool]) -> list[float]:
    """How long rows of `other` wait that fall due now and then, until it is over (asked with how many there were)."""
    done = 0
    with psycopg.connect(stack.superuser, autocommit=True) as connection:
        connection.execute("delete from timer where tenant_id = %s", (other.id,))
        while not over(done):
            connection.execute(FALL_DUE_FOR_NOBODY.encode(), {"tenant": other.id, "count": 1})
            done += 1
            time.sleep(0.73)  # not in step with the clock's own second
        deadline = time.monotonic() + 120
        while _count(stack, LEFT, other) and time.monotonic() < deadline:
            time.sleep(0.05)
        return _seconds(stack, LAGS, other)


# -- texts -------------------------------------------------------------------------------------------------------


def texts(stack: Stack, owner: Business) -> Iterator[Row]:
    """Texts and text-backs against a carrier that takes 100 ms."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    slow = replace(stack, carrier=url, env={**stack.env, "TWILIO_API_URL": url})
    with stack.processes([sys.executable, "-m", "tests.bench.small_carrier", str(port), str(LATENCY)]):
        wait_for(slow.carrier + "/calls")
        yield _bulk(slow, owner)
        yield _beside(slow, owner)


def _bulk(stack: Stack, owner: Business) -> Row:
    count = max(2_000, CROWD // 20)
    bare = float(
        subprocess.run(
            [sys.executable, "-m", "tests.bench.limit", "client", str(count)],
            env=stack.env, check=True, capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    due.texts(stack, owner, count)
    with stack.processes([*HALLWAY, "worker", "soon", "bulk"], [*HALLWAY, "clock"]):
        begin = _first(stack, owner, count)
        ours = _sent_per_second(stack, owner, count, begin)
    row = (f"{ours:.0f}", f"{bare:.0f} (bare pooled client)", f"{ours / bare:.2f}×", "≥ 0.8×")
    return Row(f"(e) {count:,} bulk texts at {LATENCY * 1000:.0f} ms, sent/s", *row)


def _sent_per_second(stack: Stack, owner: Business, count: int, begin: float) -> float:
    """Over one connection and seldom: who looks must not take the processor from what is looked at."""
    with psycopg.connect(stack.superuser, autocommit=True) as connection:
        while (left := int(_ask(connection, WAITING, owner)[0])) and time.monotonic() < begin + LONGEST:
            time.sleep(0.1)
    return (count - left) / (time.monotonic() - begin)


def _first(stack: Stack, owner: Business, count: int) -> float:
    """The moment at which the worker has begun: starting a process is not sending."""
    deadline = time.monotonic() + 60
    while _count(stack, WAITING + " and claimed_at is null", owner) == count and time.monotonic() < deadline:
        time.sleep(0.005)
    return time.monotonic()


def _beside(stack: Stack, owner: Business) -> Row:
    """Text-backs while nothing else goes on, then while the lane `bulk` is full."""
    callers = [hooks.caller(5_000_000 + number) for number in range(3 * CALLS)]
    hooks.know_mobiles(owner, callers)
    words = (["web"], ["worker", "now"], ["worker", "soon", "bulk"], ["clock"])
    with stack.processes(*([*HALLWAY, *one] for one in words)):
        wait_for(stack.web + "/healthz", 120)
        time.sleep(3)
        arrivals = [hooks.call(caller, owner.number) for caller in callers]
        asyncio.run(load.send_at([hooks.signed(stack.web, owner, "voice", one) for one in arrivals], 30))
        ends = [hooks.signed(stack.web, owner, "call-status", hooks.hung_up(one)) for one in arrivals]
        timed(stack, ends[:CALLS], 10)
        idle: Times = timed(stack, ends[CALLS : 2 * CALLS], PER_SECOND)
        due.texts(stack, owner, max(20_000, CROWD // 4))
        time.sleep(1)
        busy: Times = timed(stack, ends[2 * CALLS :], PER_SECOND)
        left = _count(stack, WAITING, owner)
    assert left, "The bulk was over before the text-backs were."
    ratio = f"{busy.p50 / idle.p50:.2f}× / {busy.p99 / idle.p99:.2f}×"
    return Row("(e) text-back while bulk texts go out, p50 / p99 ms", str(busy), f"{idle} (idle)", ratio, "p99 ≤ 2×")


# -- looking -----------------------------------------------------------------------------------------------------


def _count(stack: Stack, query: str, business: Business) -> int:
    return int(_seconds(stack, query, business)[0])


def _seconds(stack: Stack, query: str, business: Business) -> list[float]:
    with psycopg.connect(stack.superuser) as connection:
        return _ask(connection, query, business)


def _ask(connection: psycopg.Connection[Any], query: str, business: Business) -> list[float]:
    return sorted(row[0] for row in connection.execute(query.encode(), (business.id,)))


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
