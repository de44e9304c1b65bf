"""What an ordinary text sets in motion for our people: it is routed, told, and missing context is asked for."""

from __future__ import annotations

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway import notices, routing
from hallway.conversations import Conversation, Message
from hallway.leads import Lead
from hallway.notices import cards


def spread(session: ScopedSession, conversation: Conversation, lead: Lead, said: str) -> None:
    """Route the lead if it is new; else whoever has it hears that there is news. The first words make a card."""
    before = len(routing.routed(session, conversation.id))
    routing.route(session, conversation, lead)
    if len(routing.routed(session, conversation.id)) > before:
        return
    first = _texts_since(session, conversation, lead) == 1
    event, what = ("new_lead", "New lead") if first else ("reply", "News")
    notices.tell(
        session,
        event,
        conversation=conversation,
        member_ids=[conversation.assigned_to] if conversation.assigned_to else None,
        title=f"{what}: {cards.who(session, conversation)}",
        body=said,
        url_path=f"/inbox/{conversation.id}",
        urgent=conversation.urgent_reason is not None,
    )


def _texts_since(session: ScopedSession, conversation: Conversation, lead: Lead) -> int:
    theirs = (Message.conversation_id == conversation.id, Message.direction == "in", Message.kind == "inbound")
    since = select(func.count()).select_from(Message).where(*theirs, Message.created_at >= lead.created_at)
    return session.scalar(since) or 0
