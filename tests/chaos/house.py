"""The whole product as processes that can be killed one by one, with the sandbox as the carrier."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from groundwork.embedded import Postgres, Redis, free_port
from groundwork.embedded.postgres import SUPERUSER
from hallway import channels
from tests.bench import hooks, stack
from tests.carrier import Carrier
from tests.makers import Business
from workers.children import Child

UNSETTLED = """
    select (select count(*) from message where state in ('held', 'queued', 'claimed', 'unknown'))
         + (select count(*) from call where ended_at is null)
         + (select count(*) from inbound_event where state = 'new')
"""
ACCOUNT_OF = """
    select 'call ' || coalesce(state, '-') || ' ' || coalesce(outcome, '-') || ' text ' || coalesce(text_back, '-')
    from call where from_address = %(caller)s
    union all select 'message ' || state || ' ' || coalesce(error, '-') from message where to_address = %(caller)s
"""


@dataclass
class Part:
    """Something that can be killed and started again."""

    name: str
    start: Callable[[], object]
    kill: Callable[[], object]  # SIGKILL, and gone when it returns


@dataclass
class House:
    """What runs, and what can be asked of it."""

    folder: Path
    carrier: Carrier
    businesses: list[Business]
    superuser: str
    boot: float = 0.0  # seconds from the start of its processes until pages are answered
    parts: list[Part] = field(default_factory=list)

    def unsettled(self) -> int:
        """Rows that still wait for a worker."""
        return int(self.ask(UNSETTLED)[0][0])

    def account_of(self, caller: str) -> list[str]:
        """What our own rows say about one caller, for the post-mortem."""
        return [row[0] for row in self.ask(ACCOUNT_OF, caller=caller)]

    def ask(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Rows of our own database, from behind the wall. Raises psycopg.OperationalError while it is away."""
        with psycopg.connect(self.superuser) as connection:
            return connection.execute(query.encode(), values).fetchall()


Make = Callable[[Carrier], list[Business]]


@contextmanager
def open_house(make: Make | None = None, *, turned: bool = False) -> Iterator[House]:
    """The product with the businesses that `make` gives it (one whose phones ring). What is a part can be killed.

    With `turned` the world's clock can be turned; then PostgreSQL is a part, and the carrier, who keeps the clock, is
    none. Else it is the other way round. The folder with all logs is kept for the post-mortem.
    """
    folder = Path(tempfile.mkdtemp(prefix="hallway-chaos-"))
    folder.chmod(0o755)
    postgres, redis = Postgres(folder / "postgres"), Redis(folder / "redis")
    turns = {"clock": folder / "clock.turns"} if turned else {}
    carrier = Carrier(folder, time_scale=0.05, step=0.05, **turns)
    children: list[Child] = []
    try:
        env = _environment(folder, postgres, redis, carrier, turns)
        _migrate(folder, env)
        carrier.start()
        house = House(folder, carrier, (make or _business)(carrier), postgres.url("hallway", SUPERUSER))
        children, begin = _children(folder), time.monotonic()
        for child in children:
            child.start(env)
        stack.wait_for(env["HOOKS_URL"] + "/healthz", 120)
        house.boot = time.monotonic() - begin
        house.parts = [_process(child, env) for child in children] + [_redis(redis)]
        house.parts.append(_postgres(postgres) if turned else Part("carrier", carrier.start, carrier.kill))
        yield house
    finally:
        for child in children:
            child.ask_to_stop()
            child.wait_or_kill()
        carrier.stop()
        redis.stop()
        postgres.stop()


def _environment(
    folder: Path, postgres: Postgres, redis: Redis, carrier: Carrier, turns: dict[str, Path]
) -> dict[str, str]:
    env = stack.environment(folder, postgres.start(), redis.start(), free_port(), carrier.port)
    env |= {"TWILIO_ACCOUNT_SID": carrier.account_sid, "TWILIO_AUTH_TOKEN": carrier.auth_token}
    env["CATCH_UP_SECONDS"] = "15"
    if turns:
        env |= {"HALLWAY_ENV": "development", "HALLWAY_CLOCK": str(turns["clock"])}
    os.environ.update(env)
    return env


def _migrate(folder: Path, env: dict[str, str]) -> None:
    migrate = Child("migrate", [sys.executable, "-m", "workers.cli", "migrate"], folder / "migrate.log")
    migrate.start(env)
    assert migrate.process is not None
    if migrate.process.wait(60):
        raise RuntimeError(migrate.last_words())


def _business(carrier: Carrier) -> list[Business]:
    """A business at the carrier's main account, whose phones ring and are never answered."""
    made = hooks.business(account_sid=carrier.account_sid, auth_token=carrier.auth_token)
    urls = channels.hook_urls(made.account)
    carrier.buy(
        made.number, voice_url=urls["voice"], sms_url=urls["message"], status_callback=urls["call-status"],
        voice_method="POST", sms_method="POST",
    )  # fmt: skip
    carrier.set_behaviour(made.cell, behaviour="rings")
    return [made]


def _children(folder: Path) -> list[Child]:
    hallway = [sys.executable, "-m", "workers.cli"]
    commands = {
        "web": ["web"],
        "worker 1": ["worker", "now", "soon", "bulk"],
        "worker 2": ["worker", "now", "soon", "bulk"],
        "clock": ["clock"],
    }
    return [Child(name, [*hallway, *words], folder / f"{name}.log") for name, words in commands.items()]


def _process(child: Child, env: dict[str, str]) -> Part:
    def kill() -> None:
        """The whole group at once, so that no child of its own is left to finish the work."""
        if child.process and child.alive:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()

    return Part(child.name, lambda: child.start(env), kill)


def _redis(redis: Redis) -> Part:
    def kill() -> None:
        pid = redis.pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        while redis.pid() is not None:
            time.sleep(0.02)

    return Part("Redis", redis.start, kill)


def _postgres(postgres: Postgres) -> Part:
    """A power cut one time, an ordinary stop the next."""
    ends = itertools.cycle((postgres.kill, postgres.stop))
    return Part("database", postgres.start, lambda: next(ends)())
