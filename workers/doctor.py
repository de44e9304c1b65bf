"""`hallway doctor`: look at an installation from outside, and say in plain words what is wrong and how to mend it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import click
from sqlalchemy.exc import SQLAlchemyError

from groundwork.config import ConfigError, Settings, from_env
from workers import surroundings
from workers.checkups import database, network, queues

State = Literal["good", "warning", "broken"]
GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """What one look found. `cure` is empty when nothing needs mending."""

    about: str
    state: State
    says: str
    cure: str = ""


Look = Callable[[Settings], Iterator[tuple[State, str, str]]]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding and line.")
def doctor(as_json: bool) -> None:
    """Check this installation and explain what is wrong; exit code 1 when something is broken."""
    surroundings.adopt_running(os.environ)
    findings = []
    for finding in examine():
        findings.append(finding)
        click.echo(json.dumps(asdict(finding)) if as_json else told(finding))
    broken = sum(finding.state == "broken" for finding in findings)
    if not as_json:
        click.echo(f"\n{broken} broken." if broken else "\nNothing is broken.")
    sys.exit(1 if broken else 0)


def examine() -> Iterator[Finding]:
    """Every finding, worst causes first: without settings nothing else can be looked at."""
    try:
        settings = from_env(os.environ)
    except ConfigError as error:
        yield Finding("settings", "broken", error.message, "Set it in the environment of every process.")
        return
    yield Finding("settings", "good", f"All required settings are there ({settings.environment}).")
    for about, look in LOOKS:
        yield from (Finding(about, *found) for found in _careful(look, settings))


def told(finding: Finding) -> str:
    mark = {"good": "ok     ", "warning": "WARNING", "broken": "BROKEN "}[finding.state]
    cure = f"\n{'':24}Cure: {finding.cure}" if finding.cure else ""
    return f"{mark} {finding.about:<16}{finding.says}{cure}"


def _careful(look: Look, settings: Settings) -> Iterator[tuple[State, str, str]]:
    try:
        yield from look(settings)
    except (OSError, SQLAlchemyError) as error:
        first_line = str(error).strip().splitlines()[0]
        yield "broken", f"This could not be looked at: {first_line}", "Mend what is told above first."


def secrets(settings: Settings) -> Iterator[tuple[State, str, str]]:
    """Strength of SECRET_KEY, and whether stored credentials have keys of their own."""
    key = settings.secret_key
    if len(key) < 32 or len(set(key)) < 10:
        state: State = "broken" if settings.production else "warning"
        yield state, "SECRET_KEY is short or repeats itself.", "Make one with: openssl rand -hex 32"
    else:
        yield "good", "SECRET_KEY is long enough.", ""
    if settings.production and settings.seal_keys[0][0] == "s0":
        yield (
            "warning",
            "Stored credentials are sealed with a key derived from SECRET_KEY, so that key cannot be changed alone.",
            'Set SEAL_KEYS="k1:$(openssl rand -base64 32)"; docs/deploy.md tells how to move.',
        )


def addresses(settings: Settings) -> Iterator[tuple[State, str, str]]:
    """Addresses that a production installation must not have."""
    if not settings.production:
        yield "good", f"Pages at {settings.public_url} (not production).", ""
        return
    for name, url in (("PUBLIC_URL", settings.public_url), ("HOOKS_URL", settings.hooks_url)):
        if url.startswith("https://"):
            yield "good", f"{name} is {url}.", ""
        else:
            yield "broken", f"{name} is {url}, without TLS.", f"Put a proxy with a certificate before it; set {name}."
    if settings.sandbox_url:
        yield "broken", "SANDBOX_URL is set in production: pages link to a pretended phone.", "Unset SANDBOX_URL."


def disk(settings: Settings) -> Iterator[tuple[State, str, str]]:
    """Space where this process keeps its files."""
    place = settings.var if settings.var.exists() else settings.var.absolute().parent
    free = shutil.disk_usage(place).free
    says = f"{free / GIGABYTE:.1f} GB free at {place}."
    if free < GIGABYTE // 5:
        yield "broken", says, "Free some space: with a full disk nothing can be stored."
    elif free < GIGABYTE:
        yield "warning", says, "Free some space soon."
    else:
        yield "good", says, ""


LOOKS: tuple[tuple[str, Look], ...] = (
    ("secrets", secrets),
    ("addresses", addresses),
    ("disk", disk),
    ("database", database.server),
    ("log-ins", database.logins),
    ("schema", database.schema),
    ("wall", database.wall),
    ("redis", queues.store),
    ("workers", queues.workers),
    ("clock", queues.clock),
    ("carrier", network.carrier),
    ("public address", network.pages),
    ("tenant names", network.tenant_names),
)
