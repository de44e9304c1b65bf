"""Ask for the context that is missing: one short question at a time, until a person of ours steps in."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from groundwork import clock
from groundwork.database import Json, ScopedSession
from hallway import playbooks, sending
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message
from hallway.leads import Lead, LeadField, Question
from hallway.routing import Routed, places
from tenants.models import Tenant

FIELDS = ("service", "address", "preferred_time")
SHELF_LIFE = timedelta(minutes=10)
# Words by which a text is rather one language than the other; a name or an address alone is neither.
SPANISH = re.compile(
    r"\b(?:hola|necesito|tengo|mi|casa|fuga|agua|gracias|por|favor|el|la|los|que|para|mañana|pueden?|baño|buen[oa]s"
    r"|d[ií]as|tardes|est[aá]|un|una|con|calle|cocina|hoy|señora?|cu[aá]ndo|del)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"\b(?:the|a|my|is|i|need|have|please|in|at|it|and|to|can|you|we|our|for)\b", re.IGNORECASE)


def ask(session: ScopedSession, conversation: Conversation, lead: Lead, said: str, *, to: str, from_: str) -> bool:
    """Ask the next thing not known, if the tenant wants that and nobody of ours has taken it in hand.

    Nothing is asked twice, and nothing more once an answer did not answer. True when a question is on its way.
    """
    plan = places.plan_of(session)
    if not plan.questions_on or conversation.automation_paused_reason:
        return False
    known, asked = _known(session, conversation, lead), _asked(session, lead)
    missing = [field for field in FIELDS if field not in known]
    if not missing or len(asked) >= plan.most_questions or asked & set(missing):
        return False
    if _in_hand(session, conversation, lead):
        return False
    return _ask(session, conversation, lead, missing[0], said, to, from_)


def _ask(
    session: ScopedSession, conversation: Conversation, lead: Lead, field: str, said: str, to: str, from_: str
) -> bool:
    business = session.get_one(Tenant, session.tenant_id)
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    language = "es" if person.language == "es" or is_spanish(said) else "en"
    words = playbooks.say(session, business, f"question.{field}", language=language, phone=None if "@" in to else from_)
    way: Json = {"channel": "email"} if "@" in to else {"from_": from_}
    message = sending.queue(
        session, conversation, words, kind="question", purpose="reply", to=to, shelf_life=SHELF_LIFE, **way
    )
    if message.state not in ("queued", "claimed", "held"):
        return False
    session.add(Question(lead_id=lead.id, field=field, message_id=message.id, asked_at=clock.now()))
    session.flush()
    return True


def is_spanish(said: str) -> bool:
    """Whether these words are rather Spanish than English; a name or an address alone is neither."""
    spanish = {word.lower() for word in SPANISH.findall(said)}
    english = {word.lower() for word in ENGLISH.findall(said)}
    return len(spanish) >= 2 and len(spanish) > len(english)


def _known(session: ScopedSession, conversation: Conversation, lead: Lead) -> set[str]:
    """What they said, what a person corrected, even to nothing, and what the card knows."""
    person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    names = set(session.scalars(select(LeadField.name).where(LeadField.lead_id == lead.id)))
    return names | ({"address"} if person.address else set())


def _asked(session: ScopedSession, lead: Lead) -> set[str]:
    return set(session.scalars(select(Question.field).where(Question.lead_id == lead.id)))


def _in_hand(session: ScopedSession, conversation: Conversation, lead: Lead) -> bool:
    """A person of ours wrote since the lead began, or took the conversation over from where it was routed."""
    ours = (Message.conversation_id == conversation.id, Message.author_name.is_not(None), Message.purpose != "staff")
    if session.scalar(select(Message.id).where(*ours, Message.created_at > lead.created_at).limit(1)):
        return True
    last = select(Routed).where(Routed.conversation_id == conversation.id).order_by(Routed.id.desc()).limit(1)
    routed = session.scalar(last)
    return conversation.assigned_to is not None and (routed is None or routed.member_id != conversation.assigned_to)
