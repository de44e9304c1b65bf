"""`hallway run` starts a whole installation in any folder, tells what is wrong plainly, and leaves nothing running."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import psutil
import pytest

from groundwork.embedded import free_port
from workers import surroundings
from workers.supervisor import answers, demo_logins

ROOT = Path(__file__).resolve().parents[2]
STARTED_WITHIN = 180


class Running:
    """One `hallway run` and what it has said so far."""

    def __init__(self, var: Path, port: int | None = None) -> None:
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        env = {name: os.environ[name] for name in kept if name in os.environ} | {"HALLWAY_VAR": str(var)}
        self.said = var.parent / f"{var.name}.{time.monotonic_ns()}.out"
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers.cli", "run", *(["--port", str(port)] if port else [])],
                cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def words(self) -> str:
        return self.said.read_text()

    def until(self, pattern: str) -> str:
        deadline = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < deadline:
            found = re.search(pattern, self.words())
            if found:
                return found[found.lastindex or 0]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} was never said:\n{self.words()}")

    def until_ready(self) -> str:
        return self.until(r"Hallway runs at  (\S+)")

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """An installation's folder that the tests of this file use one after the other."""
    with tempfile.TemporaryDirectory(prefix="hallway-run-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "var"
        for process in processes_of(Path(name) / "var"):
            process.kill()


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., Running]]:
    runs: list[Running] = []

    def begin(port: int | None = None) -> Running:
        runs.append(Running(var, port))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)


def processes_of(var: Path) -> list[psutil.Process]:
    """Whatever works for the installation in `var`: by environment, command line or current folder."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [process.cwd(), *process.cmdline(), *(f"{k}={v}" for k, v in process.environ().items())]
        except psutil.Error:
            continue
        if any(str(var) in word for word in words):
            found.append(process)
    return found


def test_a_bare_folder_becomes_a_running_product_and_ctrl_c_leaves_no_process(
    var: Path, start: Callable[..., Running]
) -> None:
    port = free_port()
    run = start(port)
    assert run.until_ready() == f"http://localhost:{port}"
    assert answers(f"http://127.0.0.1:{port}/")
    assert run.end() == 0
    assert "the data stays" in run.words()
    assert [process.cmdline() for process in processes_of(var)] == []


def test_the_log_ins_of_the_demo_world_are_told(var: Path, start: Callable[..., Running]) -> None:
    run = start(free_port())
    logins = demo_logins(var, run.until_ready())
    assert logins
    for login in logins:
        assert all(word in run.words() for word in login.values())
        assert answers(login["url"])


def test_a_second_start_is_quick_and_a_third_beside_it_is_told_the_address(
    var: Path, start: Callable[..., Running]
) -> None:
    began = time.monotonic()
    first = start(free_port())
    url = first.until_ready()
    assert time.monotonic() - began < 60
    beside = start(free_port())
    assert beside.process.wait(timeout=30) == 1
    assert f"already runs from this folder, at {url}" in beside.words()


def test_a_part_that_falls_is_brought_back_and_told(var: Path, start: Callable[..., Running]) -> None:
    port = free_port()
    run = start(port)
    run.until_ready()
    web = next(process for process in processes_of(var) if "wsgi:asgi" in process.cmdline())
    os.killpg(web.pid, signal.SIGKILL)
    run.until(r"web ended by itself \(exit -9\)")
    redis = next(process for process in processes_of(var) if "redis-server" in process.cmdline()[0])
    redis.kill()
    run.until("Redis ended by itself")
    deadline = time.monotonic() + 30
    while not answers(f"http://127.0.0.1:{port}/") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answers(f"http://127.0.0.1:{port}/")


def test_what_a_killed_run_left_behind_is_cleared_by_the_next(var: Path, start: Callable[..., Running]) -> None:
    killed = start(free_port())
    killed.until_ready()
    killed.end(signal.SIGKILL)
    assert processes_of(var)
    run = start(free_port())
    run.until("ended web, left over")
    run.until_ready()
    assert run.end(signal.SIGTERM) == 0
    assert [process.cmdline() for process in processes_of(var)] == []


def test_a_port_that_was_asked_for_and_is_taken_is_a_plain_error(var: Path, start: Callable[..., Running]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        run = start(port)
        assert run.process.wait(timeout=30) == 1
    assert f"Port {port} is in use by another program" in run.words()
    assert "Traceback" not in run.words()


def test_without_a_wish_the_next_free_port_is_taken_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        (tmp_path / "ports.json").write_text(f'{{"web": {port}}}')
        ports = surroundings.choose_ports(tmp_path, None, told.append)
    assert ports.web > port
    assert told == [f"port {port} is in use, taking {ports.web}"]
    assert len({ports.web, ports.sandbox, ports.postgres, ports.redis}) == 4


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(click.ClickException, match=re.escape(str(tmp_path / "file" / "var"))):
        surroundings.open_folder({"HALLWAY_VAR": str(tmp_path / "file" / "var")})


def test_a_damaged_ports_file_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")
    assert surroundings.choose_ports(tmp_path, None, lambda _words: None).web


def test_real_credentials_leave_the_sandbox_out(tmp_path: Path) -> None:
    ports = surroundings.Ports(8000, 8010, 1, 2)
    real = {"TWILIO_ACCOUNT_SID": "AC00", "TWILIO_AUTH_TOKEN": "token", "PUBLIC_URL": "https://hallway.example"}
    env = surroundings.environment(real, tmp_path, ports, "postgresql://db", "redis://store")
    assert "TWILIO_API_URL" not in env
    assert "SANDBOX_URL" not in env
    assert env["PUBLIC_URL"] == "https://hallway.example"
    boxed = surroundings.environment({}, tmp_path, ports, "postgresql://db", "redis://store")
    assert boxed["TWILIO_API_URL"] == "http://127.0.0.1:8010"
    assert re.fullmatch(r"AC[0-9a-f]{32}", boxed["TWILIO_ACCOUNT_SID"])
