"""The list of the inbox: its views, paged by position, and counts that never run away."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    true,
    tuple_,
)

from groundwork.database import ScopedSession
from hallway.consent.models import Suppression
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import labels
from hallway.conversations.models import Conversation, Mention
from tenants.models import Member

VIEWS = ("all", "waiting", "mine", "unassigned", "snoozed", "mentioned", "closed")
PAGE = 30
MOST = 200  # rows in one answer, however many were asked for
# Calls stand above conversations in the house, so their table is named here and their module is not.
CALL = table("call", *map(column, ("tenant_id", "conversation_id", "direction", "outcome", "started_at", "id")))
CAP = 100  # counts stop here; the page says 99+


class BadCursorError(ValueError):
    """The position in the list cannot be read: an address that was cut short or made up."""


class Line(NamedTuple):
    """One conversation as the list shows it."""

    id: UUID
    contact_id: UUID
    name: str | None
    phone: str | None
    preview: str
    preview_direction: str
    last_event_at: datetime
    waiting_since: datetime | None
    urgent_reason: str | None
    source: str
    unread: bool
    status: str
    assigned_to: UUID | None
    assigned_name: str | None
    blocked: bool
    stopped: bool
    urgent: bool
    snoozed_until: datetime | None
    mentioned: bool
    label_rows: list[list[str]] | None

    @property
    def labels(self) -> list[labels.Shown]:
        return labels.shown(self.label_rows)


@dataclass(frozen=True)
class Page:
    """Lines in order, and the cursor of the next page when there is one."""

    lines: list[Line]
    next: str | None


class Counts(NamedTuple):
    """How many conversations stand in each view that asks for work; `CAP` means that many or more."""

    waiting: int
    mine: int
    unassigned: int
    mentioned: int = 0


def page(
    session: ScopedSession,
    view: str,
    me: UUID | None,
    *,
    cursor: str | None = None,
    limit: int = PAGE,
    among: Select[Any] | None = None,
) -> Page:
    """One page of a view, in one query. Waiting: urgent first, then longest; snoozed: who wakes first; else newest.

    `me` is the member whose "mine" it is; agency staff have none. `among` selects the ids to narrow to.
    Raises BadCursorError for a cursor that is not ours.
    """
    limit = min(limit, MOST)
    statement = _lines(me).where(*_belongs(view, me)).order_by(*_order(view)).limit(limit + 1)
    if among is not None:
        statement = statement.where(Conversation.id.in_(among))
    if cursor:
        statement = statement.where(_after(view, cursor))
    rows = session.execute(statement).all()
    lines = [Line._make(row) for row in rows[:limit]]
    return Page(lines, _cursor(view, lines[-1]) if len(rows) > limit else None)


def line(session: ScopedSession, conversation_id: UUID) -> Line | None:
    """The line of one conversation, if it is there."""
    row: Row[Any] | None = session.execute(_lines().where(Conversation.id == conversation_id)).first()
    return Line._make(row) if row else None


def counts(session: ScopedSession, me: UUID | None) -> Counts:
    """Capped counts of waiting, mine and unassigned, in one query."""
    return Counts._make(session.execute(select(*(_capped(view, me) for view in Counts._fields))).one())


def first_phone(contact_id: SQLColumnExpression[UUID]) -> FromClause:
    """The phone number a contact was first known by, as a lateral of one `value`."""
    mine = (ContactPoint.contact_id == contact_id, ContactPoint.kind == "phone")
    return select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1).lateral("phone")


def _lines(me: UUID | None = None) -> Select[Any]:
    phone = first_phone(Conversation.contact_id)
    stopped = exists().where(
        Suppression.channel == "sms",
        Suppression.address == phone.c.value,
        Suppression.scope == "all",
        Suppression.released_at.is_(None),
    )
    columns: list[Any] = [
        Conversation.id,
        Conversation.contact_id,
        Contact.name,
        phone.c.value,
        Conversation.preview,
        Conversation.preview_direction,
        Conversation.last_event_at,
        Conversation.waiting_since,
        Conversation.urgent_reason,
        _source(),
        Conversation.unread,
        Conversation.status,
        Conversation.assigned_to,
        Member.name,
        Contact.blocked_at.is_not(None),
        stopped,
        _urgent(),
        Conversation.snoozed_until,
        unseen(me),
        labels.of(Conversation.id),
    ]
    return (
        select(*columns)
        .select_from(Conversation)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(phone, true())
        .outerjoin(Member, Member.id == Conversation.assigned_to)
    )


def _source() -> ColumnElement[str]:
    """How it began; a call that nobody took is a missed call."""
    theirs = (CALL.c.tenant_id == Conversation.tenant_id, CALL.c.conversation_id == Conversation.id)
    first = select(CALL.c.outcome).where(*theirs, CALL.c.direction == "in").order_by(CALL.c.started_at, CALL.c.id)
    missed = and_(Conversation.source == "call", first.limit(1).scalar_subquery() == "missed")
    return case((missed, "missed_call"), else_=Conversation.source)


def _urgent() -> ColumnElement[bool]:
    return Conversation.urgent_reason.is_not(None)


def unseen(me: UUID | None) -> ColumnElement[bool]:
    """Whether a note in a conversation names me, and I have not opened it since."""
    if me is None:
        return false()
    return exists().where(
        Mention.conversation_id == Conversation.id, Mention.member_id == me, Mention.seen_at.is_(None)
    )


def _belongs(view: str, me: UUID | None) -> tuple[ColumnElement[bool], ...]:
    # Words, not parameters: a partial index serves only a plan that knows the word.
    words = ("'open'", "'snoozed'", "'closed'")
    is_open, is_snoozed, is_closed = (Conversation.status == literal_column(word) for word in words)
    named = select(Mention.conversation_id).where(Mention.member_id == me)
    return {
        "all": (),
        "waiting": (is_open, Conversation.waiting_since.is_not(None)),
        "mine": (is_open, Conversation.assigned_to == me) if me else (false(),),
        "unassigned": (is_open, Conversation.assigned_to.is_(None)),
        "snoozed": (is_snoozed,),
        "mentioned": (Conversation.id.in_(named),) if me else (false(),),
        "closed": (is_closed,),
    }[view]


def _order(view: str) -> tuple[SQLColumnExpression[Any], ...]:
    if view == "waiting":
        return _urgent().desc(), Conversation.waiting_since, Conversation.id
    if view == "snoozed":
        return Conversation.snoozed_until, Conversation.id
    return Conversation.last_event_at.desc(), Conversation.id.desc()


def _after(view: str, cursor: str) -> ColumnElement[bool]:
    urgent, at, id_ = _position(cursor)
    if view == "snoozed":
        return tuple_(Conversation.snoozed_until, Conversation.id) > tuple_(at, id_)
    if view != "waiting":
        return tuple_(Conversation.last_event_at, Conversation.id) < tuple_(at, id_)
    place = tuple_(Conversation.urgent_reason.is_(None), Conversation.waiting_since, Conversation.id)
    return place > tuple_(literal(not urgent), at, id_)


def _cursor(view: str, last: Line) -> str:
    at = {"waiting": last.waiting_since, "snoozed": last.snoozed_until}.get(view) or last.last_event_at
    place = json.dumps([last.urgent, at.isoformat(), str(last.id)])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _position(cursor: str) -> tuple[bool, datetime, UUID]:
    try:
        urgent, at, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        when = datetime.fromisoformat(at)
        if when.tzinfo is None:
            raise ValueError("a time without a zone")  # noqa: TRY301
        return bool(urgent), when, UUID(id_)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise BadCursorError("This page of the list cannot be found any more. Open the inbox again.") from error


def _capped(view: str, me: UUID | None) -> ScalarSelect[int]:
    statement = select(Conversation.id).where(*_belongs(view, me))
    if view == "mentioned":
        statement = select(Mention.id).where(Mention.member_id == me, Mention.seen_at.is_(None))
    some = statement.limit(CAP).subquery()
    return select(func.count(some.c.id)).scalar_subquery()
