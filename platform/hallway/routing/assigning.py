"""Route a lead: it becomes somebody's, they are told, and the wait for their answer begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, live, timers
from groundwork.database import Json, ScopedSession, new_id
from groundwork.tables import Timer
from hallway import notices
from hallway.conversations import Conversation, Message
from hallway.leads import Lead, open_lead
from hallway.notices import cards
from hallway.routing import deciding, places, turns
from hallway.routing.deciding import Decided
from hallway.routing.models import Routed
from tenants import hours
from tenants.models import Tenant


def route(session: ScopedSession, conversation: Conversation, lead: Lead) -> Routed | None:
    """Give a lead to somebody by the rules, once; told again it is theirs still.

    Routed again only while no rule had fitted, one fits now, and nobody has taken it in hand. None when the
    conversation is somebody's already, or waits for nobody.
    """
    before = _first(session, lead.id)
    if before is None and conversation.assigned_to is None:
        return _give(session, conversation, lead, "lead")
    if before and before.rule_name is None and _untouched(session, conversation, before):
        return _give_better(session, conversation, lead, before)
    return before


def route_when_due(session: ScopedSession, timer: Timer) -> None:
    """Handler of `route`, which versions before this one put; while both run, and for what they left."""
    conversation = session.get(Conversation, (session.tenant_id, UUID(timer.key)))
    lead = open_lead(session, conversation) if conversation else None
    if conversation and lead and conversation.waiting_since:
        route(session, conversation, lead)


def routed(session: ScopedSession, conversation_id: UUID) -> list[Routed]:
    """Every step a conversation took, oldest first."""
    mine = select(Routed).where(Routed.conversation_id == conversation_id)
    return list(session.scalars(mine.order_by(Routed.id)))


def watch(session: ScopedSession, conversation: Conversation) -> None:
    """Begin the wait for an answer, in open hours; none when the plan never escalates."""
    minutes = places.plan_of(session).escalate_minutes
    if minutes:
        due = _in_open_hours(session, clock.now()) + timedelta(minutes=minutes)
        timers.put(session, "escalate", conversation.id, due, payload={"step": 0}, move=True)


def note(session: ScopedSession, conversation: Conversation, lead_id: UUID | None, step: str, told: Decided) -> Routed:
    """Write down where it went and why."""
    row = Routed(id=new_id(), conversation_id=conversation.id, lead_id=lead_id, step=step, rule_name=told.rule_name)
    row.member_id, row.to_name, row.why = (told.member.id if told.member else None), told.to_name, told.why
    session.add(row)
    session.flush()
    live.tell(session, "conversation", conversation.id)
    return row


def tell(session: ScopedSession, conversation: Conversation, told: Decided, event: str, title: str, why: str) -> None:
    """Tell the one it went to, or everybody it was put before."""
    members = [told.member.id] if told.member else [member.id for member in told.others]
    notices.tell(
        session,
        event,
        conversation=conversation,
        member_ids=members,
        title=title,
        body=why,
        url_path=f"/inbox/{conversation.id}",
        urgent=conversation.urgent_reason is not None,
    )


def _give(session: ScopedSession, conversation: Conversation, lead: Lead, step: str) -> Routed | None:
    if not _is_first(session, conversation, lead):
        return _first(session, lead.id)
    told = deciding.decide(session, deciding.traits_of(session, conversation, lead))
    row = _first(session, lead.id)
    assert row is not None  # noqa: S101  (we have just put it there)
    row.step, row.rule_name, row.to_name, row.why = step, told.rule_name, told.to_name, told.why
    row.member_id = told.member.id if told.member else None
    _hand_over(session, conversation, told)
    _announce(session, conversation, lead, told)
    watch(session, conversation)
    return row


def _is_first(session: ScopedSession, conversation: Conversation, lead: Lead) -> bool:
    """Two at once route a lead once: the unique key lets one of them have it."""
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "conversation_id": conversation.id}
    row |= {"lead_id": lead.id} | {"step": "lead", "to_name": "", "why": ""}
    # Written out: as a parameter, a prepared statement no longer finds the index.
    unique, first = [Routed.tenant_id, Routed.lead_id], text("step = 'lead'")
    statement = insert(Routed).values(**row).on_conflict_do_nothing(index_elements=unique, index_where=first)
    return session.execute(statement.returning(Routed.id)).first() is not None


def _give_better(session: ScopedSession, conversation: Conversation, lead: Lead, before: Routed) -> Routed:
    """They said more, and now a rule fits."""
    told = deciding.decide(session, deciding.traits_of(session, conversation, lead), turns.peek)
    if told.by_default or (told.member and told.member.id == conversation.assigned_to):
        return before
    told = deciding.decide(session, deciding.traits_of(session, conversation, lead))
    before.rule_name = told.rule_name
    row = note(session, conversation, lead.id, "again", told)
    _hand_over(session, conversation, told)
    _announce(session, conversation, lead, told)
    watch(session, conversation)
    return row


def _hand_over(session: ScopedSession, conversation: Conversation, told: Decided) -> None:
    conversation.assigned_to = told.member.id if told.member else None
    live.tell(session, "conversation", conversation.id)


def _announce(session: ScopedSession, conversation: Conversation, lead: Lead, told: Decided) -> None:
    only_rang = lead.source == "missed_call" and not _has_written(session, conversation)
    event, what = ("missed_call", "Missed call") if only_rang else ("new_lead", "New lead")
    tell(session, conversation, told, event, f"{what}: {cards.who(session, conversation)}", told.why)


def _has_written(session: ScopedSession, conversation: Conversation) -> bool:
    theirs = (Message.conversation_id == conversation.id, Message.direction == "in", Message.kind == "inbound")
    return session.scalar(select(Message.id).where(*theirs).limit(1)) is not None


def _untouched(session: ScopedSession, conversation: Conversation, before: Routed) -> bool:
    """Nobody of ours has written since, and it is still with the one it was given to."""
    ours = (Message.conversation_id == conversation.id, Message.author_id.is_not(None), Message.purpose != "staff")
    written = session.scalar(select(Message.id).where(*ours, Message.created_at > before.created_at).limit(1))
    return written is None and conversation.assigned_to == before.member_id


def _first(session: ScopedSession, lead_id: UUID) -> Routed | None:
    return session.scalar(select(Routed).where(Routed.lead_id == lead_id, Routed.step == "lead"))


def _in_open_hours(session: ScopedSession, at: datetime) -> datetime:
    """Now, or when the doors open next: nobody is chased through the night for what is no emergency."""
    business = session.get_one(Tenant, session.tenant_id)
    if hours.situation(business, at) in ("open", "busy"):
        return at
    return hours.opens_next(business, at) or at
