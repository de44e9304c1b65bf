"""A person has looked at a mail that was set aside, and says what it is."""

from __future__ import annotations

from uuid import UUID

from groundwork.database import ScopedSession
from groundwork.tables import InboundEvent
from hallway.channels import mail_inlets
from hallway.conversations import Conversation, Task, finish_task
from hallway.inbound.mails import begin, hear


def sort_mail(session: ScopedSession, task: Task, *, keep: bool, by: str) -> Conversation | None:
    """End a `sort_mail` task: the mail becomes a conversation with its sender, or is forgotten. Once."""
    event = session.get(InboundEvent, (session.tenant_id, UUID(task.key)), with_for_update=True)
    conversation = None
    if keep and task.done_at is None and event and event.params:
        came = mail_inlets.read(event.provider, event.params)
        conversation = begin(session, came)
        hear(session, event, conversation, came)
    if event:
        event.params = {}
    finish_task(session, task, by)
    return conversation
