"""What workers do at the end: a stop is quick, a killed Redis loses nothing."""

from __future__ import annotations

import signal
from pathlib import Path

from groundwork.embedded import Redis as Server
from tests.makers import World
from tests.workers.conftest import Start, handled, store, wait_for


def test_a_stop_while_idle_ends_the_worker_at_once(world: World, start: Start) -> None:
    worker = start("worker", "now")
    store(world.plumber, "first")
    wait_for(lambda: handled(world.plumber) == 1, "the worker never began")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(5) == 0


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
