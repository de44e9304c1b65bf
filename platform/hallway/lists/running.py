"""A list runs piece by piece, each in one transaction with its counts: killed anywhere, it goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from groundwork import clock, live, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.consent import many
from hallway.consent.many import Given, Way
from hallway.lists import packing, persons, slices, storing
from hallway.lists.agreeing import CHOICES
from hallway.lists.models import CustomerList, ListPiece
from hallway.lists.persons import Person

RUN, FORGET = "run_list", "forget_list"
REJECTS_KEPT = timedelta(days=30)
CHANNELS = {"phone": "sms", "email": "email"}


def start(session: ScopedSession, list_: CustomerList, *, consent: str, wording: str, method: str) -> None:
    """From now on workers take it in. The answer about consent was checked by `agreeing.check`."""
    list_.consent, list_.state, list_.started_at = consent, "running", clock.now()
    if CHOICES[consent].written:
        list_.wording, list_.method = wording.strip(), method
    go_on(session, list_)


def go_on(session: ScopedSession, list_: CustomerList) -> None:
    """Also after it failed: what is done stays done."""
    list_.state, list_.ended_at = "running", None
    timers.put(session, RUN, list_.id, clock.now(), move=True, queue="bulk")


def run(session: ScopedSession, timer: Timer) -> None:
    """A slice of a list; the rest goes to the back of the queue."""
    slices.work(session, timer, take_in_next, _fail)


def _fail(session: ScopedSession, list_id: UUID) -> None:
    slices.mine(session, CustomerList, list_id).state = "failed"


def take_in_next(session: ScopedSession, list_id: UUID) -> bool:
    """The next piece of a list; False when it is done."""
    list_ = slices.mine(session, CustomerList, list_id)
    live.tell(session, "list", list_id)
    if list_.state != "running":
        return False
    open_ = select(ListPiece).where(ListPiece.list_id == list_.id, ListPiece.done_at.is_(None))
    piece = session.scalar(open_.order_by(ListPiece.place).limit(1))
    if piece is None:
        list_.state, list_.ended_at = "done", clock.now()
        timers.put(session, FORGET, list_.id, clock.now() + REJECTS_KEPT, move=True, queue="bulk")
        return False
    _take_in(session, list_, piece)
    list_.pieces_done += 1
    return True


def _take_in(session: ScopedSession, list_: CustomerList, piece: ListPiece) -> None:
    rows = packing.unpack(piece.data)
    read = [persons.read(number, cells, list_.fields) for number, cells in rows]
    good = [one for one in read if not one.error]
    stored = storing.store(session, list_.id, good)
    list_.new, list_.updated, list_.merged = (
        list_.new + stored.new,
        list_.updated + stored.updated,
        list_.merged + stored.merged,
    )
    list_.rejected += len(read) - len(good)
    rejects = [[one.number, one.error, cells] for one, (_, cells) in zip(read, rows, strict=True) if one.error]
    piece.rejects = packing.pack(rejects) if rejects else None
    piece.data, piece.done_at = None, clock.now()
    _note_wishes(session, list_, good)


def _note_wishes(session: ScopedSession, list_: CustomerList, good: Sequence[Person]) -> None:
    """Stops first, then what the others agreed to. Last in the transaction: the ledger has one writer at a time."""
    source = json.dumps({"list": str(list_.id), "file": list_.name, "member": list_.added_by})
    list_.stopped += many.suppress_many(session, _ways([one for one in good if one.stop]), source)
    for purpose in CHOICES[list_.consent or "unknown"].purposes:
        willing = [one for one in good if not one.stop and (purpose != "marketing" or one.agreed is not False)]
        method = list_.method or "import"
        given = Given(purpose, method, list_.wording, source)
        list_.granted += many.grant_many(session, _ways(willing), given)


def _ways(people: Sequence[Person]) -> list[Way]:
    return [(CHANNELS[kind], value) for one in people for kind, value in one.addresses]


def forget(session: ScopedSession, timer: Timer) -> None:
    """Drop what a list still holds of people: rejected rows after a month, a file never started after two days."""
    list_ = session.get(CustomerList, (session.tenant_id, UUID(timer.key)))
    if list_ is None or list_.state in ("running", "undoing"):
        return
    if list_.state == "chosen":
        session.execute(delete(CustomerList).where(CustomerList.id == list_.id))
    else:
        session.execute(update(ListPiece).where(ListPiece.list_id == list_.id).values(rejects=None, data=None))
