"""Nobody answered in time: the next person, then everybody on shift, then the on-call phones."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from groundwork import clock, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.conversations import Conversation
from hallway.leads import open_lead
from hallway.notices import cards
from hallway.routing import assigning, deciding, places, turns
from hallway.routing.deciding import Decided
from tenants.models import Member

STEPS = ("next", "everybody", "on_call")


def escalate(session: ScopedSession, timer: Timer) -> None:
    """Handler of `escalate`: one step further, unless a person has answered since."""
    conversation = session.get(Conversation, (session.tenant_id, UUID(timer.key)), with_for_update=True)
    plan = places.plan_of(session)
    if conversation is None or not plan.escalate_minutes or conversation.status != "open":
        return
    if conversation.waiting_since is None:
        return
    due = conversation.waiting_since + timedelta(minutes=plan.escalate_minutes)
    if timer.payload.get("step", 0) == 0 and due > clock.now():  # they were answered, and wait anew
        timers.put(session, "escalate", conversation.id, due, payload={"step": 0}, move=True)
        return
    steps = STEPS[STEPS.index(plan.escalate_to) :]
    place = int(timer.payload.get("step", 0))
    if place >= len(steps):
        return
    STEP_DEEDS[steps[place]](session, conversation, plan.escalate_minutes)
    if place + 1 < len(steps):
        due = clock.now() + timedelta(minutes=plan.escalate_minutes)
        timers.put(session, "escalate", conversation.id, due, payload={"step": place + 1}, move=True)


def _next(session: ScopedSession, conversation: Conversation, minutes: int) -> None:
    others = [one.id for one in deciding.on_shift(session) if one.id != conversation.assigned_to]
    chosen = turns.take(session, turns.EVERYBODY, others)
    member = session.get(Member, (session.tenant_id, chosen)) if chosen else None
    if member is None:
        _everybody(session, conversation, minutes)
        return
    conversation.assigned_to = member.id
    why = f"Nobody answered in {minutes} minutes; next in turn"
    _tell(session, conversation, "next", Decided(member, (), member.name, why, None, turns.EVERYBODY))


def _everybody(session: ScopedSession, conversation: Conversation, minutes: int) -> None:
    working = tuple(deciding.on_shift(session))
    why = f"Nobody answered in {minutes} minutes; everybody on shift is told"
    _tell(session, conversation, "everybody", Decided(None, working, "Everybody on shift", why, None, ""))


def _on_call(session: ScopedSession, conversation: Conversation, minutes: int) -> None:
    """Calls stand above routing, so the alarm is raised by their own timer."""
    why = f"Nobody answered in {minutes} minutes; the on-call phones are paged"
    told = Decided(None, (), "On call", why, None, "")
    assigning.note(session, conversation, None, "on_call", told)
    words = {"reason": "unanswered", "words": "A lead nobody has answered"}
    timers.put(session, "raise_alarm", conversation.id, clock.now(), payload=words, move=True)


def _tell(session: ScopedSession, conversation: Conversation, step: str, told: Decided) -> None:
    lead = open_lead(session, conversation)
    assigning.note(session, conversation, lead.id if lead else None, step, told)
    title = f"Still unanswered: {cards.who(session, conversation)}"
    assigning.tell(session, conversation, told, "escalation", title, told.why)


STEP_DEEDS = {"next": _next, "everybody": _everybody, "on_call": _on_call}
