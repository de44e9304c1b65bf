"""What one does in a thread: write, call back, assign, close, block, and ask why something was sent or not."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, g, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadRequest, NotFound

from blueprints_ui import attaching, later, reading, regions
from blueprints_ui.guard import note, page, tenant_session
from groundwork import live
from hallway import contacts, followup, leads, sending
from hallway.calls import alarms, call_backs, outcomes
from hallway.calls.models import Alarm, Call, Phone
from hallway.consent.facts import Channel
from hallway.conversations import Attachment, Conversation, Message, files, handling
from hallway.conversations.inbox import BadCursorError
from hallway.conversations.snoozing import SnoozeError
from hallway.insight import thread as queries
from hallway.insight.panel import seconds_after
from hallway.playbooks import saved_replies
from hallway.rulebook import segments

thread = Blueprint("thread", __name__)
LONGEST_MAIL, LONGEST_SUBJECT = 20_000, 200
NAMES = {"sms": "A text", "email": "An e-mail"}
LONGEST = 1600  # characters; the carrier takes no longer body (Twilio error 21617)
SHELF_LIFE = timedelta(hours=12)  # what a person writes now no longer suits tomorrow
IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
SOUNDS = ("audio/mpeg", "audio/mp3", "audio/wav", "audio/x-wav", "audio/ogg", "audio/mp4", "audio/aac")


@thread.get("/inbox/<uuid:conversation_id>/entries")
@page()
def entries(conversation_id: UUID) -> ResponseReturnValue:
    """An open thread again: what it held since the cursor `first`, and everything new."""
    return regions.show(conversation_id, request.args.get("first"))


@thread.get("/inbox/<uuid:conversation_id>/earlier")
@page()
def earlier(conversation_id: UUID) -> ResponseReturnValue:
    reading.find(conversation_id)
    try:
        read = queries.newest(tenant_session(), conversation_id, before=request.args.get("before"))
    except BadCursorError as error:
        raise BadRequest(str(error)) from error
    return render_template("thread/earlier.html", conversation_id=conversation_id, read=read)


@thread.post("/inbox/<uuid:conversation_id>/send")
@page()
def send(conversation_id: UUID) -> ResponseReturnValue:
    """Send what was typed. The form's token becomes the message's id, so that sent twice it is one text."""
    head, body, token = reading.find(conversation_id), request.form.get("body", "").strip(), regions.token()
    channel: Channel = "email" if request.form.get("channel") == "email" else "sms"
    session = tenant_session()
    added: Sequence[Attachment] = ()
    try:
        if session.get(Message, (session.tenant_id, token)) is not None:
            return regions.again(conversation_id)
        added = attaching.chosen(conversation_id)
        _check_length(body, channel, added)
        files.check(channel, added)
        message = _queue(head.conversation, body, channel, added, token)
    except (SnoozeError, files.FileError, _NotToSendError) as error:
        return regions.again(conversation_id, str(error), typed=body, files=added)
    except IntegrityError:
        # The same form came twice at once; the other one sends it.
        session.rollback()
        return regions.again(conversation_id)
    if message.state == "refused":
        words = message.error or "This message may not be sent."
        return regions.again(conversation_id, words, typed=body, files=added)
    return regions.again(conversation_id)


class _NotToSendError(ValueError):
    """What was typed cannot be sent; the message says why."""


def _check_length(body: str, channel: Channel, added: Sequence[Attachment]) -> None:
    longest = LONGEST if channel == "sms" else LONGEST_MAIL
    if not body and not added:
        raise _NotToSendError("Write something first.")
    if len(body) > longest:
        raise _NotToSendError(f"{NAMES[channel]} may hold {longest:,} characters; this one has {len(body):,}.")


def _queue(
    conversation: Conversation, body: str, channel: Channel, added: Sequence[Attachment], token: UUID
) -> Message:
    session = tenant_session()
    message = sending.queue(
        session,
        conversation,
        body,
        kind="person",
        purpose="reply",
        lane="now",
        channel=channel,
        subject=request.form.get("subject", "")[:LONGEST_SUBJECT] or None,
        author=g.who,
        shelf_life=SHELF_LIFE,
        send_at=later.chosen_time(),
        files=added,
        id=token,
    )
    followup.stop(session, conversation.id, "takeover", f"{g.who.name} wrote to them.")
    session.flush()
    return message


@thread.post("/inbox/segments")
@page()
def count_segments() -> ResponseReturnValue:
    """How the typed text is billed, and a plainer way to write it where that costs less."""
    typed = request.form.get("body", "")
    measured, plain = segments.measure(typed), segments.repair(typed)
    repaired = plain if segments.measure(plain).segments < measured.segments else None
    if measured.encoding == "UCS-2" and segments.measure(plain).encoding == "GSM-7":
        repaired = plain
    return render_template("thread/segments.html", measured=measured, repaired=repaired, longest=LONGEST, typed=typed)


@thread.get("/inbox/<uuid:conversation_id>/replies")
@page()
def replies(conversation_id: UUID) -> ResponseReturnValue:
    """The saved replies as they read for this person: what a slash in the composer offers."""
    contact = reading.find(conversation_id).contact
    filled = saved_replies.filled(tenant_session(), g.tenant, contact.name, g.who.name)
    return render_template("thread/replies.html", filled=filled)


@thread.post("/messages/<uuid:message_id>/retry")
@page()
def retry(message_id: UUID) -> ResponseReturnValue:
    """Send a failed text once more, as a new message that keeps the link to the first."""
    message = regions.mine(Message, message_id)
    tried = sending.retry(tenant_session(), message, g.who)
    if tried.state == "refused":
        return regions.again(message.conversation_id, tried.error)
    return regions.again(message.conversation_id)


@thread.post("/inbox/<uuid:conversation_id>/assign")
@page()
def assign(conversation_id: UUID) -> ResponseReturnValue:
    conversation = reading.find(conversation_id).conversation
    chosen = request.form.get("member", "")
    try:
        handling.assign(tenant_session(), conversation, UUID(chosen) if chosen else None)
    except ValueError as error:
        words = str(error) if isinstance(error, handling.NobodyThereError) else "Choose somebody from the list."
        return regions.again(conversation_id, words)
    return regions.again(conversation_id)


@thread.post("/inbox/<uuid:conversation_id>/<any(close,reopen,waiting,block,unblock):deed>")
@page()
def handle(conversation_id: UUID, deed: str) -> ResponseReturnValue:
    """Close or reopen the conversation, or let it wait for one of us; block or unblock who is in it."""
    head, session = reading.find(conversation_id), tenant_session()
    if deed == "close":
        followup.close(session, head.conversation)
    elif deed == "reopen":
        handling.reopen(session, head.conversation)
    elif deed == "waiting":
        handling.let_wait(session, head.conversation)
    else:
        _block(head.contact, block=deed == "block")
        live.tell(session, "conversation", conversation_id)
    return regions.again(conversation_id)


def _block(contact: contacts.Contact, *, block: bool) -> None:
    if block:
        contacts.block(contact, f"Blocked by {g.who.name}")
    else:
        contacts.unblock(contact)
    note("Blocked a caller" if block else "Unblocked a caller", {"contact": str(contact.id)})


@thread.post("/inbox/<uuid:conversation_id>/call-back")
@page()
def call_back(conversation_id: UUID) -> ResponseReturnValue:
    """Ring one of the business's phones, then the customer."""
    head = reading.find(conversation_id)
    phone = regions.mine(Phone, regions.id_(request.form.get("phone", "")))
    try:
        call_backs.call_back(tenant_session(), head.conversation, phone, g.who.name)
    except call_backs.CannotCallBackError as error:
        return regions.again(conversation_id, str(error))
    whom = head.contact.name or "them"
    return regions.again(
        conversation_id, f"{phone.label} rings now. Pick up and press 1, and we call {whom}.", tone="good"
    )


