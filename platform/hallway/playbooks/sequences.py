"""The sequences a business starts with, by trade: one per moment, kept as toml beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from hallway.playbooks.wording import TRADES


def default_sequence(trade: str, moment: str) -> dict[str, Any] | None:
    """{"name", "purpose", "steps", ...} for a moment: the trade's own, else the general one. None: there is none."""
    found = _sequences(trade).get(moment) or _sequences("general").get(moment)
    return dict(found) if found else None


@cache
def _sequences(trade: str) -> dict[str, dict[str, Any]]:
    path = files("hallway.playbooks").joinpath("sequences", f"{trade}.toml")
    if trade not in TRADES or not path.is_file():
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)
