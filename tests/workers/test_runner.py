"""Workers and the clock as processes: bells are answered, once each."""

from __future__ import annotations

import subprocess
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import select

from groundwork import clock, config, jobs, timers
from groundwork.tables import InboundEvent, Timer
from hallway.calls import Alarm
from tests.makers import World, make_conversation
from tests.workers.conftest import Start, handled, store, wait_for


@pytest.mark.usefixtures("worker_process")
def test_a_warm_worker_answers_bells_and_leaves_nothing_in_redis(world: World) -> None:
    for number in range(5):
        store(world.plumber, f"event {number}")
        store(world.charlie, f"event {number}")
    wait_for(lambda: handled(world.plumber) == 5 and handled(world.charlie) == 5, "bells were not answered")
    with Redis.from_url(config.settings().redis_url) as client:
        wait_for(lambda: not [*client.scan_iter("rq:job:*"), *client.scan_iter("rq:queue:*")], "jobs were left behind")


@pytest.mark.usefixtures("worker_process")
def test_the_clock_rings_what_falls_due_later(world: World, start: Start) -> None:
    start("clock")
    with world.plumber.open() as session:
        conversation = make_conversation(session)
        alarm = Alarm(conversation_id=conversation.id, reason="repeat_call", words="x", acknowledged_at=clock.now())
        session.add(alarm)
        session.flush()
        timers.put(session, "page_on_call", alarm.id, clock.in_(seconds=1))
        key = str(alarm.id)

    def done() -> bool:
        with world.plumber.open() as session:
            return session.scalars(select(Timer.state).where(Timer.key == key)).one() == "done"

    wait_for(done, "the timer never ran")


@pytest.mark.usefixtures("worker_process")
def test_two_clocks_do_everything_once(world: World, start: Start) -> None:
    start("clock")
    start("clock")
    for number in range(10):
        store(world.plumber, f"event {number}")
    wait_for(lambda: handled(world.plumber) == 10, "not all was handled")
    with world.plumber.open() as session:
        assert set(session.scalars(select(InboundEvent.attempts))) == {0}


def test_a_bell_of_a_tenant_that_is_gone_harms_nobody(world: World, worker_process: subprocess.Popen[bytes]) -> None:
    jobs.ring_now(UUID(int=7), "events")
    jobs.ring_now(world.plumber.id, "no such kind")
    store(world.plumber, "one")
    wait_for(lambda: handled(world.plumber) == 1, "the worker was stuck")
    assert worker_process.poll() is None
