"""The wording a business starts with, by trade and language."""

import tomllib
from functools import cache
from importlib.resources import files

from hallway.playbooks.keys import KEYS

TRADES = ("plumbing", "hvac", "electrical", "roofing", "garage_doors", "cleaning", "general")
LANGUAGES = ("en", "es")

Words = dict[str, str]


def default_wording(trade: str, key: str, language: str = "en") -> str:
    """The Liquid source for a key: the trade's own words, else the general ones, else the English ones.

    An unknown trade reads as general; an unknown key raises KeyError with the keys there are.
    """
    if key not in KEYS:
        raise KeyError(f"no wording is called {key!r}; there are {', '.join(KEYS)}")
    shelves = [(trade, language), ("general", language), (trade, "en"), ("general", "en")]
    return next(words[key] for words in (_words(*shelf) for shelf in shelves) if key in words)


@cache
def _words(trade: str, language: str) -> Words:
    """One trade's own words in one language, by key."""
    if trade not in TRADES:
        return {}
    with files("hallway.playbooks").joinpath("words", f"{trade}.toml").open("rb") as file:
        table = tomllib.load(file).get(language, {})
    return {name: text for group, entry in table.items() for name, text in _flat(group, entry)}


def _flat(group: str, entry: str | Words) -> list[tuple[str, str]]:
    if isinstance(entry, str):
        return [(group, entry.strip())]
    return [(f"{group}.{name}", text.strip()) for name, text in entry.items()]
