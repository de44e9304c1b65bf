"""Real processes: workers and a clock, as production runs them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundwork import config
from tests.makers import World, make_world

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def world(clean: config.Settings) -> World:
    return make_world()


@pytest.fixture
def start(clean: config.Settings) -> Iterator[Start]:
    """Start `hallway <words>`; whatever still runs afterwards is killed."""
    running: list[subprocess.Popen[bytes]] = []
    path = os.pathsep.join((str(ROOT), str(ROOT / "platform")))

    def run(*words: str, **env: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "workers.cli", *words]
        running.append(subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path, **env}, cwd=ROOT))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


def wait_for(look: Callable[[], object], otherwise: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)
