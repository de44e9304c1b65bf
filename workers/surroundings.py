"""What the processes of `hallway run` share: folder, lock, ports and the one environment."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from groundwork import keys
from groundwork.embedded import free_port, private_file, private_secret

WEB_PORT, SANDBOX_PORT = 8000, 8010
PORTS_TRIED = 50
RUNNING = "environment.json"


@dataclass(frozen=True)
class Ports:
    """Ports of 127.0.0.1 that this installation uses, kept in var/ports.json so that addresses stay the same."""

    web: int
    sandbox: int
    postgres: int
    redis: int
    mail: int = 0  # where mails go out: the sandbox's SMTP
    mail_in: int = 0  # where they come in


def open_folder(env: Mapping[str, str]) -> Path:
    """The folder for data and logs, made if need be. Raises a plain error that names it when it cannot be written."""
    var = Path(env.get("HALLWAY_VAR", "var")).absolute()
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        probe = var / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise click.ClickException(
            f"Hallway keeps its data in {var}, and that folder cannot be written ({error.strerror}). "
            "Make it writable, or name another one in HALLWAY_VAR."
        ) from error
    return var


@contextmanager
def only_run(var: Path) -> Iterator[Callable[[str], None]]:
    """Hold the folder's lock. Yields a function that leaves the address for whoever comes second."""
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            where = lock.read().strip() or "an address it is about to tell"
            raise click.ClickException(f"Hallway already runs from this folder, at {where}.") from None

        def announce(url: str) -> None:
            lock.seek(0)
            lock.truncate()
            lock.write(url)
            lock.flush()

        announce("")
        yield announce


def choose_ports(var: Path, wanted: int | None, say: Callable[[str], None]) -> Ports:
    """The ports of last time where they are free, else the next free ones. Raises when `wanted` is taken."""
    last = last_ports(var)
    if wanted and not is_free(wanted):
        raise click.ClickException(
            f"Port {wanted} is in use by another program. Stop it, or leave PORT unset to take a free one."
        )
    web = wanted or _next_free(last.get("web", WEB_PORT))
    if not wanted and web != last.get("web", WEB_PORT):
        say(f"port {last.get('web', WEB_PORT)} is in use, taking {web}")
    sandbox = _next_free(last.get("sandbox", SANDBOX_PORT), but=web)
    servers = (free_port(last.get(name, 0)) for name in ("postgres", "redis", "mail", "mail_in"))
    return Ports(web, sandbox, *servers)


def remember_ports(var: Path, ports: Ports) -> None:
    (var / "ports.json").write_text(json.dumps(ports.__dict__, indent=2) + "\n")


def last_ports(var: Path) -> dict[str, int]:
    """The ports of the last run; nothing when there was none, or its note is damaged."""
    try:
        return {name: int(port) for name, port in json.loads((var / "ports.json").read_text()).items()}
    except (OSError, ValueError):
        return {}


def _next_free(first: int, but: int = 0) -> int:
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        if port != but and is_free(port):
            return port
    return free_port()


def is_free(port: int) -> bool:
    """Whether nobody listens on `port` on either address that "localhost" may mean."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno in (98, 48, 13):  # in use (Linux, macOS); not allowed
                return False
    return True


def real_carrier(env: Mapping[str, str]) -> bool:
    """Whether Twilio credentials were given; without them calls and texts go through the sandbox."""
    return bool(env.get("TWILIO_ACCOUNT_SID") and env.get("TWILIO_AUTH_TOKEN"))


def environment(given: Mapping[str, str], var: Path, ports: Ports, database: str, redis: str) -> dict[str, str]:
    """The environment of every process: what was `given`, completed by what this machine has."""
    secret = given.get("SECRET_KEY") or private_secret(var / "secret.key")
    base = {
        "HALLWAY_ENV": "development",
        "PUBLIC_URL": f"http://localhost:{ports.web}",
        "HOOKS_URL": f"http://127.0.0.1:{ports.web}",
    }
    ours = {
        "HALLWAY_VAR": str(var),
        "SECRET_KEY": secret,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "PORT": str(ports.web),
        "PROMETHEUS_MULTIPROC_DIR": str(fresh_folder(var / "metrics")),
        "PYTHONUNBUFFERED": "1",
    }
    ours |= {} if real_carrier(given) else _sandboxed(secret, ports, var)
    ours |= (
        {} if given.get("MAIL_URL") or real_carrier(given) else {"MAIL_URL": f"smtp://127.0.0.1:{ports.mail}?tls=none"}
    )
    ours |= {} if given.get("MAIL_IN_BIND") else {"MAIL_IN_BIND": f"127.0.0.1:{ports.mail_in}"}
    private_file(var / RUNNING, json.dumps({**base, **{name: given[name] for name in base if name in given}, **ours}))
    return {**base, **given, **ours}


def adopt_running(env: MutableMapping[str, str]) -> None:
    """Complete `env` with what `hallway run` of this folder uses, so that a second terminal speaks to the same one."""
    if "DATABASE_URL" not in env:
        try:
            running = dict(json.loads((Path(env.get("HALLWAY_VAR", "var")) / RUNNING).read_text()))
        except (OSError, ValueError):
            return
        env.update({name: value for name, value in running.items() if name not in env})


def _sandboxed(secret: str, ports: Ports, var: Path) -> dict[str, str]:
    account = "AC" + keys.derived_password(secret, "sandbox account")[:32]
    token = keys.derived_password(secret, "sandbox token")[:32]
    return {
        "SANDBOX_URL": f"http://localhost:{ports.sandbox}",
        "TWILIO_API_URL": f"http://127.0.0.1:{ports.sandbox}",
        "TWILIO_ACCOUNT_SID": account,
        "TWILIO_AUTH_TOKEN": token,
        "SANDBOX_ACCOUNT_SID": account,
        "SANDBOX_AUTH_TOKEN": token,
        **_card_desk(secret, ports),
        "HALLWAY_CLOCK": str(var / "clock.turns"),
    }


def _card_desk(secret: str, ports: Ports) -> dict[str, str]:
    key = "sk_test_" + keys.derived_password(secret, "sandbox cards")[:32]
    signs = "whsec_" + keys.derived_password(secret, "sandbox card events")[:32]
    ours = {"STRIPE_API_URL": f"http://127.0.0.1:{ports.sandbox}/stripe", "STRIPE_SECRET_KEY": key}
    return {**ours, "STRIPE_WEBHOOK_SECRET": signs, "SANDBOX_CARDS_KEY": key, "SANDBOX_CARDS_SECRET": signs}


def fingerprint(var: Path, env: Mapping[str, str], root: Path) -> str:
    """Changes with the migrations, the demo world, the secret or the database itself: then both have to run again.

    A server of somebody else's may have been changed meanwhile, so for it no two answers are alike.
    """
    cluster = var / "postgres" / "secret"
    here = cluster.read_text() if cluster.exists() and "@127.0.0.1" in env["DATABASE_URL"] else secrets.token_hex()
    sources = [*root.glob("migrations/versions/*.py"), *root.glob("workers/seed.py"), *root.glob("workers/demo/*")]
    parts = [path.read_bytes() for path in sorted(sources) if path.is_file()]
    return hashlib.sha256(b"\0".join([here.encode(), env["SECRET_KEY"].encode(), *parts])).hexdigest()


def fresh_folder(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path
