"""One table of a file, row by row, with little in memory however long it is; what cannot be read is told in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from groundwork.sheets import encodings, workbooks
from groundwork.sheets.workbooks import MOST_COLUMNS, BadWorkbookError

LONGEST_CELL = 2000  # characters; what is longer is cut
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE_ROWS = 50
NOT_IN_TEXT = frozenset(map(chr, (*range(9), *range(14, 26), *range(28, 32))))
OTHER_KINDS = ((b"\xd0\xcf\x11\xe0", "This is an Excel file of the old kind."), (b"%PDF", "This is a PDF."))
SAVE = "Save the list as CSV or XLSX and choose that file."


class UnreadableError(ValueError):
    """A file that cannot be read as a table; the message says why and what to do."""


@dataclass
class Sheet:
    """A table: how it was saved, in words ("CSV, Windows-1252, separated by semicolons"), and its rows of cells.

    `rows` skips empty rows and may raise UnreadableError at any of them. It can be gone through once.
    """

    kind: str
    words: str
    rows: Iterator[list[str]] = field(repr=False)


def open_sheet(file: BinaryIO) -> Sheet:
    """Find out how `file` was saved, whatever its name says. Raises UnreadableError for what is no table."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return Sheet("xlsx", "Excel", _told(workbooks.rows(file)))
    for start, words in OTHER_KINDS:
        if head.startswith(start):
            raise UnreadableError(f"{words} {SAVE}")
    return _csv(file)


def _csv(file: BinaryIO) -> Sheet:
    encoding = encodings.encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    sample = text.read(100_000)
    text.detach()
    if NOT_IN_TEXT & set(sample):
        raise UnreadableError(f"This is no text file. {SAVE}")
    separator = _separator(sample)
    words = f"CSV, {encodings.WORDS[encoding]}, separated by {SEPARATORS[separator]}"
    return Sheet("csv", words, _told(_csv_rows(file, encoding, separator)))


def _csv_rows(file: BinaryIO, encoding: str, separator: str) -> Iterator[list[str]]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        for row in csv.reader(text, delimiter=separator):
            yield row[:MOST_COLUMNS]
    finally:
        text.detach()


def _separator(sample: str) -> str:
    """The one that cuts the first rows into the same number of columns, and into most of them."""
    text = sample if len(sample) < 100_000 else sample[: sample.rfind("\n") + 1]

    def evenness(separator: str) -> tuple[float, int]:
        try:
            rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), SAMPLE_ROWS)
            widths = [len(row) for row in rows if any(row)]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    return max(SEPARATORS, key=evenness)


def _told(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Cells trimmed and bounded, empty rows left out, and every fault in words."""
    number = 0
    try:
        for row in rows:
            number += 1
            cells = [cell.replace("\0", "").strip()[:LONGEST_CELL] for cell in row]
            if any(cells):
                yield cells
    except csv.Error as error:
        words = f"After row {number} the file cannot be read as a table: {error}. A quotation mark may be left open."
        raise UnreadableError(words) from error
    except BadWorkbookError as error:
        raise UnreadableError(f"{error} {SAVE}") from error
