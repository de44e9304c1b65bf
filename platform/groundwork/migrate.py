"""Bring the database to the current schema: log-ins first, then Alembic's steps."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from groundwork.config import LOGINS, Settings

ROOT = Path(__file__).resolve().parents[2]


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Create the three log-ins if they are missing, then run every step not yet run. Safe to run again."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.begin() as connection:
        # Two releases starting at once take turns.
        connection.execute(text("SELECT pg_advisory_xact_lock(4815162342)"))
        for login in LOGINS:
            _ensure_login(connection, login, make_url(settings.login_urls[login]).password or "")
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def current_and_head(settings: Settings) -> tuple[str | None, str | None]:
    """The revision the database is at and the one this code needs."""
    head = ScriptDirectory.from_config(_alembic()).get_current_head()
    with create_engine(settings.database_url, poolclass=NullPool).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), head


def _alembic() -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def _ensure_login(connection: Connection, login: str, password: str) -> None:
    role = f"hallway_{login}"
    exists = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    # Only a superuser may say NOSUPERUSER of a role that is there already.
    verb = "ALTER ROLE {} LOGIN" if exists else "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    quoted = connection.scalar(text("SELECT quote_literal(:password)"), {"password": password})
    connection.exec_driver_sql(f"{verb.format(role)} PASSWORD {quoted}".replace("%", "%%"))
