"""An export as one ZIP, made while it is handed out: a piece at a time, however large it is."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from groundwork import scope
from groundwork.database import open_session
from hallway.lists.models import ExportPiece

READ_ME = """Everything Hallway keeps of your business, a file for each kind of thing.
Times are in UTC. Cells that a spreadsheet would run begin with an apostrophe.
Photos and recordings are listed in attachments.csv; ask for one by its conversation.
Passwords, keys and the machine's own notes are left out.
"""


class _Pipe(io.RawIOBase):
    """Bytes go in at one end and out at the other, with no way back: a ZIP is written straight on."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.waiting += memoryview(data)  # type: ignore[arg-type]  # what zipfile writes is bytes
        return len(memoryview(data))  # type: ignore[arg-type]

    def take(self) -> bytes:
        taken, self.waiting = bytes(self.waiting), bytearray()
        return taken


def stream(tenant_id: UUID, export_id: UUID) -> Iterator[bytes]:
    """The bytes of the archive, in order."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("READ ME.txt", READ_ME)
        for name, pieces in groupby(_pieces(tenant_id, export_id), key=lambda piece: piece[0]):
            with archive.open(name, "w", force_zip64=True) as file:
                for _, data in pieces:
                    file.write(zlib.decompress(data))
                    yield pipe.take()
    yield pipe.take()


def _pieces(tenant_id: UUID, export_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Each in a transaction of its own: whoever downloads slowly holds none open."""
    place = 0
    while True:
        with open_session(scope.tenant(tenant_id)) as session:
            mine = select(ExportPiece.place, ExportPiece.name, ExportPiece.data).where(
                ExportPiece.export_id == export_id, ExportPiece.place > place
            )
            row = session.execute(mine.order_by(ExportPiece.place).limit(1)).first()
        if row is None:
            return
        place = row.place
        yield row.name, row.data
