"""Rows of the first sheet of an Excel workbook, read as a stream; files made to fill a memory or disk are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

MOST_COLUMNS = 200
MOST_PARTS, MOST_UNPACKED = 2000, 400_000_000
MOST_SHARED = 100_000_000  # bytes of the strings that all cells share: these alone are held in memory
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    DefusedXmlException,
    InvalidFileException,
)
BROKEN += (KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError)  # what a made-up workbook leads to


class BadWorkbookError(ValueError):
    """No workbook, or one that is not read; the message says why."""


def rows(file: BinaryIO) -> Iterator[list[str]]:
    """Each row as text, from the first sheet that is shown. Raises BadWorkbookError, also in the middle."""
    _guard(file)
    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheet = (shown or book.worksheets)[0]
        sheet.reset_dimensions()  # some programs write wrong ones
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(value) for value in row]
    except BROKEN as error:
        raise BadWorkbookError("This Excel file is damaged or of a kind we cannot read.") from error


def _guard(file: BinaryIO) -> None:
    """By the sizes in its directory: Python unpacks no more of a part than these say."""
    file.seek(0)
    try:
        parts = zipfile.ZipFile(file).infolist()
    except zipfile.BadZipFile as error:
        raise BadWorkbookError("This Excel file is damaged.") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise BadWorkbookError("This is a ZIP file, not an Excel file.")
    shared = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED or shared > MOST_SHARED:
        raise BadWorkbookError("This Excel file unpacks to more than we take.")


def _text(value: Any) -> str:
    """As a person reads the cell: no decimals on whole numbers, so that phones stay phones; days as 2026-11-30."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat() if isinstance(value, date) else value.strftime("%H:%M")
    return str(value)
