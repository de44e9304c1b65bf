"""What becomes of our mails: delivered, bounced, complained about, unsubscribed from; and words of somebody else."""

from __future__ import annotations

from uuid import UUID

import structlog

from groundwork import live
from groundwork.database import ScopedSession
from groundwork.tables import InboundEvent
from hallway import followup, sending
from hallway.channels import fault, mail_addresses, mail_inlets
from hallway.channels.mail_came import Report
from hallway.channels.mail_post import News, Posted
from hallway.conversations import Conversation, Message, add_task
from hallway.inbound.answers import DOUBT
from hallway.rulebook.replies import Reply
from hallway.sending import consequences
from tenants.models import Tenant

CODES = {"bounced": ("failed", "mail.no_such_address"), "refused": ("undelivered", "mail.refused")}
STOPS = frozenset({"opt_out", "partial_opt_out", "wrong_number", "doubtful"})
log = structlog.get_logger(__name__)


def receive_mail_news(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `mail_news`: a provider's event, one of possibly many in its request."""
    tenant = session.get_one(Tenant, session.tenant_id)
    for news in mail_inlets.INLETS[event.provider].news(Posted.kept(event.params)):
        if news.key == event.context.get("key") and news.about.mail_key == tenant.mail_key:
            _apply(session, news)
    event.params = {}


def heard_report(session: ScopedSession, report: Report, tenant: Tenant) -> None:
    """A bounce or complaint that came as a mail; one that is only late changes nothing."""
    about = report.about
    if about is None or about.mail_key != tenant.mail_key or about.use not in ("bounce", "message"):
        log.info("a report about no mail of ours", kind=report.kind)
        return
    if report.kind != "delayed":
        _apply(session, News(report.kind, about, report.said, ""))


def _apply(session: ScopedSession, news: News) -> None:
    message = session.get(Message, (session.tenant_id, news.about.id))
    if message is None or message.direction != "out" or message.channel != "email":
        return
    header_id = message.provider_sid or mail_addresses.header_id(news.about.mail_key, message.id)
    if news.kind == "delivered":
        sending.apply_status(session, message.id, header_id, "delivered")
    elif news.kind in CODES:
        status, code = CODES[news.kind]
        sending.apply_status(session, message.id, header_id, status, code, reason=news.said)
    elif news.kind == "complained":
        _complained(session, message)
    elif news.kind == "unsubscribed":
        unsubscribe(session, message, "mail_provider")


def _complained(session: ScopedSession, message: Message) -> None:
    """It arrived, so its state stands; what they think of it is shown beside."""
    if message.error_code == "mail.complained":
        return
    message.error_code, message.error = "mail.complained", fault("mail.complained").words
    session.flush()
    consequences.of_failure(session, message, "mail.complained")
    live.tell(session, "conversation", message.conversation_id)


def unsubscribe_by_mail(session: ScopedSession, mark: mail_addresses.Mark) -> None:
    """The mailto way out of the List-Unsubscribe header."""
    message = session.get(Message, (session.tenant_id, mark.id))
    if message:
        unsubscribe(session, message, "mail_link")


def unsubscribe(session: ScopedSession, message: Message, method: str) -> bool:
    """No more e-mails to where `message` went. A second time changes nothing and is False."""
    said_in: UUID = message.id
    new = sending.stop_texting(
        session, message.to_address, "opt_out", "all", None, "mail.unsubscribe", said_in, channel="email", method=method
    )
    followup.stop(session, message.conversation_id, "opt_out", "They unsubscribed.")
    live.tell(session, "conversation", message.conversation_id)
    return new


def heard_from_somebody_else(
    session: ScopedSession, conversation: Conversation, message: Message, reply: Reply, sender: str
) -> None:
    """They hold the address we gave our customer, and are not known to be our customer: a person reads it.

    What they ask for themselves is done for their own address; the customer's automatic messages pause meanwhile.
    """
    followup.stop(session, conversation.id, "reply", "Somebody answered for them.")
    if reply.label not in STOPS:
        return
    if reply.label == "opt_out":
        sending.stop_texting(session, sender, "opt_out", "all", message.body, reply.rule, message.id, channel="email")
    conversation.automation_paused_reason = DOUBT
    add_task(
        session,
        "review_reply",
        message.id,
        title=f"Read a mail from {sender}",
        reason="Somebody whose address you do not know asked for no more messages in this conversation.",
        rule=reply.rule,
        phone=sender,
        conversation_id=conversation.id,
    )
