"""Follow-up in the demo world: each trade's sequences, the month's moments, and people inside at several steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from groundwork.database import Json, ScopedSession, new_id
from hallway import consent, playbooks
from hallway.calls.models import Call
from hallway.consent import Suppression
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, Message, add_task
from hallway.followup import (
    MOMENTS,
    Enrollment,
    EnrollmentStep,
    Moment,
    Plan,
    Sequence,
    Step,
    planning,
    sequences,
    speaking,
    switching,
)
from workers.demo import month
from workers.demo.rings import Business

AGREED = "Asked for it on the phone and said that we may text about it"
ESTIMATES_SENT = (timedelta(hours=26), timedelta(days=4), timedelta(days=9))  # ago


@dataclass
class Way:
    """One person's way through one sequence, as far as the demo's time has come."""

    business: Business
    plan: Plan
    enrollment: Enrollment
    conversation: Conversation
    contact: Contact
    phone: str


def set_going(session: ScopedSession, business: Business, now: datetime) -> None:
    """Missed calls of the month have been followed up, and three estimates are on their way."""
    for kind in MOMENTS:
        sequences.install(session, kind)
    for call in session.scalars(select(Call).where(Call.text_back == "sent").order_by(Call.started_at)).all():
        if call.conversation_id and call.missed_at:
            _happened(session, business, "missed_call", call.conversation_id, call.id, call.missed_at, now)
    for number, ago in enumerate(ESTIMATES_SENT, 1):
        quiet = _quiet(session, now - ago)
        if quiet:
            _agree(session, quiet, now - ago)
            _happened(session, business, "estimate", quiet.id, f"demo-{number}", now - ago, now)


def _agree(session: ScopedSession, talk: Conversation, at: datetime) -> None:
    """They asked for the estimate by phone, and to hear about it."""
    phones = select(ContactPoint.value).where(ContactPoint.contact_id == talk.contact_id, ContactPoint.kind == "phone")
    for phone in session.scalars(phones).all():
        consent.record(session, phone, "granted", "follow_up", "verbal", AGREED, occurred_at=at)


def _quiet(session: ScopedSession, since: datetime) -> Conversation | None:
    """Somebody of whom nothing was heard since, who may be written to and is in no sequence."""
    inside = select(Enrollment.conversation_id).where(Enrollment.state == "running")
    stopped = select(ContactPoint.contact_id).join(Suppression, Suppression.address == ContactPoint.value)
    calm = (Conversation.last_event_at < since, Conversation.waiting_since.is_(None), Conversation.id.not_in(inside))
    reachable = Conversation.contact_id.not_in(stopped)
    newest = select(Conversation).where(*calm, reachable).order_by(Conversation.last_event_at.desc())
    return session.scalars(newest.limit(1)).first()


def _happened(
    session: ScopedSession,
    business: Business,
    kind: str,
    conversation_id: object,
    key: object,
    at: datetime,
    now: datetime,
) -> None:
    talk = session.get_one(Conversation, (session.tenant_id, conversation_id))
    contact = session.get_one(Contact, (session.tenant_id, talk.contact_id))
    theirs = (ContactPoint.contact_id == contact.id, ContactPoint.kind == "phone")
    phone = session.scalars(select(ContactPoint.value).where(*theirs).limit(1)).one()
    sequence = session.scalars(select(Sequence).where(Sequence.moment == kind)).one()
    plan = switching.plan_of(session, sequence)
    facts: Json = {}
    session.add(Moment(id=new_id(), kind=kind, conversation_id=talk.id, key=str(key), facts=facts, at=at))
    one = Enrollment(id=new_id(), sequence_id=sequence.id, version=sequence.version, contact_id=contact.id, facts=facts,
                     conversation_id=talk.id, key=str(key), state="running", started_at=at)  # fmt: skip
    session.add(one)
    session.flush()
    _walk(session, Way(business, plan, one, talk, contact, phone), at, now)


def _walk(session: ScopedSession, way: Way, at: datetime, now: datetime) -> None:
    stop = _first_word(session, way.conversation, at)
    for step in way.plan.steps:
        at = planning.due(session, way.conversation, step.wait, at)
        if stop and stop[0] <= at:
            way.enrollment.state, way.enrollment.ended_at = "stopped", stop[0]
            way.enrollment.stopped_by, way.enrollment.stopped_why = stop[1:]
            return
        if at > now:
            way.enrollment.step, way.enrollment.due_at = step.id, at
            planning.arrange(session, way.enrollment, step)
            return
        _do(session, way, step, at)
    way.enrollment.state, way.enrollment.ended_at = "finished", at


def _first_word(
    session: ScopedSession, conversation: Conversation, since: datetime
) -> tuple[datetime, str, str] | None:
    """When they answered, or one of the business wrote to them."""
    after = (Message.conversation_id == conversation.id, Message.at > since)
    said = select(Message).where(*after, (Message.direction == "in") | Message.author_name.is_not(None))
    first = session.scalars(said.order_by(Message.at).limit(1)).first()
    if first is None:
        return None
    if first.direction == "in":
        return first.at, "reply", "They answered."
    return first.at, "takeover", f"{first.author_name} wrote to them."


def _do(session: ScopedSession, way: Way, step: Step, at: datetime) -> None:
    """What the engine would have done then, with the texts in the thread."""
    known = speaking.variables(way.business.tenant, way.contact, way.phone, {})
    row: Json = {"outcome": "done", "rule": step.kind, "why": "A person was asked to take over."}
    if step.kind == "sms":
        words = playbooks.render(step.words(way.contact.language)[1], known)
        message = month.send(session, way.business, way.conversation, "sequence", words, at)
        message.enrollment_id, message.purpose = way.enrollment.id, way.plan.purpose
        row = {"outcome": "queued", "rule": "allow", "why": "Given to the carrier.", "message_id": message.id}
    elif step.kind == "email":
        row = {"outcome": "skipped", "rule": "no_address", "why": "They have no e-mail address on file."}
    elif step.kind == "task":
        title, body = playbooks.render(step.title, known), playbooks.render(step.body, known)
        key = f"{way.enrollment.id}:{step.id}"
        add_task(session, "follow_up", key, title=title, reason=body, rule=f"sequence.{step.id}", phone=way.phone,
                 conversation_id=way.conversation.id)  # fmt: skip
    place = way.plan.place(step.id)
    session.add(EnrollmentStep(id=new_id(), enrollment_id=way.enrollment.id, step=step.id, kind=step.kind, at=at,
                               due_at=at, version=way.enrollment.version, position=place, **row))  # fmt: skip
    session.flush()
