"""The suite's own footing: every test starts from an empty database that the wall protects."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import redis

from groundwork.config import Settings
from groundwork.database import engine
from tests import makers
from tests.cleaning import Cleaner, filled


@pytest.mark.parametrize("turn", [1, 2])
def test_a_clean_test_sees_nothing_of_the_one_before(
    clean: Settings,
    behind_the_wall: psycopg.Connection[Any],
    turn: int,
) -> None:
    count = behind_the_wall.execute("select count(*) from agency").fetchone()
    assert count == (0,)
    behind_the_wall.execute("insert into agency (id, slug, name) values (gen_random_uuid(), 'left', 'Left Over')")
    with redis.Redis.from_url(clean.redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "over")


def test_what_the_test_before_left_open_is_ended(
    clean: Settings, behind_the_wall: psycopg.Connection[Any], superuser_url: str, shipped_tables: frozenset[str]
) -> None:
    with psycopg.connect(superuser_url) as left_open:
        left_open.execute("insert into agency (id, slug, name) values (gen_random_uuid(), 'left', 'Left Open')")
        Cleaner(behind_the_wall, shipped_tables, patience=0.05).empty()
        with pytest.raises(psycopg.OperationalError, match="terminating connection"):
            left_open.commit()
    assert "agency" not in filled(behind_the_wall)


def test_whoever_still_works_while_rows_go_gives_way(
    clean: Settings, cleaner: Cleaner, behind_the_wall: psycopg.Connection[Any], superuser_url: str
) -> None:
    makers.make_agency("Northstar Marketing", "northstar")
    makers.make_user("Alice Romero")
    with psycopg.connect(superuser_url) as worker, ThreadPoolExecutor() as pool:
        worker.execute("set local deadlock_timeout = '50ms'")
        worker.execute("update user_account set name = 'B'")
        deletion = pool.submit(cleaner.delete)
        while not worker.execute("select 1 from pg_locks where not granted").fetchone():
            assert not deletion.done()
        with pytest.raises(psycopg.errors.DeadlockDetected):
            worker.execute("update agency set name = 'Two'")
        worker.rollback()
        deletion.result(10)
    assert {"agency", "user_account"}.isdisjoint(filled(behind_the_wall))


def test_the_web_login_is_one_the_wall_binds(settings: Settings) -> None:
    with engine("web").connect() as connection:
        row = connection.exec_driver_sql(
            "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        ).one()
    assert tuple(row) == ("hallway_web", False)


def test_nothing_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="not this machine"):
        outside.connect(("192.0.2.1", 80))
