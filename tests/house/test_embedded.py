"""The embedded servers start anywhere, survive a power cut, and leave nothing behind."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from groundwork.embedded import EmbeddedError, Postgres, Redis, free_port


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user may pass, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="hallway-test-") as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


@pytest.fixture
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder / "postgres", throwaway=True)
    yield server
    server.stop()


@pytest.fixture
def store(folder: Path) -> Iterator[Redis]:
    server = Redis(folder / "redis")
    yield server
    server.stop()


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


def test_a_fresh_folder_becomes_a_database_that_its_owner_may_fill_but_not_rule(postgres: Postgres) -> None:
    url = postgres.start()
    ask(url, "create table jobs (id int)")
    assert ask(url, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user") is False
    assert ask(url, "select rolcreaterole from pg_roles where rolname = current_user") is True
    assert ask(url, "select upper('ñandú')") == "ÑANDÚ"


def test_the_database_asks_for_a_password_and_its_files_are_private(postgres: Postgres) -> None:
    url = postgres.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(url.split(":")[2].split("@")[0], "wrong"))
    assert stat.S_IMODE((postgres.home / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((postgres.home / "data").stat().st_mode) == 0o700


def test_a_running_server_is_adopted_by_the_next_start(postgres: Postgres) -> None:
    url = postgres.start()
    again = Postgres(postgres.home, throwaway=True)
    assert again.start() == url
    assert again.pid() == postgres.pid()


def test_what_was_committed_outlives_a_power_cut(folder: Path) -> None:
    server = Postgres(folder / "postgres")
    try:
        ask(server.start(), "create table kept as select 7 as n")
        server.kill()
        assert server.pid() is None
        assert ask(server.start(), "select n from kept") == 7
    finally:
        server.stop()


def test_a_stale_pid_file_does_not_stop_the_start(postgres: Postgres) -> None:
    postgres.start()
    pid_file = postgres.home / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    postgres.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert postgres.pid() is None
    assert ask(postgres.start(), "select 1") == 1


def test_a_busy_port_is_left_to_its_holder(postgres: Postgres, store: Redis) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        postgres.port = store.port = taken
        assert f":{taken}/" not in postgres.start()
        assert f":{taken}/" not in store.start()


def test_a_free_port_that_was_asked_for_is_the_one_used(store: Redis) -> None:
    store.port = wanted = free_port()
    assert f":{wanted}/" in store.start()


def test_a_folder_that_cannot_be_written_is_named_plainly(folder: Path) -> None:
    (folder / "blocked").write_text("a file where a folder should be")
    with pytest.raises(EmbeddedError, match=r"blocked.*cannot be written"):
        Postgres(folder / "blocked" / "postgres").start()
    with pytest.raises(EmbeddedError, match=r"blocked.*cannot be written"):
        Redis(folder / "blocked" / "redis").start()


def test_data_of_another_version_is_not_touched(folder: Path) -> None:
    data = folder / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 15"):
        Postgres(folder / "postgres").start()
    assert (data / "PG_VERSION").read_text() == "15\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as another user")
def test_root_behind_a_closed_folder_gets_its_data_and_programs_moved_within_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("groundwork.embedded.places.STRAY_HOMES", folder / "reach")
    monkeypatch.setattr("groundwork.embedded.postgres.open_to_all", lambda _path: False)
    server = Postgres(closed / "postgres", throwaway=True)
    try:
        assert ask(server.start(), "select 1") == 1
        assert (closed / "postgres").is_symlink()
        again = Postgres(closed / "postgres", throwaway=True)
        assert again.start() == server.url()
    finally:
        server.stop()


def test_redis_keeps_what_it_was_told_through_a_kill_and_never_evicts(store: Redis) -> None:
    client = redis.Redis.from_url(store.start())
    client.set("kept", "yes")
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    client.close()
    store.stop()
    store.start()
    store.kill()
    with redis.Redis.from_url(store.start()) as again:
        assert again.get("kept") == b"yes"


def test_redis_asks_for_a_password(store: Redis) -> None:
    store.start()
    with (
        redis.Redis(port=store.port, retry=Retry(NoBackoff(), 0)) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_stopping_leaves_no_process(postgres: Postgres, store: Redis) -> None:
    postgres.start()
    store.start()
    postgres.stop()
    store.stop()
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(postgres.home) not in listing
    assert str(store.home) not in listing
