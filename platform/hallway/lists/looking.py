"""A look at a list before it is started, the lists there are, and the rows that were not taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from groundwork import scope
from groundwork.database import ScopedSession, open_session
from hallway.consent import Suppression
from hallway.lists import packing, persons, receiving
from hallway.lists.agreeing import ConsentError
from hallway.lists.models import CustomerList, ListPiece
from hallway.lists.persons import Person

SHOWN, SHOWN_WRONG = 8, 6
EXAMPLES = 3


@dataclass(frozen=True)
class Look:
    """The first rows as they will be stored, rows that cannot be, examples of each column, and how many were read."""

    people: list[Person]
    wrong: list[Person]
    examples: list[list[str]]
    read: int
    wrong_count: int
    stopped_already: frozenset[str]
    has_address: bool


def look(session: ScopedSession, list_: CustomerList) -> Look:
    rows = receiving.first_rows(session, list_, receiving.PIECE)
    read = [persons.read(number, cells, list_.fields) for number, cells in rows]
    wrong = [one for one in read if one.error]
    people = [one for one in read if not one.error][:SHOWN]
    return Look(
        people=people,
        wrong=wrong[:SHOWN_WRONG],
        examples=[_examples(rows, place) for place in range(len(list_.heads))],
        read=len(read),
        wrong_count=len(wrong),
        stopped_already=_stopped(session, people),
        has_address=_has_address(list_.fields),
    )


def _examples(rows: Sequence[tuple[int, list[str]]], place: int) -> list[str]:
    values = (cells[place] for _, cells in rows if place < len(cells) and cells[place])
    return [value[:40] for value, _ in zip(values, range(EXAMPLES), strict=False)]


def _stopped(session: ScopedSession, people: Sequence[Person]) -> frozenset[str]:
    """Whose stop stands already; the import lifts none."""
    addresses = [value for one in people for _, value in one.addresses]
    here = (Suppression.address.in_(addresses), Suppression.released_at.is_(None))
    return frozenset(session.scalars(select(Suppression.address).where(*here)))


def check(fields: Sequence[str]) -> None:
    """Raises ConsentError when no column tells how to reach anybody."""
    if not _has_address(fields):
        raise ConsentError("field", "Say which column is the phone or the e-mail address.")


def _has_address(fields: Sequence[str]) -> bool:
    return bool({"phone", "phone_2", "email"} & set(fields))


def latest(session: ScopedSession, count: int = 30) -> Sequence[CustomerList]:
    return session.scalars(select(CustomerList).order_by(CustomerList.created_at.desc()).limit(count)).all()


def rejects(tenant_id: UUID, list_id: UUID) -> Iterator[tuple[int, str, list[str]]]:
    """The rows that were not taken: number in the file, why, cells. Piece by piece, in short transactions."""
    place = 0
    while True:
        with open_session(scope.tenant(tenant_id)) as session:
            mine = (ListPiece.list_id == list_id, ListPiece.place > place, ListPiece.rejects.is_not(None))
            query = select(ListPiece.place, ListPiece.rejects).where(*mine).order_by(ListPiece.place).limit(1)
            row = session.execute(query).first()
        if row is None:
            return
        place = row.place
        yield from ((number, why, cells) for number, why, cells in packing.unpack(row.rejects))
