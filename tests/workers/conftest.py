"""Real processes: workers and a clock, as production runs them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from groundwork import config, intake
from groundwork.tables import InboundEvent
from tests.makers import Business, World, make_world

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def world(clean: config.Settings) -> World:
    return make_world()


@pytest.fixture
def start(clean: config.Settings) -> Iterator[Start]:
    """Start `hallway <words>`; whatever still runs afterwards is killed."""
    running: list[subprocess.Popen[bytes]] = []

    def run(*words: str, **env: str) -> subprocess.Popen[bytes]:
        running.append(_begin(*words, **env))
        return running[-1]

    yield run
    for process in running:
        _end(process)


@pytest.fixture(scope="module")
def worker_process(settings: config.Settings) -> Iterator[subprocess.Popen[bytes]]:
    """One warm worker on `now` for all tests that leave it alive."""
    process = _begin("worker", "now")
    yield process
    _end(process)


def _begin(*words: str, **env: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join((str(ROOT), str(ROOT / "platform")))
    command = [sys.executable, "-m", "workers.cli", *words]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path, **env}, cwd=ROOT)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def wait_for(look: Callable[[], object], otherwise: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


def store(business: Business, name: str) -> None:
    """A stored request whose handling needs nothing else: a recording without a sound."""
    with business.open() as session:
        intake.store(session, "twilio", "recording", name, {"CallSid": "CA1", "RecordingStatus": "absent"})


def handled(business: Business) -> int:
    with business.open() as session:
        return len(session.scalars(select(InboundEvent.id).where(InboundEvent.state == "done")).all())
