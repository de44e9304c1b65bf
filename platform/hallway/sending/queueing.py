"""Queue a text or an e-mail: the gate is asked, the row is written, a worker is woken. The only road to a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, cast

from sqlalchemy import ColumnElement, select, text, update

from groundwork import clock, config, jobs, live, metrics
from groundwork.database import Json, ScopedSession, new_id
from hallway import consent
from hallway.consent import Ask, Decision
from hallway.consent.facts import Channel, Purpose
from hallway.consent.suppression import Reason, SuppressionScope
from hallway.contacts import ContactPoint
from hallway.conversations import Attachment, Conversation, Message, note_answered_by_person, note_event
from hallway.conversations.files import as_media, preview, tie
from hallway.rulebook import segments
from hallway.sending import at_once, letters, states
from hallway.sending.claims import attachments

Lane = Literal["now", "soon", "bulk"]
POINTS: dict[Channel, str] = {"sms": "phone", "email": "email"}
# What a carrier takes for a text with pictures is about what it takes for three segments.
MMS_SEGMENTS = 3
RETRY_SHELF_LIFE = timedelta(hours=24)
STATE_OF = {"allow": "queued", "hold": "held", "refuse": "refused"}

# The number they last wrote to or called, else the first; calls stand above sending, so their table is named here.
OUR_NUMBER = text("""
SELECT n.e164 FROM number n WHERE n.tenant_id = :tenant AND n.active
ORDER BY n.e164 = coalesce(
  (SELECT CASE m.direction WHEN 'in' THEN m.to_address ELSE m.from_address END FROM message m
   WHERE m.tenant_id = :tenant AND m.conversation_id = :conversation AND m.purpose <> 'staff' AND m.channel = 'sms'
   ORDER BY m.at DESC LIMIT 1),
  (SELECT c.to_address FROM call c
   WHERE c.tenant_id = :tenant AND c.conversation_id = :conversation AND c.direction = 'in'
   ORDER BY c.started_at DESC LIMIT 1)) DESC NULLS LAST, n.created_at, n.id
