"""Queue a text or an e-mail: the gate is asked, the row is written, a worker is woken. The only road to a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, select, update

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
from hallway.sending.drafts import Author, Draft, Lane
from hallway.sending.our_numbers import our_numbers

POINTS: dict[Channel, str] = {"sms": "phone", "email": "email"}
# What a carrier takes for a text with pictures is about what it takes for three segments.
MMS_SEGMENTS = 3
RETRY_SHELF_LIFE = timedelta(hours=24)
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
    return queue_all(session, [draft])[0]


def queue_all(session: ScopedSession, drafts: Sequence[Draft]) -> list[Message]:
    """The same for many at once, in their order: the same few statements whatever their number.

    Two to one person do not see each other, and what a person may get in a day counts: give one of them at a time.
    """
    senders = _senders(session, drafts)
    asks = [_ask(session, draft, sender) for draft, sender in zip(drafts, senders, strict=True)]
    decisions = consent.may_send_all(session, asks)
    messages = [_write_down(session, *one) for one in zip(drafts, asks, decisions, strict=True)]
    mails = [(one, draft.subject, draft.calendar) for one, draft in zip(messages, drafts, strict=True)]
    letters.begin(session, [mail for mail in mails if mail[0].channel == "email"])
    session.flush()
    for draft, message in zip(drafts, messages, strict=True):
        _tell(session, draft.conversation, message, draft.lane)
    return messages


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


def _address_of(session: ScopedSession, conversation: Conversation, kind: str) -> str | None:
    mine = (ContactPoint.contact_id == conversation.contact_id, ContactPoint.kind == kind)
    return session.scalar(select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1))


def _write_down(session: ScopedSession, draft: Draft, ask: Ask, decision: Decision) -> Message:
    media = as_media(draft.files)
    row = {**_row(ask, decision), "media": media}
    if draft.send_at:
        row["at"] = clock.now()  # its place in the thread until it goes
    elif decision.answer == "allow" and (ask.lane, ask.channel) == ("now", "sms"):
        row |= at_once.claim(session, row, decision.send_by)
    message = Message(**row, **_by(draft.author), send_at=draft.send_at, retry_of=draft.retry_of)
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
