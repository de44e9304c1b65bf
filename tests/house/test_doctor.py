"""The doctor finds what is wrong with an installation and says how to mend it."""

from __future__ import annotations

import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import psycopg
import pytest
import redis
from click.testing import CliRunner
from rq import Queue, SimpleWorker

from groundwork.config import Settings
from groundwork.embedded import free_port
from workers.checkups import database, network, queues
from workers.doctor import doctor, secrets

Found = tuple[str, str, str]


def broken(found: list[Any]) -> list[str]:
    return [says for state, says, _cure in found if state == "broken"]


def test_a_sound_database_has_nothing_to_mend(settings: Settings) -> None:
    found = [
        *database.server(settings),
        *database.logins(settings),
        *database.schema(settings),
        *database.wall(settings),
    ]
    assert broken(found) == []
    assert any("web is hallway_web, bound by the wall" in says for _, says, _ in found)


def test_a_database_that_is_away_is_told_without_its_password(settings: Settings) -> None:
    away = replace(settings, database_url=f"postgresql+psycopg://owner:hush-hush@127.0.0.1:{free_port()}/hallway")
    found = list(database.server(away))
    assert broken(found)
    assert "hush-hush" not in str(found)


def test_a_log_in_above_the_wall_is_found(settings: Settings, superuser_url: str) -> None:
    above = superuser_url.replace("postgresql:", "postgresql+psycopg:")
    found = list(database.logins(replace(settings, login_urls={**settings.login_urls, "web": above})))
    assert broken(found) == ["The web log-in (postgres) stands above the wall between tenants."]


def test_a_table_outside_the_wall_is_found(settings: Settings, behind_the_wall: psycopg.Connection[Any]) -> None:
    behind_the_wall.execute("create table forgotten (tenant_id uuid)")
    try:
        assert broken(list(database.wall(settings))) == ["Not behind the wall: forgotten."]
    finally:
        behind_the_wall.execute("drop table forgotten")


def test_a_schema_that_is_behind_asks_for_migrate(settings: Settings, behind_the_wall: psycopg.Connection[Any]) -> None:
    row = behind_the_wall.execute("select version_num from alembic_version").fetchone()
    assert row
    behind_the_wall.execute("update alembic_version set version_num = '0001'")
    try:
        ((state, says, cure),) = database.schema(settings)
    finally:
        behind_the_wall.execute("update alembic_version set version_num = %s", row)
    assert (state, cure) == ("broken", "Run `hallway migrate`.")
    assert "at 0001" in says


def test_a_redis_that_may_evict_is_broken(clean: Settings) -> None:
    with redis.Redis.from_url(clean.redis_url) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert any("allkeys-lru" in says for says in broken(list(queues.store(clean))))
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    assert broken(list(queues.store(clean))) == []


def test_queues_without_a_worker_are_named(clean: Settings) -> None:
    with redis.Redis.from_url(clean.redis_url) as client:
        worker: Any = SimpleWorker([Queue("now", connection=client)], connection=client)
        worker.register_birth()
        found = list(queues.workers(clean))
        worker.register_death()
    assert broken(found) == ["No worker listens to `soon`.", "No worker listens to `bulk`."]


def test_a_clock_that_stands_still_is_found(clean: Settings) -> None:
    assert broken(list(queues.clock(clean))) == ["The clock gave no sign of life in the last half minute."]
    with redis.Redis.from_url(clean.redis_url) as client:
        client.set(queues.ALIVE_KEY, "2026-03-02T15:00:00+00:00", ex=30)
    assert broken(list(queues.clock(clean))) == []


def test_timers_that_wait_too_long_point_at_the_clock(
    clean: Settings, behind_the_wall: psycopg.Connection[Any]
) -> None:
    with behind_the_wall.transaction():
        behind_the_wall.execute("set local session_replication_role = replica")
        behind_the_wall.execute(
            "insert into timer (tenant_id, id, kind, key, due_at, version, state, attempts, payload) values "
            "(gen_random_uuid(), gen_random_uuid(), 'test', 'k', now() - interval '1 hour', 1, 'ready', 0, '{}')"
        )
    assert any("1 timers are overdue" in says for says in broken(list(queues.clock(clean))))


@pytest.mark.parametrize(("status", "state"), [(200, "good"), (401, "broken"), (503, "broken")])
def test_the_carrier_is_asked_whether_it_knows_us(settings: Settings, status: int, state: str) -> None:
    class Carrier(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/2010-04-01/Accounts/AC00.json"
            assert self.headers["Authorization"].startswith("Basic ")
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    known = replace(settings, carrier_account_sid="AC00", carrier_auth_token="t", carrier_api_url=url)
    try:
        assert [found[0] for found in network.carrier(known)] == [state]
    finally:
        server.shutdown()


def test_an_address_where_nobody_answers_is_broken(settings: Settings) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    found = list(network.pages(replace(settings, public_url=nowhere, hooks_url=nowhere)))
    assert len(broken(found)) == 2


@pytest.mark.parametrize("weak", ["short", "a" * 64])
def test_a_weak_secret_is_broken_in_production(settings: Settings, weak: str) -> None:
    assert broken(list(secrets(replace(settings, environment="production", secret_key=weak))))


def test_without_settings_the_command_says_what_is_missing_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HALLWAY_VAR", "/nonexistent")
    result = CliRunner().invoke(doctor, ["--json"])
    assert result.exit_code == 1
    (finding,) = [json.loads(line) for line in result.output.splitlines()]
    assert finding["about"] == "settings"
    assert "DATABASE_URL is not set" in finding["says"]
    assert finding["cure"]


def test_the_whole_examination_goes_on_past_what_is_broken(settings: Settings) -> None:
    result = CliRunner().invoke(doctor, ["--json"])
    findings = [json.loads(line) for line in result.output.splitlines()]
    assert {"secrets", "database", "wall", "redis", "workers", "carrier"} <= {f["about"] for f in findings}
    assert all(f["cure"] for f in findings if f["state"] == "broken")
    assert result.exit_code == 1
