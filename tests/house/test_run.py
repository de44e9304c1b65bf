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
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

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

    def __init__(self, var: Path, port: int) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}"
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        env = {name: os.environ[name] for name in kept if name in os.environ} | {"HALLWAY_VAR": str(var)}
        self.said = var.parent / f"{var.name}.{time.monotonic_ns()}.out"
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers.cli", "run", "--port", str(port)],
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


@pytest.fixture(scope="module")
def first(var: Path) -> Iterator[Running]:
    """The first run in a bare folder; the tests below use it in order, and one of them ends it."""
    run = Running(var, free_port())
    run.until_ready()
    yield run
    if run.process.poll() is None:
        run.end(signal.SIGTERM)


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., Running]]:
    runs: list[Running] = []

    def begin(port: int = 0) -> Running:
        runs.append(Running(var, port or free_port()))
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


def test_a_bare_folder_becomes_a_running_product(first: Running) -> None:
    assert answers(f"{first.url}/")
    assert f"localhost:{first.port}" in first.words()


def test_the_log_ins_of_the_demo_world_are_told_and_lead_to_their_businesses(first: Running, var: Path) -> None:
    logins = demo_logins(var, first.url)
    assert len(logins) > 1
    for login in logins:
        assert all(word in first.words() for word in login.values())
        host = urlsplit(login["url"]).netloc
        request = urllib.request.Request(f"{first.url}/log-in", headers={"Host": host})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 200


def test_another_start_beside_it_is_told_the_address(first: Running, start: Callable[..., Running]) -> None:
    beside = start()
    assert beside.process.wait(timeout=60) == 1
    assert f"already runs from this folder, at http://localhost:{first.port}" in beside.words()
    assert "Traceback" not in beside.words()


def test_a_part_that_falls_is_brought_back_and_told(first: Running, var: Path) -> None:
    web = next(process for process in processes_of(var) if "wsgi:asgi" in process.cmdline())
    os.killpg(web.pid, signal.SIGKILL)
    first.until(r"web ended by itself \(exit -9\)")
    redis = next(process for process in processes_of(var) if "redis-server" in process.cmdline()[0])
    redis.kill()
    first.until("Redis ended by itself")
    deadline = time.monotonic() + 60
    while not answers(f"{first.url}/") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answers(f"{first.url}/")


def test_ctrl_c_stops_everything_and_says_that_the_data_stays(first: Running, var: Path) -> None:
    assert first.end() == 0
    assert "the data stays" in first.words()
    assert [process.cmdline() for process in processes_of(var)] == []


def test_a_second_start_is_quick_and_clears_what_a_killed_one_left_behind(
    first: Running, var: Path, start: Callable[..., Running]
) -> None:
    assert first.process.poll() is not None
    began = time.monotonic()
    killed = start()
    killed.until_ready()
    assert time.monotonic() - began < 60
    killed.end(signal.SIGKILL)
    assert processes_of(var)
    again = start()
    again.until("ended web, left over")
    again.until_ready()
    assert again.end(signal.SIGTERM) == 0
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
