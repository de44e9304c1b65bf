"""Folders, private files, ports and processes of the embedded servers."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import socket
import time
from pathlib import Path
from typing import Any

import click

STRAY_HOMES = Path("/var/lib/hallway")
CLEAN_ENV = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class EmbeddedError(click.ClickException):
    """An embedded server cannot run; the message says why and how to mend it."""


def free_port(preferred: int = 0) -> int:
    """`preferred` when nothing listens there, else any free port of 127.0.0.1."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("No free port is left on this machine.")


def private_secret(path: Path) -> str:
    """The secret kept in `path` (64 hex digits), made at first use; nobody else may read it."""
    if not path.exists():
        private_file(path, secrets.token_hex(32))
    return path.read_text().strip()


def private_file(path: Path, text: str) -> None:
    """Write `text` where only this user may read it."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(path)


def writable(home: Path, program: str) -> Path:
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Root's server runs as nobody, who must pass through; its own folders stay closed.
        home.chmod(0o711 if is_root() else 0o700)
        probe = home / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise EmbeddedError(
            f"{program} keeps its data in {home}, and that folder cannot be written: {error}."
        ) from error
    return home


def reachable_home(home: Path) -> Path:
    """`home`, or for root a place outside when `nobody` cannot pass the folders above; `home` becomes a link to it."""
    home = home.resolve()
    if not is_root() or open_to_all(home.parent) or home.parent.is_file():
        return home
    if home.exists():
        raise EmbeddedError(f"{home} lies in a folder that only root may enter, and PostgreSQL cannot run as root.")
    # A new name each time: deleting the link and starting again means to begin anew.
    stray = STRAY_HOMES / secrets.token_hex(6)
    writable(stray, "PostgreSQL")
    STRAY_HOMES.chmod(0o711)
    home.parent.mkdir(parents=True, exist_ok=True)
    home.symlink_to(stray)
    return stray


def wheel_folder(package: str) -> Path:
    # Importing these packages changes folder permissions and the environment; finding them does not.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"The package {package} is not installed. Run `make setup`, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def is_root() -> bool:
    return os.geteuid() == 0


def open_to_all(path: Path) -> bool:
    """Whether any user may pass every folder down to `path`."""
    return all(not level.exists() or level.stat().st_mode & 0o001 for level in (path, *path.parents))


def demoted() -> dict[str, Any]:
    if not is_root():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_to_server(*paths: Path) -> None:
    if is_root():
        nobody = pwd.getpwnam("nobody")
        for path in paths:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


def runs(pid: int, mark: str) -> bool:
    """Whether `pid` is alive and, where the machine tells, has `mark` in its command line."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or mark.encode() in command.read_bytes()


def wait_until_gone(pid: int, mark: str) -> None:
    deadline = time.monotonic() + 60
    while runs(pid, mark):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Process {pid} ({mark}) was asked to stop a minute ago and still runs.")
        time.sleep(0.02)


def open_up(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o055)
