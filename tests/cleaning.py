"""Empties the database between two tests, whoever still works on it for the one before."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

import psycopg
from psycopg import sql

from groundwork import database

TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
AT_WORK = """select pid from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
    and xact_start is not null"""
# Foreign keys and append-only triggers rest while every row goes. In a deadlock the other one gives way.
TERMS = """set local session_replication_role = replica;
    set local deadlock_timeout = '1h'; set local lock_timeout = '2s';"""
ATTEMPTS = 5


def filled(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables that hold at least one row."""
    return _run(connection, _probe(connection, kept=()))


def _probe(connection: psycopg.Connection[Any], kept: Collection[str]) -> sql.Composed:
    names = [str(row[0]) for row in connection.execute(TABLES)]
    one = sql.SQL("select {} where exists (select from {})")
    return sql.SQL(" union all ").join(one.format(name, sql.Identifier(name)) for name in names if name not in kept)


def _run(connection: psycopg.Connection[Any], probe: sql.Composed) -> list[str]:
    return [str(row[0]) for row in connection.execute(probe)]


class Cleaner:
    """Deletes every row but those of the tables that migrations filled, over a superuser's autocommit connection.

    A process or an open session of the test before may be in the middle of a transaction: it is waited for, `patience`
    seconds at most, and then its connection is ended. One failed test never makes the next one fail.
    """

    def __init__(self, connection: psycopg.Connection[Any], kept: Collection[str], patience: float = 2) -> None:
        self._connection, self._patience = connection, patience
        self._probe = _probe(connection, kept)

    def empty(self) -> None:
        self._wait_for_the_others()
        for attempt in range(ATTEMPTS):
            try:
                return self.delete()
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                if attempt == ATTEMPTS - 1:
                    raise
                self._end_the_others()
        return None

    def delete(self) -> None:
        """All rows in one transaction and two round trips."""
        deletes = [
            sql.SQL("delete from {};").format(sql.Identifier(name)) for name in _run(self._connection, self._probe)
        ]
        if deletes:
            # Many statements in one message are one transaction; a prepared statement could not hold them.
            self._connection.execute(sql.SQL(TERMS) + sql.SQL(" ").join(deletes), prepare=False)

    def _wait_for_the_others(self) -> None:
        until = time.monotonic() + self._patience
        while self._connection.execute(AT_WORK).fetchone():
            if time.monotonic() > until:
                return self._end_the_others()
            time.sleep(0.005)
        return None

    def _end_the_others(self) -> None:
        ended = self._connection.execute(f"select pg_terminate_backend(pid, 5000) from ({AT_WORK}) as others")
        ended.fetchall()
        database.dispose()  # some of them may have been this process's own, and a pool does not know its dead
