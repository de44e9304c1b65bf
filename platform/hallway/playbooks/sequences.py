"""The sequences a business starts with, by trade: one per moment, kept as toml in the folder beside this file.

general.toml tells them whole; a trade's file holds what differs: `<moment>.change.<step>` changes a step, `add` puts
steps in after another, `drop` leaves some out, any other name replaces the general one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from hallway.playbooks.wording import TRADES

Told = dict[str, Any]


def default_sequence(trade: str, moment: str) -> Told | None:
    """{"name", "purpose", "steps", ...} for a moment, as the trade does it. None: there is none.

    An unknown trade reads as general. The schema of a step: hallway/followup/steps.py.
    """
    base = _file("general").get(moment)
    if base is None:
        return None
    own: Told = _file(trade).get(moment, {}) if trade != "general" else {}
    told = {name: value for name, value in own.items() if name not in ("change", "add", "drop")}
    return deepcopy({**base, **told, "steps": _steps(base["steps"], own)})


def _steps(base: list[Told], own: Told) -> list[Told]:
    """The general steps with the trade's changes. Raises ValueError for a change to a step that is not there."""
    changes, dropped = own.get("change", {}), own.get("drop", [])
    steps = [{**step, **changes.get(step["id"], {})} for step in base if step["id"] not in dropped]
    for added in own.get("add", []):
        steps.insert(_place(steps, added["after"]) + 1, {key: value for key, value in added.items() if key != "after"})
    for id_ in (*changes, *dropped):
        _place(base, id_)
    return [{**step, **{name: text.strip() for name, text in _texts(step)}} for step in steps]


def _place(steps: list[Told], id_: str) -> int:
    found = [place for place, step in enumerate(steps) if step["id"] == id_]
    if not found:
        raise ValueError(f"no step is called {id_!r} here")
    return found[0]


def _texts(step: Told) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in step.items() if isinstance(value, str))


@cache
def _file(trade: str) -> dict[str, Told]:
    if trade not in TRADES:
        return {}
    with files("hallway.playbooks").joinpath("sequences", f"{trade}.toml").open("rb") as file:
        return tomllib.load(file)
