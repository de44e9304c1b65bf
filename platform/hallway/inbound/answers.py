"""What each kind of reply calls for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from groundwork import phones
from groundwork.database import ScopedSession
from hallway import appointments, consent, leads, playbooks, sending
from hallway.calls import call_came_first, raise_alarm
from hallway.consent import Suppression, carrier_keyword
from hallway.consent.facts import Channel
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message, add_task
from hallway.inbound import news, questions
from hallway.inbound.told import Told
from hallway.rulebook.replies import Reply
from hallway.rulebook.reply_scope import means_every_channel, means_texts_alone
from tenants.models import Tenant

CONFIRM_WITHIN = timedelta(minutes=5)  # 47 CFR 64.1200(a)(12): one confirmation, and only at once
# Nobody waits for an answer to these: "Liked an image", "I'm driving", an empty text without a photo.
Way = tuple[str, Channel]  # an address, and what goes to it
CHANNEL_OF: Mapping[str, Channel] = {"phone": "sms", "email": "email"}
NOBODY_WAITS = frozenset({"ordinary.tapback", "ordinary.auto_reply"})
DOUBT = "A reply may have asked for no more texts. Read it and decide."
REVIEW = {
    "doubtful": ("Read a doubtful reply", DOUBT),
    "partial_opt_out": ("Read what they want less of", "They asked for fewer or other texts. Offers are off already."),
    "wrong_number": ("Wrong number", "They say this is not the person you meant. Texts to this number are off."),
}


@dataclass(frozen=True)
class Heard:
    """One inbound text, written down and understood. `waited_since` is as it was before this text."""

    text: Told
    reply: Reply
    contact: Contact
    conversation: Conversation
    message: Message
    waited_since: datetime | None


def opt_out(session: ScopedSession, heard: Heard) -> None:
    """Stop everything, take back what waits, and confirm once, unless the carrier does."""
    new = _stop(session, heard, "opt_out")
    heard.conversation.waiting_since = heard.conversation.urgent_reason = None
    if new and heard.text.keyword != "STOP" and heard.text.channel == "sms":
        _answer(session, heard, "opt_out_confirmation")
    appointments.hear_stop(session, heard.conversation, heard.message)


def opt_in(session: ScopedSession, heard: Heard) -> None:
    """START lifts what stopped everything, and is confirmed unless the carrier does; said without need it is a text."""
    channel = heard.text.channel
    before = consent.is_suppressed(session, heard.text.sender, channel=channel)
    if before is None or _stopped_since(session, before, heard.text.at):
        listen(session, heard)
        return
    consent.release_by_person(session, heard.text.sender, heard.text.body, heard.message.id, channel=channel)
    heard.conversation.automation_paused_reason = None
    heard.conversation.waiting_since = heard.waited_since
    if channel == "sms" and not (heard.text.keyword == "START" and _the_carrier_stopped_it(before)):
        _answer(session, heard, "opt_in_confirmation")


def help_wanted(session: ScopedSession, heard: Heard) -> None:
    """Say who we are and how to stop, unless the carrier does. Help wanted by e-mail is a customer who wants help."""
    if heard.text.channel == "email":
        listen(session, heard)
    elif heard.text.keyword != "HELP":
        _answer(session, heard, "help")


def wrong_number(session: ScopedSession, heard: Heard) -> None:
    _stop(session, heard, "wrong_number")
    heard.conversation.waiting_since = heard.waited_since
    _review(session, heard)


def partial_opt_out(session: ScopedSession, heard: Heard) -> None:
    """Less, not nothing: offers stop now, and a person reads the rest."""
    words, rule, channel = heard.text.body, heard.reply.rule, heard.text.channel
    sending.stop_texting(
        session, heard.text.sender, "opt_out", "marketing", words, rule, heard.message.id, channel=channel
    )
    _pause(session, heard)


def doubtful(session: ScopedSession, heard: Heard) -> None:
    _pause(session, heard)


def listen(session: ScopedSession, heard: Heard) -> None:
    """An ordinary text: its words become the lead's context, and words of emergency page whoever is on call."""
    conversation = heard.conversation
    if heard.reply.rule == "ordinary.email_only" and heard.text.channel == "sms":
        _stop_mails(session, heard)
    if heard.reply.rule in NOBODY_WAITS:
        conversation.waiting_since = heard.waited_since
        return
    if not heard.text.body.strip():
        return
    about_a_visit = appointments.hear(session, conversation, heard.message)
    if about_a_visit and not leads.is_emergency(session, conversation, heard.text.body, heard.text.at):
        conversation.waiting_since = heard.waited_since if about_a_visit == "settled" else conversation.waiting_since
        return
    call_came_first(session, conversation)
    lead = leads.listen(
        session, conversation, heard.text.body, source_kind="message", source_id=heard.message.id, at=heard.text.at
    )
    words = leads.emergency_words(session, conversation)
    if words and words in heard.text.body:
        raise_alarm(session, conversation, "emergency_words", f"They said “{words}”")
    news.spread(session, conversation, lead, heard.text.body)
    if not words:
        to, from_ = heard.text.sender, heard.text.number
        questions.ask(session, conversation, lead, heard.text.body, to=to, from_=from_)


