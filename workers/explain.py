"""`hallway explain`: ask the product's own rules about a reply, a body or an hour; JSON lines in and out."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, get_args

import click

from hallway.rulebook.hours import Purpose, decide
from hallway.rulebook.replies import classify_reply
from hallway.rulebook.segments import Segments, measure, repair


@click.group()
def explain() -> None:
    """Show what the rules decide, and by which rule."""


@explain.command()
def reply() -> None:
    """Each line of input is a JSON string, a message body; each line of output its label and rule."""
    _each_line(_explained_reply)


@explain.command()
def segments() -> None:
    """Each line of input is a JSON string, a message body; each line of output what it costs to send."""
    _each_line(_explained_segments)


@explain.command()
@click.option("--to", required=True, help="The recipient, like +15125550134.")
@click.option("--purpose", required=True, type=click.Choice(get_args(Purpose)))
@click.option("--at", required=True, help="The instant with its offset, like 2026-11-24T14:00:00Z.")
@click.option("--state", help="The state of the person's address, like TX.")
def hours(to: str, purpose: Purpose, at: str, state: str | None) -> None:
    """May a message go to this number at this time, by the law's window alone?"""
    try:
        decision = decide(to, purpose, _instant(at), address_state=state.upper() if state else None)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    click.echo(
        json.dumps(
            {
                "decision": decision.decision,
                "until": _utc(decision.until),
                "rule": decision.rule,
                "zones": decision.zones,
                "states": decision.states,
                "closes": _utc(decision.closes),
                "explanation": decision.explanation,
            }
        )
    )


def _each_line(answer: Callable[[str], dict[str, Any]]) -> None:
    """Answer every readable line; a bad one gets an error in its place and the exit code tells of it."""
    bad = False
    for line in _lines():
        try:
            result = answer(_body(line))
        except ValueError as problem:
            result, bad = {"error": str(problem)}, True
        click.echo(json.dumps(result))
    if bad:
        sys.exit(1)


def _lines() -> Iterator[bytes]:
    return (line for line in sys.stdin.buffer if line.strip())


def _body(line: bytes) -> str:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise ValueError("this line is not JSON; give one JSON string per line") from problem
    if isinstance(body, str):
        return body
    raise ValueError("this line is JSON but not a string; give one JSON string per line")


def _explained_reply(body: str) -> dict[str, Any]:
    found = classify_reply(body)
    return {"label": found.label, "rule": found.rule}


def _explained_segments(body: str) -> dict[str, Any]:
    return {**_counted(measure(body)), "repaired": _counted(measure(repair(body)))}


def _counted(counted: Segments) -> dict[str, Any]:
    return {key: value for key, value in asdict(counted).items() if key != "offending"}


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as problem:
        raise ValueError(f"{text!r} is not a time like 2026-11-24T14:00:00Z") from problem


def _utc(instant: datetime | None) -> str | None:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}" if instant else None
