"""Looks at PostgreSQL: the server, the log-ins, the schema, and the wall between tenants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from groundwork import migrate
from groundwork.config import Settings

Found = tuple[Literal["good", "warning", "broken"], str, str]
OLDEST = 160000  # GRANT ... WITH SET, used by the wall, came with PostgreSQL 16
LARGEST_SKEW = 5.0

UNWALLED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY 1
"""


def server(settings: Settings) -> Iterator[Found]:
    """Reachable as the owner, new enough, and of one mind with this machine about the time."""
    try:
        with _connection(settings.database_url) as connection:
            number = int(connection.scalar(text("SHOW server_version_num")) or 0)
            version = connection.scalar(text("SHOW server_version"))
            there = connection.scalar(text("SELECT clock_timestamp()")) or datetime.now(UTC)
    except OperationalError as error:
        yield "broken", f"PostgreSQL does not let us in: {_first_line(error)}", "Check DATABASE_URL and the server."
        return
    if number < OLDEST:
        yield "broken", f"PostgreSQL {version} is too old.", "Move to PostgreSQL 16 or newer; 18 is what we test with."
    else:
        yield "good", f"PostgreSQL {version} answers.", ""
    skew = abs((there - datetime.now(UTC)).total_seconds())
    if skew > LARGEST_SKEW:
        yield "warning", f"The database's clock is {skew:.0f} s away from this machine's.", "Run NTP on both."


def logins(settings: Settings) -> Iterator[Found]:
    """Each log-in works and is bound by the wall."""
    for name, url in {"owner": settings.database_url, **settings.login_urls}.items():
        try:
            with _connection(url) as connection:
                role, above = connection.execute(
                    text("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
                ).one()
        except OperationalError as error:
            yield (
                "broken",
                f"The {name} log-in fails: {_first_line(error)}",
                "Run `hallway migrate`; docs/deploy.md, Roles.",
            )
            continue
        if above:
            cure = f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"
            yield "broken", f"The {name} log-in ({role}) stands above the wall between tenants.", cure
        else:
            yield "good", f"{name} is {role}, bound by the wall.", ""


def schema(settings: Settings) -> Iterator[Found]:
    """The database is at the revision that this code needs."""
    current, head = migrate.current_and_head(settings)
    if current == head:
        yield "good", f"The schema is current ({head}).", ""
    else:
        yield "broken", f"The schema is at {current or 'nothing'}; this version needs {head}.", "Run `hallway migrate`."


def wall(settings: Settings) -> Iterator[Found]:
    """Every table with a tenant column has row level security, forced, with policies."""
    with _connection(settings.database_url) as connection:
        open_tables = list(connection.scalars(text(UNWALLED)))
    if open_tables:
        names = ", ".join(open_tables)
        yield (
            "broken",
            f"Not behind the wall: {names}.",
            "Restore the policies from a backup's schema; tell the makers.",
        )
    else:
        yield "good", "Every table of tenants is behind the wall, also for its owner.", ""


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        yield connection


def _first_line(error: OperationalError) -> str:
    # The server's own words; the address may hold a password, so nothing else is told.
    return str(error.orig).strip().splitlines()[-1]
