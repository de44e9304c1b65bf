"""`hallway run`: servers, schema, demo world, web, workers, clock and carrier, from one terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import click

from groundwork.embedded import EmbeddedError, Postgres, Redis
from workers import sandbox_phones, surroundings
from workers.children import Child, clear_leftovers, note
from workers.surroundings import Ports

LOCAL_PORT = re.compile(r"(localhost):\d+")
READY_WITHIN = 120.0
ROOT = Path(__file__).resolve().parents[1]
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(port: int | None) -> None:
    """Run everything until Ctrl-C or SIGTERM, then stop it in order; data stays in the folder `var`."""
    var = surroundings.open_folder(os.environ)
    with surroundings.only_run(var) as announce:
        _stop_like_ctrl_c()
        house = House(var)
        try:
            house.open(port)
            announce(house.url)
            house.welcome()
            house.watch()
        except KeyboardInterrupt:
            say("stopping; the data stays")
        finally:
            house.close()
            announce("")
    say("stopped")


def say(words: str) -> None:
    click.echo(f"hallway: {words}")


@dataclass
class House:
    """The parts that run, in the order in which they were started."""

    var: Path
    env: dict[str, str] = field(default_factory=dict)
    servers: list[Postgres | Redis] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.env["PUBLIC_URL"]

    def open(self, port: int | None) -> None:
        """Start every part, each after what it needs. Raises a plain error when one cannot start."""
        for name in clear_leftovers(self._note, f"HALLWAY_VAR={self.var}"):
            say(f"ended {name}, left over from a run that was killed")
        earlier = surroundings.last_ports(self.var).get("web")
        ports = surroundings.choose_ports(self.var, port, say)
        database, redis, ports = self._open_servers(ports)
        surroundings.remember_ports(self.var, ports)
        self.env = surroundings.environment(os.environ, self.var, ports, database, redis)
        if not surroundings.real_carrier(os.environ):
            self._start(_sandbox(self.var, ports, self.env))
        self._prepare_database(moved=earlier not in (None, ports.web))
        # Pages first: all at once they would only make each other wait for the processor.
        self._start(_web(self.var))
        self._wait_for("web", ports.web)
        for child in _workers(self.var):
            self._start(child)

    def _prepare_database(self, *, moved: bool) -> None:
        """Schema, demo world, and where the sandbox's numbers ring; skipped when nothing changed since the last run."""
        stamp, wanted = self.var / "prepared", surroundings.fingerprint(self.var, self.env, ROOT)
        if not stamp.exists() or stamp.read_text() != wanted:
            self._run_once("migrate")
            self._wait_for_carrier()
            self._run_once("seed")
            sandbox_phones.introduce(self.var, self.env)
        if moved and not surroundings.real_carrier(os.environ):
            self._wait_for_carrier()
            self._run_once("number", "point")
            sandbox_phones.introduce(self.var, self.env)
        stamp.write_text(wanted)

    def _open_servers(self, ports: Ports) -> tuple[str, str, Ports]:
        database, redis = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
        if not database:
            postgres = Postgres(self.var / "postgres", ports.postgres)
            self.servers.append(postgres)
            database = postgres.start()
            ports = replace(ports, postgres=postgres.port)
        if not redis:
            store = Redis(self.var / "redis", ports.redis)
            self.servers.append(store)
            redis = store.start()
            ports = replace(ports, redis=store.port)
        return database, redis, ports

    def _run_once(self, *command: str) -> None:
        log = self.var / "log" / f"{command[0]}.log"
        with log.open("wb") as words:
            done = subprocess.run(_hallway(*command), env=self.env, check=False, stdout=words, stderr=words)
        if done.returncode:
            told = Child(command[0], [], log).last_words()
            raise click.ClickException(f"`hallway {' '.join(command)}` failed; {log} ends:\n{told}")

    def _start(self, child: Child) -> None:
        if child not in self.children:
            self.children.append(child)
        child.start(self.env)
        note(self._note, self.children)

    def _wait_for_carrier(self) -> None:
        if any(child.name == "carrier" for child in self.children):
            self._wait_for("carrier", surroundings.last_ports(self.var)["sandbox"])

    def _wait_for(self, name: str, port: int) -> None:
        """Until the child answers anything at all; its process falling over meanwhile is an error."""
        deadline = time.monotonic() + READY_WITHIN
        child = next(child for child in self.children if child.name == name)
        while time.monotonic() < deadline:
            if answers(f"http://127.0.0.1:{port}/"):
                return
            if not child.alive:
                break
            time.sleep(0.1)
        raise click.ClickException(f"{name} did not start; {child.log} ends:\n{child.last_words()}")

    def welcome(self) -> None:
        """The one address, the log-ins, and where to look."""
        click.echo(f"\n  Hallway runs at  {self.url}\n")
        logins = [(one["who"], one["email"], one["password"], one["url"]) for one in demo_logins(self.var, self.url)]
        widths = [max(map(len, column)) for column in zip(*logins, strict=True)]
        for login in logins:
            click.echo("  " + "   ".join(map(str.ljust, login, widths)).rstrip())
        if self.env.get("SANDBOX_URL"):
            click.echo(f"\n  The phones of callers and crew:  {self.env['SANDBOX_URL']}")
        click.echo(f"  Logs: {self.var / 'log'}   Stop: Ctrl-C (the data stays)\n")

    def watch(self) -> None:
        """Bring back whatever falls, with growing pauses, for ever."""
        while True:
            for child in self.children:
                self._tend(child)
            for server in self.servers:
                if server.pid() is None:
                    say(f"{type(server).__name__} ended by itself; starting it again")
                    server.start()
            time.sleep(0.25)

    def _tend(self, child: Child) -> None:
        pause = child.fell()
        if pause is not None:
            say(f"{child.name} ended by itself (exit {child.exit_code}); starting it again in {pause:.0f} s")
            click.echo(child.last_words())
        if child.due:
            self._start(child)

    def close(self) -> None:
        """Web first, so that nothing new comes in; then those who work; servers last."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        web = [child for child in self.children if child.name == "web"]
        for group in (web, [child for child in self.children if child not in web]):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.wait_or_kill()
        self._note.unlink(missing_ok=True)
        for server in reversed(self.servers):
            try:
                server.stop()
            except EmbeddedError as error:
                say(error.message)

    @property
    def _note(self) -> Path:
        return self.var / "children.json"


def _stop_like_ctrl_c() -> None:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in STOP_SIGNALS:
        # nohup asks by an ignored SIGHUP to outlive the terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def _hallway(*words: str) -> list[str]:
    return [sys.executable, "-m", "workers.cli", *words]


def _sandbox(var: Path, ports: Ports, env: dict[str, str]) -> Child:
    words = ["--port", str(ports.sandbox), "--state", str(var / "sandbox.db"), "--product-url", env["PUBLIC_URL"]]
    words += ["--clock", env["HALLWAY_CLOCK"]]
    words += ["--cards-hook", f"{env['HOOKS_URL']}/hooks/stripe"]
    words += ["--public-url", env["SANDBOX_URL"]]
    words += ["--mail-port", str(ports.mail), "--mail-to", env["MAIL_IN_BIND"]]
    return Child("carrier", [sys.executable, "-m", "sandbox", *words], var / "log" / "carrier.log")


def _web(var: Path) -> Child:
    return Child("web", _hallway("web"), var / "log" / "web.log")


def _workers(var: Path) -> list[Child]:
    """One worker keeps itself free for text-backs; the other does what may wait a little."""
    kinds = {"worker": ("worker", "now"), "bulk": ("worker", "soon", "bulk"), "clock": ("clock",), "mail": ("mail-in",)}
    return [Child(name, _hallway(*words), var / "log" / f"{name}.log") for name, words in kinds.items()]


def answers(url: str) -> bool:
    """Whether a server at `url` says anything, an error page included."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def demo_logins(var: Path, url: str) -> list[dict[str, str]]:
    """The log-ins that the demo world left in var/demo.json: who, email, password, url; at the port in use now."""
    try:
        logins = list(json.loads((var / "demo.json").read_text()))
    except (OSError, ValueError):
        return []
    port = urlsplit(url).port
    return [{**login, "url": LOCAL_PORT.sub(rf"\g<1>:{port}", login["url"])} for login in logins]
