"""The web server is started with our settings, and its metrics forget a worker that ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from groundwork import config
from workers import serving
from workers.cli import main

ROOT = Path(__file__).resolve().parents[2]


def test_hallway_web_starts_gunicorn_with_our_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, command: started.append(command))
    monkeypatch.setenv("HALLWAY_VAR", str(tmp_path))
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("DATABASE_URL", "postgresql://unused")
    monkeypatch.setenv("REDIS_URL", "redis://unused")
    monkeypatch.setattr("groundwork.log.configure", lambda **_how: None)
    config.settings.cache_clear()
    try:
        assert CliRunner().invoke(main, ["web"]).exit_code == 0
    finally:
        config.settings.cache_clear()
    (command,) = started
    assert command[1:3] == ["-m", "gunicorn"]
    assert "127.0.0.1:8123" in command
    told = subprocess.run(
        [sys.executable, "-m", "gunicorn", *command[3:], "--print-config"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    settings = dict(line.split("=", 1) for line in told.replace(" ", "").splitlines() if "=" in line)
    assert (settings["worker_class"], settings["graceful_timeout"]) == ("asgi", "5")
    assert settings["control_socket_disable"] == "True"
    assert "child_exit" in settings["child_exit"]


def test_a_worker_that_ended_leaves_its_counts_and_takes_its_present_state(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    kept, gone = tmp_path / "counter_77.db", tmp_path / "gauge_livesum_77.db"
    kept.touch()
    gone.touch()
    serving.child_exit(None, SimpleNamespace(pid=77))
    assert kept.exists()
    assert not gone.exists()


def test_without_joined_metrics_an_ended_worker_is_nothing_special(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    serving.child_exit(None, SimpleNamespace(pid=77))
