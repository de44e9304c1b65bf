"""A whole installation for measuring: servers, web and workers as real processes, and the smallest carrier there is."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groundwork.embedded import Postgres, Redis, free_port
from groundwork.embedded.postgres import SUPERUSER
from workers.children import Child

TOKEN = "b" * 32
ACCOUNT = "AC" + "1" * 32


@dataclass
class Stack:
    """Addresses of what runs, and the environment its processes share."""

    folder: Path
    env: dict[str, str]
    web: str
    carrier: str
    superuser: str

    @contextmanager
    def processes(self, *commands: list[str], env: Mapping[str, str] | None = None) -> Iterator[list[Child]]:
        """Run `commands` beside each other until the block ends."""
        children = [
            Child(f"p{number}", command, self.folder / f"{number}-{Path(command[-1]).name[:20]}.log")
            for number, command in enumerate(commands)
        ]
        for child in children:
            child.start({**self.env, **(env or {})})
        try:
            yield children
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait_or_kill()


@contextmanager
def stack() -> Iterator[Stack]:
    """PostgreSQL with its usual durability, Redis, the smallest carrier, and a migrated database."""
    with tempfile.TemporaryDirectory(prefix="hallway-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, redis = Postgres(folder / "postgres"), Redis(folder / "redis")
        try:
            database, cache = postgres.start(), redis.start()
            web, carrier = free_port(), free_port()
            env = environment(folder, database, cache, web, carrier)
            os.environ.update(env)
            here = Stack(folder, env, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{carrier}", "")
            here.superuser = postgres.url("hallway", SUPERUSER)
            with here.processes(
                [sys.executable, "-m", "workers.cli", "migrate"],
                [sys.executable, "-m", "tests.bench.small_carrier", str(carrier)],
            ) as (migrate, _):
                assert migrate.process is not None
                if migrate.process.wait(60):
                    raise RuntimeError(migrate.last_words())
                wait_for(here.carrier + "/calls")
                yield here
        finally:
            redis.stop()
            postgres.stop()


def environment(folder: Path, database: str, redis: str, web: int, carrier: int) -> dict[str, str]:
    """What every process of an installation under test is given; the carrier and the web listen on these ports."""
    metrics = folder / "metrics"
    metrics.mkdir()
    ours = {
        "HALLWAY_ENV": "production",
        "SECRET_KEY": "a secret for measuring only, long enough",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "PORT": str(web),
        "PUBLIC_URL": f"http://localhost:{web}",
        "HOOKS_URL": f"http://127.0.0.1:{web}",
        "TWILIO_API_URL": f"http://127.0.0.1:{carrier}",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "HALLWAY_VAR": str(folder),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "RATELIMIT_ENABLED": "0",
    }
    return {**os.environ, **ours}


def wait_for(url: str, seconds: float = 30) -> None:
    """Until `url` answers with anything at all."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
