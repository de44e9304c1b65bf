"""A file becomes a list: kept in pieces of a few hundred rows, with a guess at its columns. Nobody is stored yet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain, islice
from typing import BinaryIO

from sqlalchemy import insert, select

from groundwork import clock, sheets, timers
from groundwork.database import Json, ScopedSession, new_id
from groundwork.sheets import UnreadableError
from hallway.lists import columns, packing
from hallway.lists.models import CustomerList, ListPiece
from hallway.lists.running import FORGET

PIECE = 500  # rows taken in together, in one transaction
AT_ONCE = 20  # pieces written together
MOST_BYTES = 200_000_000
MOST_ROWS = {"csv": 1_000_000, "xlsx": 50_000}
MOST_WORKBOOK = 25_000_000
TOO_LARGE = {
    "csv": "The file is larger than 200 MB. Split it.",
    "xlsx": "An Excel file may have 25 MB. Save it as CSV.",
}
SAMPLE = 200
MORE = "Split the file; a list saved as CSV may be longer than one in Excel."
UNUSED_KEPT = timedelta(days=2)


def receive(session: ScopedSession, file: BinaryIO, name: str, by: str) -> CustomerList:
    """Read the whole file once and keep it. Raises UnreadableError, and then nothing of it stays."""
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise UnreadableError(TOO_LARGE["csv"])
    sheet = sheets.open_sheet(file)
    if sheet.kind == "xlsx" and size > MOST_WORKBOOK:
        raise UnreadableError(TOO_LARGE["xlsx"])
    first = next(sheet.rows, None)
    if first is None:
        raise UnreadableError("The file is empty.")
    heads, named = columns.heads_of(first)
    sample = list(islice(sheet.rows, SAMPLE))
    body = chain([] if named else [first], sample, sheet.rows)
    list_ = CustomerList(id=new_id(), name=name.strip()[:120] or "List", saved_as=sheet.words, added_by=by)
    list_.rows = list_.pieces = 0
    list_.heads, list_.fields = heads, columns.guess(heads, sample if named else [first, *sample])
    session.add(list_)
    session.flush()
    _keep(session, list_, body, 2 if named else 1, MOST_ROWS[sheet.kind])
    if not list_.rows:
        raise UnreadableError("There are no rows under the first line.")
    timers.put(session, FORGET, list_.id, clock.now() + UNUSED_KEPT, queue="bulk")
    return list_


def _keep(session: ScopedSession, list_: CustomerList, body: Iterator[list[str]], first: int, most: int) -> None:
    numbered = ([number, cells] for number, cells in enumerate(body, first))
    pieces = iter(lambda: list(islice(numbered, PIECE)), [])
    while some := list(islice(pieces, AT_ONCE)):
        session.execute(insert(ListPiece), [_row(session, list_, rows) for rows in some])
        if list_.rows > most:
            raise UnreadableError(f"There are more than {most:,} rows. {MORE}")


def _row(session: ScopedSession, list_: CustomerList, rows: Sequence[list[object]]) -> Json:
    list_.rows, list_.pieces = list_.rows + len(rows), list_.pieces + 1
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "list_id": list_.id}
    return row | {"place": list_.pieces, "data": packing.pack(rows)}


def first_rows(session: ScopedSession, list_: CustomerList, count: int) -> list[tuple[int, list[str]]]:
    """The first rows as they stand in the file, with their numbers in it."""
    data = session.scalar(select(ListPiece.data).where(ListPiece.list_id == list_.id, ListPiece.place == 1))
    return [(number, cells) for number, cells in packing.unpack(data)[:count]]
