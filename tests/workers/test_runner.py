"""Workers and the clock as processes: bells are answered, Redis may go, a stop lets the present work finish."""

from __future__ import annotations

import signal
from pathlib import Path
from uuid import UUID

from redis import Redis
from sqlalchemy import select

from groundwork import clock, config, intake, jobs, timers
from groundwork.embedded import Redis as Server
from groundwork.tables import InboundEvent, Timer
from hallway.calls import Alarm
from tests.makers import Business, World, make_conversation
from tests.workers.conftest import Start, wait_for


def store(business: Business, name: str) -> None:
    """A stored request whose handling needs nothing else: a recording without a sound."""
    with business.open() as session:
        intake.store(session, "twilio", "recording", name, {"CallSid": "CA1", "RecordingStatus": "absent"})


def handled(business: Business) -> int:
    with business.open() as session:
        return len(session.scalars(select(InboundEvent.id).where(InboundEvent.state == "done")).all())


def test_a_warm_worker_answers_bells_and_leaves_nothing_in_redis(world: World, start: Start) -> None:
    start("worker", "now")
    for number in range(5):
        store(world.plumber, f"event {number}")
        store(world.charlie, f"event {number}")
    wait_for(lambda: handled(world.plumber) == 5 and handled(world.charlie) == 5, "bells were not answered")
    with Redis.from_url(config.settings().redis_url) as client:
        wait_for(lambda: not [*client.scan_iter("rq:job:*"), *client.scan_iter("rq:queue:*")], "jobs were left behind")


def test_a_stop_while_idle_ends_the_worker_at_once(world: World, start: Start) -> None:
    worker = start("worker", "now")
    store(world.plumber, "first")
    wait_for(lambda: handled(world.plumber) == 1, "the worker never began")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(5) == 0


def test_the_clock_rings_what_falls_due_later(world: World, start: Start) -> None:
    start("worker", "now")
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


def test_redis_killed_and_come_back_empty_loses_nothing(world: World, start: Start, tmp_path: Path) -> None:
    server = Server(tmp_path / "redis", throwaway=True)
    url = server.start()
    worker = start("worker", "now", REDIS_URL=url)
    ticking = start("clock", REDIS_URL=url)
    try:
        store(world.plumber, "before")  # rung on another Redis: only this clock can know
        wait_for(lambda: handled(world.plumber) == 1, "the clock did not ring")
        server.stop()
        store(world.plumber, "while Redis is away")
        wait_for(lambda: handled(world.plumber) == 2, "the clock did not do the work itself")
        assert server.start() == url
        store(world.plumber, "after")
        wait_for(lambda: handled(world.plumber) == 3, "nobody came back")
        assert (worker.poll(), ticking.poll()) == (None, None)
    finally:
        server.stop()


def test_two_clocks_do_everything_once(world: World, start: Start) -> None:
    start("clock")
    start("clock")
    start("worker", "now")
    for number in range(10):
        store(world.plumber, f"event {number}")
    wait_for(lambda: handled(world.plumber) == 10, "not all was handled")
    with world.plumber.open() as session:
        assert set(session.scalars(select(InboundEvent.attempts))) == {0}


def test_a_bell_of_a_tenant_that_is_gone_harms_nobody(world: World, start: Start) -> None:
    jobs.ring_now(UUID(int=7), "events")
    jobs.ring_now(world.plumber.id, "no such kind")
    worker = start("worker", "now")
    store(world.plumber, "one")
    wait_for(lambda: handled(world.plumber) == 1, "the worker was stuck")
    assert worker.poll() is None
