"""The clock of a demo world: turned forward from the sandbox's page, and seen by every process at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from groundwork import clock, config
from groundwork.config import ConfigError
from tests.carrier import running_carrier


@pytest.fixture
def turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "clock.turns"
    monkeypatch.setenv(clock.VARIABLE, str(path))
    return path


def test_without_a_file_the_time_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_turn_is_seen_at_once_and_what_lasts_stays(turns: Path) -> None:
    before = clock.now()
    assert abs(before - clock.real()) < timedelta(seconds=1)
    turns.write_text(f"{time.time():.6f} 86400.0\n")
    assert timedelta(hours=23) < clock.now() - clock.real() < timedelta(hours=25)
    # A claim taken a moment before the turn has not lapsed by it.
    assert before > clock.ago(timedelta(seconds=45))
    turns.write_text(turns.read_text() + f"{time.time():.6f} 172800.0\n")
    assert timedelta(hours=47) < clock.now() - clock.real() < timedelta(hours=49)


def test_nobody_turns_the_clock_in_production() -> None:
    env = {"HALLWAY_ENV": "production", "SECRET_KEY": "x" * 40, "DATABASE_URL": "postgresql://a/b", clock.VARIABLE: "f"}
    with pytest.raises(ConfigError, match="unset it in production"):
        config.from_env(env)


def test_the_sandbox_turns_it_forward_only_and_keeps_it_over_a_restart(turns: Path, tmp_path: Path) -> None:
    with running_carrier(tmp_path, clock=turns) as carrier:
        shown = carrier.control("POST", "clock", {"by": "day"})
        assert shown["ahead"] == 86400
        assert timedelta(hours=23) < clock.now() - clock.real() < timedelta(hours=25)
        sid = carrier.call("+15125550148", "+15125550100")
        assert carrier.show_call(sid)["created"] > time.time() + 80_000  # its own times follow
        morning = carrier.control("POST", "clock", {"to": "morning"})
        assert morning["time"].startswith("9:00 am")
        with pytest.raises(RuntimeError, match="forward only"):
            carrier.control("POST", "clock", {"seconds": -60})
        ahead = carrier.control("GET", "clock")["ahead"]
    with running_carrier(tmp_path, clock=turns) as carrier:
        assert carrier.control("GET", "clock")["ahead"] == ahead
