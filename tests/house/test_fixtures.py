"""The suite's own footing: every test starts from an empty database that the wall protects."""

from __future__ import annotations

import socket
from typing import Any

import psycopg
import pytest
import redis

from groundwork.config import Settings
from groundwork.database import engine


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


def test_the_web_login_is_one_the_wall_binds(settings: Settings) -> None:
    with engine("web").connect() as connection:
        row = connection.exec_driver_sql(
            "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        ).one()
    assert tuple(row) == ("hallway_web", False)


def test_nothing_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="not this machine"):
        outside.connect(("192.0.2.1", 80))