ANSWERS: Mapping[str, Callable[[ScopedSession, Heard], None]] = {
    "opt_out": opt_out,
    "opt_in": opt_in,
    "help": help_wanted,
    "wrong_number": wrong_number,
    "partial_opt_out": partial_opt_out,
    "doubtful": doubtful,
}


def _stop_mails(session: ScopedSession, heard: Heard) -> None:
    """They texted that they want no more e-mails."""
    words, rule, said_in = heard.text.body, heard.reply.rule, heard.message.id
    for address, channel in _ways_to(session, heard.contact):
        if channel == "email":
            sending.stop_texting(session, address, "opt_out", "all", words, rule, said_in, channel=channel)


def _stop(session: ScopedSession, heard: Heard, reason: consent.Reason) -> bool:
    """Where they said it; and everywhere, when that is what they said."""
    words, rule, said_in = heard.text.body, heard.reply.rule, heard.message.id
    ways = [(heard.text.sender, heard.text.channel)]
    if reason == "opt_out":
        ways = _meant(ways, _ways_to(session, heard.contact), words)
    new = [
        sending.stop_texting(session, address, reason, "all", words, rule, said_in, channel=channel)
        for address, channel in ways
    ]
    return any(new)


def _meant(said_by: list[Way], known: list[Way], words: str) -> list[Way]:
    if means_every_channel(words):
        return list(dict.fromkeys([*said_by, *known]))
    if said_by[0][1] == "email" and means_texts_alone(words):
        return [way for way in known if way[1] == "sms"] or said_by
    return said_by


def _ways_to(session: ScopedSession, contact: Contact) -> list[Way]:
    points = session.scalars(select(ContactPoint).where(ContactPoint.contact_id == contact.id)).all()
    return [(point.value, CHANNEL_OF[point.kind]) for point in points if point.kind in CHANNEL_OF]


def _stopped_since(session: ScopedSession, stop: Suppression, at: datetime) -> bool:
    """News may come in the wrong order: a START written before the stop does not undo it."""
    said_in = stop.source_message_id and session.get(Message, (session.tenant_id, stop.source_message_id))
    return bool(said_in and said_in.at > at)


def _the_carrier_stopped_it(suppression: Suppression) -> bool:
    """The carrier answers START only to somebody it had stopped itself."""
    return suppression.reason == "carrier_block" or carrier_keyword(suppression.words or "") == "STOP"


def _answer(session: ScopedSession, heard: Heard, key: str) -> None:
    business = session.get_one(Tenant, session.tenant_id)
    words = playbooks.say(session, business, key, language=heard.contact.language, phone=heard.text.number)
    sending.queue(
        session,
        heard.conversation,
        words,
        kind=key,
        purpose="compliance",
        to=heard.text.sender,
        from_=heard.text.number,
        shelf_life=CONFIRM_WITHIN,
    )


def _pause(session: ScopedSession, heard: Heard) -> None:
    heard.conversation.automation_paused_reason = DOUBT
    _review(session, heard)


def _review(session: ScopedSession, heard: Heard) -> None:
    title, reason = REVIEW[heard.reply.label]
    add_task(
        session,
        "review_reply",
        heard.message.id,
        title=f"{title}: {phones.pretty(heard.text.sender)}",
        reason=reason if heard.text.channel == "sms" else reason.replace("Texts to this number", "E-mails to them"),
        rule=heard.reply.rule,
        phone=heard.text.sender,
        conversation_id=heard.conversation.id,
    )
