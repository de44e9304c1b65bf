"""The vocabulary tables beside this module, read once."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def rows(name: str) -> Iterator[list[str]]:
    """Cells of one table, its head row and `#` comments left out."""
    lines = files("hallway.leads").joinpath("vocabulary", f"{name}.tsv").read_text("utf-8").splitlines()
    body = [line for line in lines if line.strip() and not line.startswith("#")]
    yield from (line.split("\t") for line in body[1:])


@cache
def word_set(table: str, kind: str) -> frozenset[str]:
    """Every word a table lists under one kind; its columns are kind and words."""
    return frozenset(word for row in rows(table) if row[0] == kind for word in row[1].split())
