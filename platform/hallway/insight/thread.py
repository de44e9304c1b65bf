"""One conversation as it is read: texts, calls, voicemails, alarms, tasks and notes in the order they happened."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_

from groundwork.database import ScopedSession
from hallway.appointments import AppointmentEvent
from hallway.calls.models import Alarm, Call, Phone, Voicemail
from hallway.consent.models import GateDecision
from hallway.conversations import Mail, Message, Note, Task
from hallway.conversations.inbox import BadCursorError
from hallway.insight import requests
from hallway.insight.holdings import TABLES, Holding
from hallway.insight.requests import Filled, Photo, Priced, Source, photos_of, shown

PAGE = 50
EVERYTHING = tuple(TABLES)
MOST = 500  # entries in one answer when an open thread is fetched again


@dataclass(frozen=True)
class Said:
    """A text or e-mail in or out. `after_call` is how long after the missed call the carrier took it.

    `mail` is what an e-mail has beyond its words.
    """

    at: datetime
    id: UUID
    message: Message
    photos: list[Photo]
    after_call: timedelta | None
    mail: Mail | None = None
    kind: str = "message"


@dataclass(frozen=True)
class Rang:
    """A call, who answered it, and what was left on the voicemail."""

    at: datetime
    id: UUID
    call: Call
    voicemail: Voicemail | None
    answered_by: str | None
    kind: str = "call"

    @property
    def rang_seconds(self) -> int | None:
        """Whole seconds until somebody answered or it was known to be missed."""
        until = self.call.answered_at or self.call.missed_at or self.call.ended_at
        return max(0, round((until - self.call.started_at).total_seconds())) if until else None


@dataclass(frozen=True)
class Raised:
    """An alarm; open until somebody acknowledges it."""

    at: datetime
    id: UUID
    alarm: Alarm
    kind: str = "alarm"


@dataclass(frozen=True)
class Asked:
    """A task for a person."""

    at: datetime
    id: UUID
    task: Task
    kind: str = "task"


@dataclass(frozen=True)
class Noted:
    """A note among members."""

    at: datetime
    id: UUID
    note: Note
    kind: str = "note"


@dataclass(frozen=True)
class Noticed:
    """News of a visit."""

    at: datetime
    id: UUID
    event: AppointmentEvent
    kind: str = "visit"


Entry = Said | Rang | Raised | Asked | Noted | Filled | Priced | Noticed


class Place(NamedTuple):
    """Where an entry stands in the thread."""

    at: datetime
    id: UUID


@dataclass(frozen=True)
class Thread:
    """Entries, oldest first; `first` and `earlier` are cursors: of the oldest entry here, and of what came before."""

    entries: list[Entry]
    first: str | None
    earlier: str | None


def newest(
    session: ScopedSession,
    conversation_id: UUID,
    *,
    before: str | None = None,
    limit: int = PAGE,
    holds: Collection[Holding] = EVERYTHING,
) -> Thread:
    """The last `limit` entries (before a cursor, if given). One query for each kind it `holds`, however many."""
    place = _place(before) if before else None
    entries = _read(session, conversation_id, limit + 1, holds, before=place)
    more = len(entries) > limit
    kept = entries[-limit:]
    first = cursor(kept[0].at, kept[0].id) if kept else None
    return Thread(kept, first, first if more else None)


def since(
    session: ScopedSession, conversation_id: UUID, first: str | None, holds: Collection[Holding] = EVERYTHING
) -> list[Entry]:
    """Everything from the entry at cursor `first` on, so that an open thread is fetched again without a gap."""
    return _read(session, conversation_id, MOST, holds, since=_place(first) if first else None)


def decisions(session: ScopedSession, *, message_id: UUID | None = None, call_id: UUID | None = None) -> Sequence[Any]:
    """What the gate answered about one message or call, in the order it was asked."""
    about = GateDecision.message_id == message_id if message_id else GateDecision.call_id == call_id
    return session.scalars(select(GateDecision).where(about).order_by(GateDecision.asked_at, GateDecision.id)).all()


def _read(
    session: ScopedSession,
    conversation_id: UUID,
    limit: int,
    holds: Collection[Holding],
    *,
    before: Place | None = None,
    since: Place | None = None,
) -> list[Entry]:
    """Of each kind the newest `limit` within the bounds; of all together again the newest `limit`, oldest first."""
    entries: list[Entry] = []
    for kind, query, made in _KINDS:
        if kind != "message" and kind not in holds:
            continue
        statement, at, id_ = query(conversation_id)
        place = tuple_(at, id_)
        if before:
            statement = statement.where(place < tuple_(*_typed(before)))
        if since:
            statement = statement.where(place >= tuple_(*_typed(since)))
        rows = session.execute(statement.order_by(at.desc(), id_.desc()).limit(limit))
        entries += [made(row) for row in rows]
    return sorted(entries, key=lambda entry: (entry.at, entry.id))[-limit:]


def _typed(place: Place) -> tuple[Any, Any]:
    return place.at, place.id


def _messages(conversation_id: UUID) -> Source:
    statement = (
        select(Message, photos_of(), Call.missed_at, Mail)
        .outerjoin(Call, Call.id == Message.call_id)
        .outerjoin(Mail, Mail.id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.channel != "form")
    )
    return Source(statement, Message.at, Message.id)


def _said(row: Any) -> Said:
    message, photos, missed_at, mail = row
    accepted = message.accepted_at or message.sent_at
    waited = accepted - missed_at if accepted and missed_at and message.kind == "text_back" else None
    return Said(message.at, message.id, message, shown(photos), waited, mail)


def _calls(conversation_id: UUID) -> Source:
    # Of a caller who said nothing only a failed transcript is told: that is no voicemail.
    left = or_(Voicemail.recording_sid.is_not(None), Voicemail.transcript.is_not(None))
    statement = (
        select(Call, Voicemail, Phone.label)
        .outerjoin(Voicemail, and_(Voicemail.call_id == Call.id, left))
        .outerjoin(Phone, Phone.id == Call.answered_by)
        .where(Call.conversation_id == conversation_id)
    )
    return Source(statement, Call.started_at, Call.id)


def _rang(row: Any) -> Rang:
    call, voicemail, label = row
    return Rang(call.started_at, call.id, call, voicemail, label)


def _alarms(conversation_id: UUID) -> Source:
    mine = select(Alarm).where(Alarm.conversation_id == conversation_id)
    return Source(mine, Alarm.created_at, Alarm.id)


def _raised(row: Any) -> Raised:
    return Raised(row[0].created_at, row[0].id, row[0])


def _tasks(conversation_id: UUID) -> Source:
    mine = select(Task).where(Task.conversation_id == conversation_id)
    return Source(mine, Task.created_at, Task.id)


def _asked(row: Any) -> Asked:
    return Asked(row[0].created_at, row[0].id, row[0])


def _notes(conversation_id: UUID) -> Source:
    mine = select(Note).where(Note.conversation_id == conversation_id)
    return Source(mine, Note.at, Note.id)


def _noted(row: Any) -> Noted:
    return Noted(row[0].at, row[0].id, row[0])


def _visits(conversation_id: UUID) -> Source:
    mine = select(AppointmentEvent).where(AppointmentEvent.conversation_id == conversation_id)
    return Source(mine, AppointmentEvent.at, AppointmentEvent.id)


def _noticed(row: Any) -> Noticed:
    return Noticed(row[0].at, row[0].id, row[0])


_KINDS: tuple[tuple[Holding | Literal["message"], Callable[[UUID], Source], Callable[[Any], Entry]], ...] = (
    ("message", _messages, _said),
    ("call", _calls, _rang),
    ("alarm", _alarms, _raised),
    ("task", _tasks, _asked),
    ("note", _notes, _noted),
    ("form", requests.forms, requests.filled),
    ("price", requests.estimates, requests.priced),
    ("news", _visits, _noticed),
)


def cursor(at: datetime, id_: UUID) -> str:
    """The place of an entry in the thread, for an address."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {id_}".encode()).decode().rstrip("=")


def _place(at_cursor: str) -> Place:
    try:
        at, _, id_ = base64.urlsafe_b64decode(at_cursor + "=" * (-len(at_cursor) % 4)).decode().partition(" ")
        when = datetime.fromisoformat(at)
        if when.tzinfo is None:
            raise ValueError("a time without a zone")  # noqa: TRY301
        return Place(when, UUID(id_))
    except (ValueError, binascii.Error) as error:
        raise BadCursorError("This part of the conversation cannot be found any more. Open it again.") from error