LIMIT 1
""")


class Author(Protocol):
    """A person of the business who writes by hand: a signed-in user or a member."""

    @property
    def user_id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...


def queue(
    session: ScopedSession,
    conversation: Conversation,
    body: str,
    *,
    kind: str,
    purpose: Purpose,
    shelf_life: timedelta,
    lane: Lane = "now",
    channel: Channel = "sms",
    subject: str | None = None,
    calendar: str | None = None,
    to: str | None = None,
    from_: str | None = None,
    author: Author | None = None,
    call_id: uuid.UUID | None = None,
    retry_of: uuid.UUID | None = None,
    appointment: tuple[uuid.UUID, int] | None = None,
    enrollment_id: uuid.UUID | None = None,
    send_at: datetime | None = None,
    files: Sequence[Attachment] = (),
    id: uuid.UUID | None = None,  # noqa: A002 - it is the id
) -> Message:
    """Ask the gate and write the message down: queued, held (until `due_at`) or refused (`error` says why).

    `to` is by default the contact's phone (or e-mail address), `from_` our number they last used; for `send_at` see
    `later`. It leaves within `shelf_life`, while `appointment` (id, version) and `enrollment_id` stand. An `id` makes
    asking twice an IntegrityError. A mail keeps the thread's subject if none; `calendar` (iCalendar), `files` go along.
    """
    now = send_at or clock.now()
    ask = Ask(
        address=to or _address_of(session, conversation, POINTS[channel]) or "",
        channel=channel,
        purpose=purpose,
        kind=kind,
        at=now,
        body=segments.tidy(body) if channel == "sms" else body.strip(),
        sender=from_ or _sender(session, conversation, channel),
        lane=lane,
        by_person=author is not None,
        expires_at=now + shelf_life,
        conversation_id=conversation.id,
        message_id=id or new_id(),
        call_id=call_id,
        **_stands(appointment, enrollment_id, len(files)),
    )
    message = _write_down(session, ask, as_media(files), send_at=send_at, retry_of=retry_of, **_by(author))
    letters.begin(session, message, subject, calendar)
    _tell(session, conversation, message, lane)
    return message


def _stands(appointment: tuple[uuid.UUID, int] | None, enrollment_id: uuid.UUID | None, files: int) -> Json:
    """What must still stand when it leaves, and how many files go along."""
    visit = {"appointment_id": appointment[0], "appointment_version": appointment[1]} if appointment else {}
    return {**visit, "enrollment_id": enrollment_id, "files": files}


def our_number(session: ScopedSession, conversation_id: uuid.UUID) -> str | None:
    """The number of ours that this person last used, else our first active one."""
    found: str | None = session.scalar(OUR_NUMBER, {"tenant": session.tenant_id, "conversation": conversation_id})
    return found


def retry(session: ScopedSession, message: Message, author: Author) -> Message:
    """Try a failed text once more by hand, as a new one that keeps the link; asked twice it is one new text.

    A text that has not failed comes back as it is.
    """
    if message.state not in states.FAILED:
        return message
    again = session.scalar(
        select(Message).where(Message.retry_of == message.id, Message.state.in_(states.UNDER_WAY)).limit(1)
    )
    if again:
        return again
    conversation = session.get_one(Conversation, (session.tenant_id, message.conversation_id))
    return queue(
        session,
        conversation,
        message.body,
        kind="person",
        # An alarm that failed is no answer to a customer, and an offer stays an offer.
        purpose=cast("Purpose", message.purpose) if message.purpose in ("staff", "marketing") else "reply",
        shelf_life=RETRY_SHELF_LIFE,
        channel=cast("Channel", message.channel),
        subject=message.subject,
        to=message.to_address,
        from_=message.from_address,
        author=author,
        retry_of=message.id,
        files=session.scalars(select(Attachment).where(Attachment.message_id == message.id)).all(),
    )


def stop_texting(
    session: ScopedSession,
    address: str,
    reason: Reason,
    scope: SuppressionScope = "all",
    words: str | None = None,
    rule: str | None = None,
    message_id: uuid.UUID | None = None,
    *,
    by: str | None = None,
    channel: Channel = "sms",
    method: str | None = None,
) -> bool:
    """Suppress `address` and take back what waits to be sent to it. False when it was suppressed already."""
    new = consent.suppress(
        session, address, reason, scope, words, rule, message_id, by=by, channel=channel, method=method
    )
    what = "texts" if channel == "sms" else "e-mails"
    cancel_queued(session, address, f"They asked for no more {what}.", marketing_only=scope == "marketing")
    return new


def cancel_queued(session: ScopedSession, address: str, reason: str, *, marketing_only: bool = False) -> int:
    """Take back every text to `address` that has not left; `reason` is shown. Returns how many."""
    only = Message.purpose == "marketing" if marketing_only else Message.purpose != "compliance"
    return _cancel(session, [Message.to_address == address, Message.direction == "out", only], reason)


def cancel_messages(session: ScopedSession, ids: Sequence[uuid.UUID], reason: str) -> int:
    """Take back those of these messages that have not left; `reason` is shown. Returns how many."""
    return _cancel(session, [Message.id.in_(ids)], reason) if ids else 0


def _cancel(session: ScopedSession, which: Sequence[ColumnElement[bool]], reason: str) -> int:
    values = {"state": "cancelled", "error": reason, "due_at": None, "settled_at": clock.now()}
    mine = (Message.tenant_id == session.tenant_id, Message.state.in_(states.WAITING))
    statement = update(Message).where(*mine, *which).values(**values)
    rows = session.execute(statement.returning(Message.conversation_id, Message.channel, Message.kind)).all()
    for row in rows:
        metrics.messages.labels(row.channel, row.kind, "cancelled").inc()
        live.tell(session, "conversation", row.conversation_id)
    return len(rows)


def _sender(session: ScopedSession, conversation: Conversation, channel: Channel) -> str | None:
    if channel == "email":
        return config.settings().mail_from if config.settings().mail_url else None
    return our_number(session, conversation.id)


def _address_of(session: ScopedSession, conversation: Conversation, kind: str) -> str | None:
    mine = (ContactPoint.contact_id == conversation.contact_id, ContactPoint.kind == kind)
    return session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1))


def _write_down(session: ScopedSession, ask: Ask, media: list[Json], **more: Any) -> Message:
    decision = consent.may_send(session, ask)
    row = {**_row(ask, decision), "media": media}
    if more.get("send_at"):
        row["at"] = clock.now()  # its place in the thread until it goes
    elif decision.answer == "allow" and (ask.lane, ask.channel) == ("now", "sms"):
        row |= at_once.claim(session, row, decision.send_by)
    message = Message(**row, **more)
    session.add(message)
    if media and message.state != "refused":
        session.flush()
        tie(session, message.id, attachments(media))
    return message


def _row(ask: Ask, decision: Decision) -> Json:
    body = decision.body or ask.body
    measured = segments.measure(body if ask.channel == "sms" else "")
    row: Json = {"id": ask.message_id, "conversation_id": ask.conversation_id, "at": ask.at, "direction": "out"}
    row["channel"] = ask.channel
    row |= {"kind": ask.kind, "purpose": ask.purpose, "lane": ask.lane, "state": STATE_OF[decision.answer]}
    row |= {"from_address": ask.sender, "to_address": ask.address, "body": body, "call_id": ask.call_id}
    row |= {"segments": MMS_SEGMENTS if ask.files and ask.channel == "sms" else measured.segments}
    row |= {"encoding": measured.encoding, "expires_at": ask.expires_at}
    row |= {"appointment_id": ask.appointment_id, "appointment_version": ask.appointment_version}
    row["enrollment_id"] = ask.enrollment_id
    return row | _consequence(decision, ask.at)


def _consequence(decision: Decision, now: datetime) -> Json:
    if decision.answer == "allow":
        return {"due_at": now}
    why = {"held_rule": decision.rule, "error": decision.explanation}
    return why | ({"due_at": decision.until} if decision.answer == "hold" else {"settled_at": now})


def _by(author: Author | None) -> Json:
    return {"author_id": author.user_id, "author_name": author.name} if author else {}


def _tell(session: ScopedSession, conversation: Conversation, message: Message, lane: Lane) -> None:
    session.flush()
    metrics.messages.labels(message.channel, message.kind, message.state).inc()
    live.tell(session, "conversation", conversation.id)
    if message.state == "refused" or message.send_at:
        return  # what waits for its time is no answer yet
    if message.purpose != "staff":
        note_event(
            session, conversation, message.body or preview(message.media) or message.subject or "", "out", at=message.at
        )
    if message.author_name and message.purpose != "staff":
        note_answered_by_person(session, conversation)
    if message.state == "queued":
        jobs.ring(session, f"deliver:{lane}", lane)
