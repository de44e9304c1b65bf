"""An e-mail comes in: it finds its thread by what nobody can forge, and is understood like a text."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from groundwork.database import ScopedSession
from groundwork.tables import InboundEvent
from hallway import appointments, consent, contacts, leads, sending
from hallway.channels import mail_addresses, mail_inlets
from hallway.channels.mail_came import Came
from hallway.consent import classify_reply
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Mail, Message, note_event, open_for
from hallway.inbound import following_up, mail_news
from hallway.inbound.answers import ANSWERS, Heard, listen
from hallway.inbound.first_replies import reply_by_mail
from hallway.inbound.mail_writing import keep_mail, told_of
from hallway.inbound.quarantine import set_aside
from hallway.rulebook.reply_scope import as_a_text
from tenants.models import Tenant

log = structlog.get_logger(__name__)


def receive_mail(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `mail_in`. The same mail told twice, by whatever way, changes nothing."""
    came = mail_inlets.read(event.provider, event.params)
    tenant = session.get_one(Tenant, session.tenant_id)
    marks = _marks(came, tenant)
    if came.report:
        mail_news.heard_report(session, came.report, tenant)
    elif any(mark.use == "unsub" for mark in marks):
        mail_news.unsubscribe_by_mail(session, next(mark for mark in marks if mark.use == "unsub"))
    elif mail_addresses.is_ours(came.sender) or not came.sender:
        log.info("a mail of our own came back, or one without a sender")
    else:
        _file(session, event, came, tenant, marks)
    _forget_the_raw(event)


def _marks(came: Came, tenant: Tenant) -> list[mail_addresses.Mark]:
    """Genuine tokens of this business: first of the addresses it was delivered to, then of those it names."""
    read = (mail_addresses.read_address(address) for address in (*came.envelope, *came.header))
    return [mark for mark in read if mark and mark.mail_key == tenant.mail_key]


def _file(
    session: ScopedSession, event: InboundEvent, came: Came, tenant: Tenant, marks: list[mail_addresses.Mark]
) -> None:
    conversation = _by_token(session, marks) or _by_references(session, came, tenant)
    if conversation:
        if not _is_known(session, conversation, came):
            hear(session, event, conversation, came)
    elif came.automatic:
        log.info("a machine's mail that answers nothing of ours", why=came.automatic)
    elif _is_published(came, tenant):
        conversation = begin(session, came)
        heard = hear(session, event, conversation, came)
        if heard and heard.reply.label not in ANSWERS:
            reply_by_mail(session, conversation, heard.message)
    else:
        set_aside(session, event, came)


def _by_token(session: ScopedSession, marks: list[mail_addresses.Mark]) -> Conversation | None:
    for mark in marks:
        if mark.use == "reply":
            found = session.get(Conversation, (session.tenant_id, contacts.now_in(session, mark.id)))
        else:
            message = session.get(Message, (session.tenant_id, mark.id))
            found = session.get(Conversation, (session.tenant_id, message.conversation_id)) if message else None
        if found:
            return found
    return None


def _by_references(session: ScopedSession, came: Came, tenant: Tenant) -> Conversation | None:
    """Message-IDs of ours hold a stamp; those of theirs are looked up among what they sent before."""
    ours = (mail_addresses.read_header_id(one) for one in came.references)
    found = _by_token(session, [mark for mark in ours if mark and mark.mail_key == tenant.mail_key])
    if found or not came.references:
        return found
    from_them = (Message.direction == "in", Message.from_address == came.sender, Message.channel == "email")
    same = (Mail.tenant_id == Message.tenant_id) & (Mail.id == Message.id)
    query = select(Conversation).join(Message, Message.conversation_id == Conversation.id).join(Mail, same)
    return session.scalar(query.where(*from_them, Mail.message_id.in_(came.references)).limit(1))


def _is_known(session: ScopedSession, conversation: Conversation, came: Came) -> bool:
    """Whether this mail is in the thread already; Message-IDs are forged, so only from the same sender."""
    same = (Mail.tenant_id == Message.tenant_id) & (Mail.id == Message.id)
    here = (Message.conversation_id == conversation.id, Message.from_address == came.sender)
    query = select(Mail.id).join(Message, same).where(*here, Mail.message_id == came.header_id).limit(1)
    return bool(came.header_id) and session.scalar(query) is not None


def _is_published(came: Came, tenant: Tenant) -> bool:
    return mail_addresses.published_address(tenant.slug) in (*came.envelope, *came.header)


def begin(session: ScopedSession, came: Came) -> Conversation:
    """A new lead, or somebody known who writes from their own address."""
    contact = contacts.reach(session, came.sender, "email")
    contact.name = contact.name or came.sender_name or came.sender
    conversation = open_for(session, contact, "email")
    leads.begin(session, conversation, "email")
    return conversation


def hear(session: ScopedSession, event: InboundEvent, conversation: Conversation, came: Came) -> Heard | None:
    """Write it down, and do what its words ask for. None when they are no person's of whom we know who it is."""
    contact = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    unverified = not _is_theirs(session, contact, came.sender)
    text = told_of(event, came)
    reply = classify_reply(as_a_text(text.body))
    label = None if came.automatic else reply.label
    rule = "ordinary.auto_reply" if came.automatic else reply.rule
    message = keep_mail(session, conversation, text, came, unverified=unverified, label=label, rule=rule)
    answered = not unverified and _answers_an_invite(session, conversation, message, came)
    if came.automatic or answered:
        return None
    waited_since = conversation.waiting_since
    note_event(session, conversation, text.body or came.subject or "E-mail", "in", at=text.at)
    sending.answered(session, conversation.id)
    if unverified:
        mail_news.heard_from_somebody_else(session, conversation, message, reply, came.sender)
        return None
    source = {"message_id": str(message.id)}
    consent.record_once(session, came.sender, "conversational", "inbound_mail", source, channel="email")
    following_up.heard(session, conversation.id, reply)
    heard = Heard(text, reply, contact, conversation, message, waited_since)
    ANSWERS.get(reply.label, listen)(session, heard)
    return heard


def _answers_an_invite(session: ScopedSession, conversation: Conversation, message: Message, came: Came) -> bool:
    calendars = [one.data for one in came.files if one.content_type == "text/calendar"]
    return any(appointments.hear_calendar(session, conversation, message, data) for data in calendars)


def _is_theirs(session: ScopedSession, contact: Contact, address: str) -> bool:
    mine = (ContactPoint.contact_id == contact.id, ContactPoint.kind == "email", ContactPoint.value == address)
    return session.scalar(select(ContactPoint.id).where(*mine)) is not None


def _forget_the_raw(event: InboundEvent) -> None:
    """What was in it stands in the thread now, where it can be erased; one set aside is still needed."""
    if not event.context.get("set_aside"):
        event.params = {}
