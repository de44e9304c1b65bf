"""What stands beside a thread: who it is, whether they may be texted, what they want, and how it went so far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, null, select, true, union_all
from sqlalchemy.orm import aliased

from groundwork.database import ScopedSession
from hallway.calls.models import Call, Phone
from hallway.consent.models import ConsentEvent, Suppression
from hallway.consent.rules import NO_TEXTS
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message, inbox, labels
from hallway.insight.holdings import TABLES, Holding, held
from hallway.insight.thread import Entry, Rang, Said
from hallway.leads.models import Lead, LeadField
from tenants.models import Member

NEVER_SENT = ("refused", "cancelled", "expired", "failed")
NOT_TO_STAFF = Message.purpose != "staff"
COUNTED = 1000  # texts and calls of one person are counted this far


@dataclass(frozen=True)
class Head:
    """A conversation and the person in it. `suppression` is the stop in force; `consent` their latest consent event.

    `mentioned` says that a note names the reader, who has not opened the thread since; `holds` what is there at all.
    """

    conversation: Conversation
    contact: Contact
    point: ContactPoint | None
    suppression: Suppression | None
    consent: ConsentEvent | None
    assigned_name: str | None
    texts: int
    calls: int
    mentioned: bool = False
    label_rows: list[list[str]] | None = None
    holds: Collection[Holding] = tuple(TABLES)

    @property
    def labels(self) -> list[labels.Shown]:
        return labels.shown(self.label_rows)

    @property
    def phone(self) -> str | None:
        return self.point.value if self.point else None

    @property
    def closed_because(self) -> str | None:
        """Why they may not be written to: stopped, blocked, no_phone, no_texts, dead; None when they may.

        The gate decides when something is sent; this is what it would say for reasons that do not pass.
        """
        if self.point is None:
            return "no_phone"
        reasons = {
            "stopped": self.suppression is not None,
            "blocked": self.contact.blocked_at is not None,
            "no_texts": self.point.line_type in NO_TEXTS,
            "dead": self.point.invalid_reason is not None,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


class MailWay(NamedTuple):
    """Their e-mail address, and whether anything may still be sent to it."""

    address: str
    open: bool


class Choice(NamedTuple):
    """A member one can assign to, or a phone one can call back from."""

    kind: str  # member, phone
    id: UUID
    label: str
    e164: str | None


class Step(NamedTuple):
    """One step of the story: what happened, when, and whether it is good, bad or still to come."""

    words: str
    detail: str | None
    at: datetime | None
    tone: str  # good, bad, plain, waiting


def mail_way(session: ScopedSession, contact: Contact) -> MailWay | None:
    """How a person is reached by e-mail; None when we know no address."""
    stopped = and_(
        Suppression.tenant_id == ContactPoint.tenant_id,
        Suppression.channel == "email",
        Suppression.address == ContactPoint.value,
        Suppression.scope == "all",
        Suppression.released_at.is_(None),
    )
    query = select(ContactPoint.value, Suppression.id).outerjoin(Suppression, stopped)
    mine = (ContactPoint.contact_id == contact.id, ContactPoint.kind == "email")
    row = session.execute(query.where(*mine).order_by(Suppression.id.is_not(None), ContactPoint.id).limit(1)).first()
    return MailWay(row[0], row[1] is None and contact.blocked_at is None) if row else None


def head(session: ScopedSession, conversation_id: UUID, me: UUID | None = None) -> Head | None:
    """Everything about the person of one conversation, in one query; None when there is no such conversation here.

    `me` is the member who reads it.
    """
    point = aliased(ContactPoint, _first_point(), name="point")
    stop = aliased(Suppression, _stop(point), name="stop")
    consent = aliased(ConsentEvent, _latest_consent(point), name="consent")
    counted = (_count(Message, NOT_TO_STAFF), _count(Call))
    seen = (inbox.unseen(me), labels.of(Conversation.id), held())
    row = session.execute(
        select(Conversation, Contact, point, stop, consent, Member.name, *counted, *seen)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(point, true())
        .outerjoin(stop, true())
        .outerjoin(consent, true())
        .outerjoin(Member, Member.id == Conversation.assigned_to)
        .where(Conversation.id == conversation_id)
    ).first()
    return Head(*row) if row else None


def _first_point() -> Any:
    mine = (ContactPoint.contact_id == Conversation.contact_id, ContactPoint.kind == "phone")
    return select(ContactPoint).where(*mine).order_by(ContactPoint.id).limit(1).correlate(Conversation).lateral("point")


def _stop(point: Any) -> Any:
    theirs = (Suppression.channel == "sms", Suppression.address == point.value, Suppression.released_at.is_(None))
    return select(Suppression).where(*theirs, Suppression.scope == "all").limit(1).lateral("stop")


def _latest_consent(point: Any) -> Any:
    theirs = select(ConsentEvent).where(ConsentEvent.address == point.value)
    return theirs.order_by(ConsentEvent.id.desc()).limit(1).lateral("consent")


def _count(kind: type[Message] | type[Call], *only: ColumnElement[bool]) -> Any:
    mine = select(kind.id).where(kind.conversation_id == Conversation.id, *only)
    some = mine.correlate(Conversation).limit(COUNTED)
    return select(func.count()).select_from(some.subquery()).correlate(Conversation).scalar_subquery()


def choices(session: ScopedSession) -> list[Choice]:
    """Members to assign to and phones to call back from, in one query."""
    members = select(literal("member"), Member.id, Member.name, null(), literal(0)).where(Member.removed_at.is_(None))
    phones = select(literal("phone"), Phone.id, Phone.label, Phone.e164, Phone.position)
    rows: Sequence[Any] = session.execute(union_all(members, phones)).all()
    return [Choice(*row[:4]) for row in sorted(rows, key=lambda row: (row[0], row[4], row[2]))]


def lead(session: ScopedSession, conversation_id: UUID) -> tuple[Lead, dict[str, LeadField]] | None:
    """The newest lead of a conversation and its fields by name, in one query."""
    rows = session.execute(
        select(Lead, LeadField)
        .outerjoin(LeadField, LeadField.lead_id == Lead.id)
        .where(Lead.conversation_id == conversation_id)
        .order_by(Lead.id.desc())
    ).all()
    if not rows:
        return None
    newest = rows[0][0]
    return newest, {field.name: field for lead_, field in rows if field is not None and lead_.id == newest.id}


def story(entries: Sequence[Entry]) -> list[Step]:
    """How the latest opportunity went: it rang, a text went out, they answered, a person answered."""
    begin = max((i for i, entry in enumerate(entries) if _begins(entry)), default=None)
    if begin is None:
        return []
    rest = entries[begin + 1 :]
    texts = [entry for entry in rest if isinstance(entry, Said)]
    first = entries[begin]
    steps = [_opening(first)]
    if isinstance(first, Rang):
        steps.append(_texted(first, texts))
        steps.append(_first(texts, "in", "They replied", "No reply yet"))
    steps.append(_first(texts, "person", "A person answered", "A person has not answered yet"))
    return steps


def _begins(entry: Entry) -> bool:
    return isinstance(entry, Rang) and entry.call.direction == "in" and entry.call.outcome == "missed"


def _opening(entry: Entry) -> Step:
    return Step("Missed call", None, entry.at, "plain")


def _texted(rang: Rang, texts: Sequence[Said]) -> Step:
    for text in texts:
        if text.message.kind == "text_back" and (text.message.accepted_at or text.message.sent_at):
            return Step("Texted back", f"in {seconds_after(text)}", text.message.accepted_at, "good")
    if rang.call.text_back in ("skipped", "refused"):
        return Step("No text sent", rang.call.text_back_reason, None, "bad")
    return Step("Texting back", rang.call.text_back_reason, None, "waiting")


def seconds_after(text: Said) -> str | None:
    """How long after the call the text went: "8 seconds", or minutes for a long wait."""
    if text.after_call is None:
        return None
    seconds = round(text.after_call.total_seconds())
    if seconds < 1:
        return "less than a second"
    amount, unit = (seconds, "second") if seconds < 120 else (round(seconds / 60), "minute")
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def _first(texts: Sequence[Said], whom: str, done: str, missing: str) -> Step:
    for text in texts:
        if whom in (text.message.direction, text.message.kind) and text.message.state not in NEVER_SENT:
            return Step(done, text.message.author_name, text.at, "good")
    return Step(missing, None, None, "waiting")
