"""What every test may ask for: a clean database, a Redis, a browser; and no network beyond this machine."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
import redis
from playwright.sync_api import Browser, Page, expect, sync_playwright
from psycopg import sql

from groundwork import config as configuration
from groundwork import database, migrate
from groundwork.config import Settings
from groundwork.embedded import Postgres, Redis
from groundwork.embedded.postgres import OWNER, SUPERUSER
from scripts import browser as chromium
from tests.cleaning import Cleaner, filled

HOME = "HALLWAY_TEST_HOME"
PREFIX = "hallway-tests-"
SECRET = "a secret that only the tests know"
OWN_NAMES = ("TWILIO_", "SANDBOX_", "HALLWAY_", "PUBLIC_URL", "HOOKS_URL", "DATABASE_URL", "REDIS_URL", "SEAL_KEYS")

# The suite asks the same each time, so that it fails for a reason; HYPOTHESIS_PROFILE=thorough looks for new ones.
hypothesis.settings.register_profile("suite", max_examples=100, deadline=None, derandomize=True)
hypothesis.settings.register_profile("thorough", max_examples=2000, deadline=None)

LONGEST = (
    "tests/house/test_run.py", "tests/browser/test_shell_in_browser.py",
    "tests/browser/test_a_missed_call_becomes_a_conversation.py", "tests/browser/test_inbox_live.py",
    "tests/browser/test_from_front_page_to_live.py",
    "tests/journeys/test_stories.py", "tests/house/test_embedded.py", "tests/calls/test_with_the_carrier.py",
    "tests/sandbox/test_contract.py", "tests/workers/test_demo_month.py", "tests/workers/test_ends.py",
    "tests/calls/test_disorder.py", "tests/workers/test_runner.py", "tests/ui/test_every_route.py",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """The main process makes the folder that all workers share; the environment of the developer stays outside."""
    for name in [name for name in os.environ if name.startswith(OWN_NAMES) and name != HOME]:
        del os.environ[name]
    # Without kept bytecode, each of the many processes that tests start compiles every package anew: seconds for each.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ.update(HALLWAY_ENV="test", SECRET_KEY=SECRET)
    hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
    if not hasattr(config, "workerinput"):
        _clear_leftovers()
        home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        home.chmod(0o711)
        os.environ[HOME] = str(home)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest begin first, so that no worker is left alone with one at the end."""
    items.sort(
        key=lambda item: next((n for n, file in enumerate(LONGEST) if item.nodeid.startswith(file)), len(LONGEST))
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and HOME in os.environ:
        _tear_down(Path(os.environ.pop(HOME)))


def _clear_leftovers() -> None:
    """A run that was killed could not stop its servers; the next one does."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = home.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and home.stat().st_uid == os.getuid():
            _tear_down(home)


def _tear_down(home: Path) -> None:
    for folder in home.glob("redis-*"):
        Redis(folder).stop()
    if (home / "postgres").exists():
        Postgres(home / "postgres").stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this xdist worker: gw0, gw1, ..."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "gw0"))


@pytest.fixture(scope="session")
def home(worker: str) -> Path:
    """A folder of this run, shared by its workers."""
    return Path(os.environ[HOME])


@pytest.fixture(scope="session")
def redis_url(home: Path, worker: str) -> str:
    """A Redis of this worker's own."""
    return Redis(home / f"redis-{worker}", throwaway=True).start()


@pytest.fixture(scope="session")
def postgres(home: Path) -> Postgres:
    """The one PostgreSQL of this run; its database `hallway` is migrated and serves as the template."""
    with _alone(home):
        server = Postgres(home / "postgres", throwaway=True)
        url = server.start()
        if not (home / "migrated").exists():
            migrate.upgrade(configuration.from_env({**os.environ, "DATABASE_URL": url, "REDIS_URL": "redis://unused"}))
            (home / "migrated").touch()
    return server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres, home: Path, worker: str) -> str:
    """The owner's address of this worker's own copy of the template."""
    name = f"t_{worker}"
    copy = sql.SQL("create database {} template hallway owner {} strategy wal_log")
    with _alone(home), psycopg.connect(postgres.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(OWNER)))
    return postgres.url(name)


@pytest.fixture(scope="session")
def superuser_url(postgres: Postgres, postgres_url: str, worker: str) -> str:
    """This worker's database for one whom no wall holds back: to look behind it, never to test through."""
    return postgres.url(f"t_{worker}", SUPERUSER)


@pytest.fixture(scope="session")
def shipped_tables(superuser_url: str) -> frozenset[str]:
    """Tables that migrations filled; they keep their rows between tests."""
    with psycopg.connect(superuser_url) as connection:
        return frozenset(filled(connection))


@pytest.fixture(scope="session")
def settings(
    postgres_url: str, redis_url: str, home: Path, worker: str, shipped_tables: frozenset[str]
) -> Iterator[Settings]:
    """The settings of this process, on its own database and Redis."""
    var = home / f"var-{worker}"
    var.mkdir()
    os.environ.update(DATABASE_URL=postgres_url, REDIS_URL=redis_url, HALLWAY_VAR=str(var))
    configuration.settings.cache_clear()
    yield configuration.settings()
    database.dispose()


@pytest.fixture(scope="session")
def behind_the_wall(settings: Settings, superuser_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection: sees and deletes rows of every tenant."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def cleaner(behind_the_wall: psycopg.Connection[Any], shipped_tables: frozenset[str]) -> Cleaner:
    return Cleaner(behind_the_wall, shipped_tables)


@pytest.fixture(scope="session")
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def clean(settings: Settings, cleaner: Cleaner, redis_client: redis.Redis) -> Settings:
    """An empty database and an empty Redis for this test."""
    configuration.settings.cache_clear()  # what a test before read while its own environment still stood
    cleaner.empty()
    redis_client.flushall()
    return settings


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            raise AssertionError(f"A test tried to reach {address[0]}, which is not this machine.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless. Without one the test is skipped, and under CI it fails."""
    program = chromium.find()
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("No Chromium on this machine; set CHROMIUM to its path.")
    expect.set_options(timeout=20_000)  # milliseconds until a fault is told, not until a good page is
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=quiet)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page with no cookies, 1280 x 800."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()
