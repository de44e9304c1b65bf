"""Voicemail: offered after the text is on its way, kept with its recording, and read for what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, phones, timers
from groundwork.database import Json, ScopedSession, new_id
from groundwork.tables import InboundEvent, Timer
from hallway import channels, conversations, leads, playbooks
from hallway.calls import alarms, outcomes, twiml, voice_twilio, wanted
from hallway.calls.models import Call, Voicemail
from hallway.channels import CarrierAwayError
from hallway.consent import classify_reply
from hallway.contacts import Contact
from hallway.conversations import Attachment, Conversation
from tenants import routing
from tenants.models import Tenant

PREVIEW = 140
ASKS_TO_STOP = {"opt_out", "partial_opt_out"}
MOST_FETCHES = 34  # with waits doubling up to an hour: about a day
log = structlog.get_logger(__name__)


class UnknownCallError(LookupError):
    """News about a call we have not heard of yet; told again later it may be known."""


def offer(session: ScopedSession, account_id: UUID, call: Call) -> str:
    """Say that a message is recorded, and record it: up to two minutes, transcribed."""
    tenant = session.get_one(Tenant, session.tenant_id)
    conversation = outcomes.conversation_of(session, call)
    person = session.get(Contact, (session.tenant_id, conversation.contact_id)) if conversation else None
    language = person.language if person else "en"
    # Not decided yet means that the carrier is still asked about their line; most lines take texts.
    texted = call.caller_kind == "ordinary" and call.text_back in (None, "sent")
    key, said = f"greeting.{call.situation or 'open'}", {"texted": texted}
    return twiml.record(
        playbooks.say(session, tenant, key, language=language, phone=call.to_address, call=said),
        language=language,
        action=channels.hook_url(account_id, "voicemail", call=call.id),
        recording=channels.hook_url(account_id, "recording"),
        transcription=channels.hook_url(account_id, "transcription"),
        offer=wanted.offer(session, account_id, call, tenant, language),
    )


def thank() -> str:
    """The caller finished their message."""
    return twiml.hang_up("Thank you. Goodbye.")


def receive_recording(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `recording`: a message was left, unless it is empty."""
    told = event.params
    seconds = int(told.get("RecordingDuration") or 0)
    if told.get("RecordingStatus", "completed") != "completed" or seconds == 0:
        return
    call = _call(session, told)
    kept = _voicemail_of(session, call)
    if kept.recording_sid is None:
        kept.recording_sid, kept.duration = told["RecordingSid"], seconds
        kept.attachment_id = _attachment(session, call, told)
        conversation = outcomes.conversation_of(session, call)
        if conversation:
            preview = f"Missed call · voicemail {outcomes.length(seconds)}"
            conversations.note_event(session, conversation, preview, "in")
        outcomes.tell(session, call)


def receive_transcription(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `transcription`: what they said becomes words to read and context for the lead."""
    call = _call(session, event.params)
    kept = _voicemail_of(session, call)
    if kept.transcript_state != "waiting":
        return
    words = (event.params.get("TranscriptionText") or "").strip()
    if event.params.get("TranscriptionStatus") != "completed" or not words:
        kept.transcript_state = "failed"
        return
    kept.transcript, kept.transcript_state = words, "done"
    _heed(session, call, kept, words)


def fetch_recording(session: ScopedSession, timer: Timer) -> None:
    """Handler of `fetch_recording`: take the recording from the carrier into our keeping; patiently, for a day."""
    content = _fetch(session, timer.payload["recording_sid"])
    attachment = session.get(Attachment, (session.tenant_id, UUID(timer.payload["attachment_id"])))
    if attachment is None:
        return  # the person was erased meanwhile
    if content is not None:
        attachment.data, attachment.size, attachment.state = content, len(content), "stored"
    elif timer.payload["tries"] >= MOST_FETCHES:
        attachment.state, attachment.error = "failed", "The carrier did not hand out this recording."
    else:
        _fetch_later(session, attachment, timer.payload)
    outcomes.tell_id(session, attachment.call_id)


def _fetch(session: ScopedSession, recording_sid: str) -> bytes | None:
    login = routing.carrier_login_of(session.tenant_id)
    try:
        return voice_twilio.fetch_recording(login, recording_sid) if login else None
    except CarrierAwayError as error:
        log.warning("recording not fetched yet", error=str(error))
        return None


def _fetch_later(session: ScopedSession, attachment: Attachment, payload: Json) -> None:
    tries = payload["tries"] + 1
    due = clock.now() + timedelta(seconds=min(2**tries, 3600))
    timers.put(session, "fetch_recording", attachment.id, due, payload=payload | {"tries": tries}, move=True)


def mark_heard(session: ScopedSession, kept: Voicemail) -> None:
    """A person played it."""
    if kept.heard_at is None:
        kept.heard_at = clock.now()
        outcomes.tell_id(session, kept.call_id)


def _call(session: ScopedSession, told: Mapping[str, str]) -> Call:
    call = session.scalar(select(Call).where(Call.provider_sid == told["CallSid"]).with_for_update())
    if call is None:
        raise UnknownCallError("A recording of a call we do not know yet.")
    return call


def _voicemail_of(session: ScopedSession, call: Call) -> Voicemail:
    row = {"tenant_id": session.tenant_id, "id": new_id(), "call_id": call.id, "duration": 0}
    unique = [Voicemail.tenant_id, Voicemail.call_id]
    statement = insert(Voicemail).values(**row, transcript_state="waiting")
    session.execute(statement.on_conflict_do_nothing(index_elements=unique))
    return session.scalars(select(Voicemail).where(Voicemail.call_id == call.id)).one()


def _attachment(session: ScopedSession, call: Call, told: Mapping[str, str]) -> UUID:
    attachment = Attachment(id=new_id(), call_id=call.id, source_url=told["RecordingUrl"], content_type="audio/mpeg")
    session.add(attachment)
    session.flush()
    payload = {"recording_sid": told["RecordingSid"], "attachment_id": str(attachment.id), "tries": 0}
    timers.put(session, "fetch_recording", attachment.id, clock.now(), payload=payload)
    return attachment.id


def _heed(session: ScopedSession, call: Call, kept: Voicemail, words: str) -> None:
    outcomes.tell(session, call)
    conversation = outcomes.conversation_of(session, call)
    if conversation is None:
        return
    # Written words of a message already told of: they end no wait and begin none.
    conversation.preview = f"Voicemail: {words}"[:PREVIEW]
    leads.listen(session, conversation, words, source_kind="voicemail", source_id=kept.id, at=clock.now())
    emergency = leads.emergency_words(session, conversation)
    if emergency and conversation.waiting_since:
        alarms.raise_alarm(session, conversation, "emergency_words", f"They said “{emergency}”")
    if classify_reply(words).label in ASKS_TO_STOP:
        _have_it_judged(session, call, kept, conversation)


def _have_it_judged(session: ScopedSession, call: Call, kept: Voicemail, conversation: Conversation) -> None:
    """Consent may be taken back by voice too (47 CFR 64.1200(a)(10)); a machine wrote it down, so a person decides."""
    conversation.automation_paused_reason = "A voicemail may have asked for no more texts. Listen to it and decide."
    conversations.add_task(
        session,
        "review_reply",
        kept.id,
        title=f"Listen to a voicemail: {phones.pretty(call.from_address)}",
        reason="It may ask for no more texts.",
        rule="voicemail.opt_out",
        phone=call.from_address,
        conversation_id=conversation.id,
        call_id=call.id,
    )
