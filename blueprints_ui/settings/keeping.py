"""Small lists that a business keeps under a name of its own: labels, saved replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from flask.typing import ResponseReturnValue

from blueprints_ui import guard, telling
from groundwork.refusing import FieldError


class Named(Protocol):
    @property
    def name(self) -> str: ...


def keep_noted(
    thing: str,
    was: Named | None,
    deed: Callable[[], Named],
    again: Callable[[Mapping[str, str]], ResponseReturnValue],
    address: str,
) -> ResponseReturnValue:
    """Keep a new `thing` ("label"), or `was` changed, and note it; `again` shows the form with what is wrong."""
    before = was.name if was else None
    try:
        kept = deed()
    except FieldError as error:
        guard.tenant_session().rollback()
        return again({error.field: str(error)})
    guard.note(f"Changed a {thing}" if was else f"Added a {thing}", {thing: kept.name, "before": before})
    return telling.back_to(address, f"{kept.name}: saved.")


def remove_noted(thing: str, row: Named, deed: Callable[[], object], address: str) -> ResponseReturnValue:
    """Take it out and note it."""
    name = row.name
    guard.note(f"Removed a {thing}", {thing: name})
    deed()
    return telling.back_to(address, f"{name}: removed.")
