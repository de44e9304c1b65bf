"""The command `hallway`: one word per process of an installation, and words for those who look after it."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any, cast

import click

ROOT = Path(__file__).resolve().parents[1]
# Imported at use, so that no command waits for the imports of another.
MOUNTED = {
    "billing": "workers.billing_setup:billing",
    "demo": "workers.demo.growing:demo",
    "doctor": "workers.doctor:doctor",
    "explain": "workers.explain:explain",
    "inlet": "workers.mail_setup:inlet",
    "number": "workers.onboarding:number",
    "tenant": "workers.onboarding:tenant",
}


def load(target: str) -> Any:
    """What "package.module:name" names."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


class Mounting(click.Group):
    """A group whose mounted commands are imported when they are called, or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *MOUNTED})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in MOUNTED:
            return cast(click.Command, load(MOUNTED[cmd_name]))
        return super().get_command(ctx, cmd_name)


@click.group(cls=Mounting, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Hallway: a missed call becomes a conversation."""


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", help="Exactly this port for the pages.")
def run(port: int | None) -> None:
    """Run the whole product on this machine, with demo data; Ctrl-C stops it."""
    load("workers.supervisor:run")(port)


@main.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    load("groundwork.migrate:upgrade")(_settings_with_logs())
    click.echo("The database is at the schema of this version.")


@main.command()
def seed() -> None:
    """Fill an empty installation with the demo world."""
    _settings_with_logs()
    load("workers.seed:seed")()


@main.command()
@click.option("--bind", envvar="BIND", help="Default: 127.0.0.1:$PORT; in production 0.0.0.0:$PORT.")
def web(bind: str | None) -> None:
    """Serve pages, API, webhooks and live events."""
    settings = _settings_with_logs()
    address = bind or f"{'0.0.0.0' if settings.production else '127.0.0.1'}:{os.environ.get('PORT', '8000')}"  # noqa: S104
    flags = ["--config", "python:workers.serving", "--bind", address, "--chdir", str(ROOT)]
    command = [sys.executable, "-m", "gunicorn", *flags, "wsgi:asgi"]
    os.execv(sys.executable, command)  # noqa: S606


@main.command()
@click.argument("queues", nargs=-1, type=click.Choice(["now", "soon", "bulk"]))
def worker(queues: tuple[str, ...]) -> None:
    """Work the QUEUES in this order (all when none is named)."""
    _settings_with_logs()
    load("workers.runner:work")(queues or ("now", "soon", "bulk"))


@main.command(name="mail-in")
def mail_in() -> None:
    """Take mail for our own domain by SMTP (MAIL_IN_BIND)."""
    _settings_with_logs()
    load("workers.mail_in:serve")()


@main.command()
def clock() -> None:
    """Wake what falls due, and repair what Redis lost. Two clocks do no harm."""
    _settings_with_logs()
    load("workers.clock:tick_forever")()


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sandbox(arguments: tuple[str, ...]) -> None:
    """Run the sandbox carrier alone (`hallway sandbox --help` lists its options)."""
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *arguments])  # noqa: S606


def _settings_with_logs() -> Any:
    load("workers.surroundings:adopt_running")(os.environ)
    settings = load("groundwork.config:settings")()
    load("groundwork.log:configure")(json=settings.production)
    return settings


if __name__ == "__main__":
    main()