@thread.post("/alarms/<uuid:alarm_id>/acknowledge")
@page()
def acknowledge(alarm_id: UUID) -> ResponseReturnValue:
    alarm = regions.mine(Alarm, alarm_id)
    alarms.acknowledge(tenant_session(), alarm, g.who.name)
    return regions.again(alarm.conversation_id)


@thread.post("/inbox/<uuid:conversation_id>/fields/<name>")
@page()
def correct(conversation_id: UUID, name: str) -> ResponseReturnValue:
    """A person knows better what the lead wants, where, or how soon."""
    head, session = reading.find(conversation_id), tenant_session()
    lead = leads.begin(session, head.conversation, head.conversation.source)
    try:
        leads.correct(session, lead, name, request.form.get("value", "")[:300], g.who.name)
    except ValueError as error:
        raise NotFound(str(error)) from error
    return regions.again(conversation_id)


@thread.get("/<any(messages,calls):kind>/<uuid:id_>/why")
@page()
def why(kind: str, id_: UUID) -> ResponseReturnValue:
    """What the gate answered about one message or call, with the rule and the values it saw."""
    regions.mine(Message if kind == "messages" else Call, id_)
    about = {"message_id": id_} if kind == "messages" else {"call_id": id_}
    return render_template("thread/why.html", decisions=queries.decisions(tenant_session(), **about))


@thread.get("/attachments/<uuid:attachment_id>")
@page()
def attachment(attachment_id: UUID) -> ResponseReturnValue:
    """A photo or recording, from our own store; whatever is not plainly one is only ever downloaded."""
    columns = (Attachment.data, Attachment.content_type, Attachment.created_at, Attachment.name)
    row = tenant_session().execute(select(*columns).where(Attachment.id == attachment_id)).first()
    if row is None or row.data is None:
        raise NotFound("This picture or recording is not here (any more).")
    kind = row.content_type.split(";")[0].strip().lower()
    shown = kind in IMAGES or kind in SOUNDS
    answer: Response = send_file(
        io.BytesIO(row.data),
        mimetype=kind if shown else "application/octet-stream",
        as_attachment=not shown,
        download_name=row.name or f"{attachment_id}{files.ENDINGS.get(kind, '' if shown else '.bin')}",
        conditional=True,
        last_modified=row.created_at,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@thread.app_template_filter("after_call")
def after_call(entry: queries.Said) -> str | None:
    return seconds_after(entry)


@thread.app_template_filter("missed_words")
def missed_words(reason: str | None) -> str:
    return outcomes.MISSED_REASONS.get(reason or "", reason or "")


@thread.app_template_filter("talk_time")
def talk_time(seconds: int) -> str:
    return outcomes.length(seconds)
