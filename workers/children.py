"""Processes of one installation: started with a log of their own, brought back when they fall, stopped in order."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
LOG_LIMIT = 10_000_000


@dataclass
class Child:
    """One process. `grace` is the seconds it gets between the request to stop and the kill."""

    name: str
    command: list[str]
    log: Path
    grace: float = 10.0
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    started: float = 0.0
    retry_at: float | None = field(default=None)

    def start(self, env: Mapping[str, str]) -> None:
        """Start in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone."""
        _roll_over(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.started, self.retry_at = time.monotonic(), None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def fell(self) -> float | None:
        """Seconds until the next try when the process has just ended by itself, else None."""
        if self.alive or self.process is None or self.retry_at is not None:
            return None
        if time.monotonic() - self.started > STEADY_AFTER:
            self.pause = 1.0
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        self.retry_at = time.monotonic() + pause
        return pause

    @property
    def due(self) -> bool:
        return self.retry_at is not None and time.monotonic() >= self.retry_at

    @property
    def exit_code(self) -> int | None:
        return self.process.returncode if self.process else None

    def ask_to_stop(self) -> None:
        if self.alive and self.process:
            _signal_group(self.process.pid, signal.SIGTERM)

    def wait_or_kill(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=self.grace)
        # Also what it may have left behind.
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:])


def note(path: Path, children: Iterable[Child]) -> None:
    """Write down who runs, for a start after a supervisor that was killed."""
    path.write_text(json.dumps({child.name: child.process.pid for child in children if child.process}))


def clear_leftovers(path: Path, mark: str) -> list[str]:
    """End processes noted in `path` that still run with `mark` in their environment. Returns their names."""
    try:
        noted = dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return []
    left = {name: int(pid) for name, pid in noted.items() if _has_mark(int(pid), mark)}
    for pid in left.values():
        _signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + 8
    while any(_has_mark(pid, mark) for pid in left.values()) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left.values():
        if _has_mark(pid, mark):
            _signal_group(pid, signal.SIGKILL)
    path.unlink()
    return sorted(left)


def _has_mark(pid: int, mark: str) -> bool:
    # The number may belong to another program by now; its environment tells.
    try:
        return mark.encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _signal_group(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


def _roll_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
