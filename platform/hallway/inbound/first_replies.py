"""The first reply to somebody who writes an e-mail of their own accord: at once, by e-mail, and once a day at most."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from groundwork import clock
from groundwork.database import Json, ScopedSession
from hallway import playbooks, sending
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message
from tenants import hours
from tenants.models import Tenant

SHELF_LIFE = timedelta(hours=12)
# Two machines that answer each other stop here, long before the gate's own guard against loops.
ONCE_IN = timedelta(hours=24)


def reply_by_mail(session: ScopedSession, conversation: Conversation, said: Message) -> Message | None:
    """Say that it arrived and when somebody answers. None when something of ours went to them within a day."""
    ours = (Message.conversation_id == conversation.id, Message.direction == "out", Message.purpose != "staff")
    lately = Message.at > clock.now() - ONCE_IN
    if session.scalar(select(Message.id).where(*ours, lately).limit(1)):
        return None
    tenant = session.get_one(Tenant, session.tenant_id)
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    closed = hours.situation(tenant, clock.now()) in ("after_hours", "holiday")
    name = person.name if person.name and "@" not in person.name else ""
    about: Json = {"contact": {"first_name": next(iter(name.split()), None)}, "form": {"closed": closed}}
    return sending.queue(
        session,
        conversation,
        playbooks.say(session, tenant, "mail_reply", language=person.language, **about),
        kind="mail_reply",
        purpose="reply",
        lane="now",
        channel="email",
        to=said.from_address,
        shelf_life=SHELF_LIFE,
    )
