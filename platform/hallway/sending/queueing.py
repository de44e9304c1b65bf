"""Queue a text or an e-mail: the gate is asked, the row is written, a worker is woken. The only road to a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, select, update

from groundwork import clock, config, jobs, live, many, metrics
from groundwork.database import Json, ScopedSession, new_id
from hallway import consent
from hallway.consent import Ask, Decision
from hallway.consent.facts import Channel, Purpose
from hallway.consent.suppression import Reason, SuppressionScope
from hallway.contacts import ContactPoint
from hallway.conversations import (
    Attachment,
    Conversation,
    Message,
    note_answered_by_person,
    note_event,
    note_sent_all,
)
from hallway.conversations.files import as_media, preview, tie
from hallway.rulebook import segments
from hallway.sending import at_once, letters, states
from hallway.sending.claims import attachments
from hallway.sending.drafts import Author, Draft, Lane, Talk
from hallway.sending.our_numbers import our_numbers

POINTS: dict[Channel, str] = {"sms": "phone", "email": "email"}
# What a carrier takes for a text with pictures is about what it takes for three segments.
MMS_SEGMENTS = 3
RETRY_SHELF_LIFE = timedelta(hours=24)
MESSAGES = Message.metadata.tables["message"]
NOBODY = {"author_id": None, "author_name": None}
NOT_CLAIMED = {"lease": None, "claimed_at": None, "attempts": 0}
STATE_OF = {"allow": "queued", "hold": "held", "refuse": "refused"}


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
    calendar: str | None = None,
) -> Message:
    """Ask the gate and write the message down: queued, held (`due_at` says until when) or refused (`error` says why).

    What each word means stands at `Draft`.
    """
    stands = (call_id, retry_of, appointment, enrollment_id)
    how = (lane, channel, subject, to, from_, author)
    draft = Draft(conversation, body, kind, purpose, shelf_life, *how, *stands, send_at, id, calendar, files)
    (row,) = _decided(session, [draft])
    message = Message(**row)
    session.add(message)
    session.flush()
    _written(session, [draft], [row])
    if _is_said(row):
        note_event(session, conversation, _preview(row), "out", at=message.at)
        if message.author_name:
            note_answered_by_person(session, conversation)
    return message


class Queued(NamedTuple):
    """What became of one of many: queued, held (`due_at` says until when) or refused, by which rule and why."""

    id: uuid.UUID
    state: str
    due_at: datetime | None
    held_rule: str | None
    error: str | None


def queue_all(session: ScopedSession, drafts: Sequence[Draft]) -> list[Queued]:
    """The same for many automatic ones at once, in their order: the same few statements whatever their number.

    Two to one person do not see each other, and what a person may get in a day counts: give one of them at a time.
    """
    rows = _decided(session, drafts)
    many.insert(session, MESSAGES, rows)
    _written(session, drafts, rows)
    note_sent_all(session, [(row["conversation_id"], _preview(row), row["at"]) for row in rows if _is_said(row)])
    return [Queued(*(row[name] for name in Queued._fields)) for row in rows]


def _decided(session: ScopedSession, drafts: Sequence[Draft]) -> list[Json]:
    """Ask the gate, and say how each message is to be written down."""
    senders = _senders(session, drafts)
    asks = [_ask(session, draft, sender) for draft, sender in zip(drafts, senders, strict=True)]
    decisions = consent.may_send_all(session, asks)
    return [_row(session, *one) for one in zip(drafts, asks, decisions, strict=True)]


def _ask(session: ScopedSession, draft: Draft, sender: str | None) -> Ask:
    now = draft.send_at or clock.now()
    return Ask(
        address=draft.to or _address_of(session, draft.conversation, POINTS[draft.channel]) or "",
        channel=draft.channel,
        purpose=draft.purpose,
        kind=draft.kind,
        at=now,
        body=segments.tidy(draft.body) if draft.channel == "sms" else draft.body.strip(),
        sender=sender,
        lane=draft.lane,
        by_person=draft.author is not None,
        expires_at=now + draft.shelf_life,
        conversation_id=draft.conversation.id,
        message_id=draft.id or new_id(),
        call_id=draft.call_id,
        appointment_id=draft.appointment[0] if draft.appointment else None,
        appointment_version=draft.appointment[1] if draft.appointment else None,
        enrollment_id=draft.enrollment_id,
        files=len(draft.files),
    )


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
    only = Message.purpose.in_(("marketing", "follow_up")) if marketing_only else Message.purpose != "compliance"
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


def _senders(session: ScopedSession, drafts: Sequence[Draft]) -> list[str | None]:
    known = config.settings()
    mail = known.mail_from if known.mail_url else None
    asked = list({one.conversation.id for one in drafts if one.channel == "sms" and not one.from_})
    ours = our_numbers(session, asked) if asked else {}
    return [one.from_ or (mail if one.channel == "email" else ours[one.conversation.id]) for one in drafts]


def _address_of(session: ScopedSession, conversation: Talk, kind: str) -> str | None:
    mine = (ContactPoint.contact_id == conversation.contact_id, ContactPoint.kind == kind)
    return session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1))


def _row(session: ScopedSession, draft: Draft, ask: Ask, decision: Decision) -> Json:
    body = decision.body or ask.body
    measured = segments.measure(body if ask.channel == "sms" else "")
    row: Json = {"id": ask.message_id, "conversation_id": ask.conversation_id, "at": ask.at, "direction": "out"}
    row |= {"channel": ask.channel, "kind": ask.kind, "purpose": ask.purpose, "lane": ask.lane}
    row |= {"from_address": ask.sender, "to_address": ask.address, "body": body, "call_id": ask.call_id}
    row |= {"segments": MMS_SEGMENTS if ask.files and ask.channel == "sms" else measured.segments}
    row |= {"encoding": measured.encoding, "expires_at": ask.expires_at, "media": as_media(draft.files)}
    row |= {"appointment_id": ask.appointment_id, "appointment_version": ask.appointment_version}
    row |= {"enrollment_id": ask.enrollment_id, "send_at": draft.send_at, "retry_of": draft.retry_of}
    row |= {"author_id": draft.author.user_id, "author_name": draft.author.name} if draft.author else NOBODY
    email = ask.channel == "email"
    row["subject"] = letters.subject_for(session, draft.conversation.id, draft.subject) if email else None
    row |= _consequence(decision, ask.at) | NOT_CLAIMED
    if draft.send_at:
        row["at"] = clock.now()  # its place in the thread until it goes
    elif decision.answer == "allow" and (ask.lane, ask.channel) == ("now", "sms"):
        row |= at_once.claim(session, row, decision.send_by)
    return row


def _consequence(decision: Decision, now: datetime) -> Json:
    """The state, and when it is due or settled, with the reason unless it may go."""
    allowed, held = decision.answer == "allow", decision.answer == "hold"
    due = {"due_at": now if allowed else decision.until if held else None}
    due["settled_at"] = None if allowed or held else now
    why = {"held_rule": None, "error": None} if allowed else {"held_rule": decision.rule, "error": decision.explanation}
    return {"state": STATE_OF[decision.answer], **due, **why}


def _written(session: ScopedSession, drafts: Sequence[Draft], rows: Sequence[Json]) -> None:
    """What goes with messages that are written down, and who is told of them."""
    for row in rows:
        if row["media"] and row["state"] != "refused":
            tie(session, row["id"], attachments(row["media"]))
        metrics.messages.labels(row["channel"], row["kind"], row["state"]).inc()
        live.tell(session, "conversation", row["conversation_id"])
    mails = zip(drafts, rows, strict=True)
    letters.begin(session, [(row["id"], draft.calendar) for draft, row in mails if row["channel"] == "email"])
    for lane in {row["lane"] for row in rows if row["state"] == "queued" and not row["send_at"]}:
        jobs.ring(session, f"deliver:{lane}", lane)


def _is_said(row: Json) -> bool:
    """Whether it stands in the thread from now on; what waits for its time does not yet."""
    return row["state"] != "refused" and not row["send_at"] and row["purpose"] != "staff"


def _preview(row: Json) -> str:
    return row["body"] or preview(row["media"]) or row["subject"] or ""
