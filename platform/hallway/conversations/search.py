"""Find a conversation by what was said, by name, by place, or by digits of a phone number."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text

from groundwork.database import ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations.models import Conversation

MOST = 30
FEWEST_DIGITS = 3
# Marks around found words: characters that no phone can type. The page turns them into <mark> after escaping.
START, STOP = "\x02", "\x03"

# The newest message of each conversation that says the words, and how many others there do.
SAID = text(f"""
    WITH hit AS (
      SELECT s.* FROM search_messages(:words, 200) s
      JOIN conversation seen ON seen.tenant_id = :tenant_id AND seen.id = s.conversation_id
    ),
    best AS (
      SELECT conversation_id, count(*) AS found, max(at) AS at,
        (array_agg(message_id ORDER BY at DESC))[1] AS message_id
      FROM hit GROUP BY conversation_id ORDER BY max(at) DESC LIMIT {MOST}
    )
    SELECT best.conversation_id, best.message_id, best.at, best.found, contact.name, phone.value AS phone,
      ts_headline('english', message.body, websearch_to_tsquery('english', :words),
        'StartSel="{START}", StopSel="{STOP}", MaxWords=22, MinWords=10, MaxFragments=1') AS excerpt
    FROM best
    JOIN message ON message.tenant_id = :tenant_id AND message.id = best.message_id
    JOIN conversation ON conversation.tenant_id = :tenant_id AND conversation.id = best.conversation_id
    JOIN contact ON contact.tenant_id = :tenant_id AND contact.id = conversation.contact_id
    LEFT JOIN LATERAL (
      SELECT value FROM contact_point p
      WHERE p.tenant_id = :tenant_id AND p.contact_id = contact.id AND p.kind = 'phone' ORDER BY p.id LIMIT 1
    ) phone ON true
    ORDER BY best.at DESC
""")


class Hit(NamedTuple):
    """One conversation found. `excerpt` holds the found words between START and STOP; `why` is said or known."""

    conversation_id: UUID
    message_id: UUID | None
    at: datetime
    found: int
    name: str | None
    phone: str | None
    excerpt: str
    why: str


def search(session: ScopedSession, words: str) -> list[Hit]:
    """Conversations that match, people first, then what was said, newest first; each once. Empty for no words."""
    words = " ".join(words.split())[:200]
    if not words:
        return []
    people = _people(session, words)
    known = {hit.conversation_id for hit in people}
    return people + [hit for hit in _said(session, words) if hit.conversation_id not in known]


def _people(session: ScopedSession, words: str) -> list[Hit]:
    statement = (
        select(
            Conversation.id,
            Conversation.last_event_at,
            Contact.name,
            func.min(ContactPoint.value),
            Contact.address,
        )
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(ContactPoint, ContactPoint.contact_id == Contact.id)
        .where(or_(*_known_by(words)))
        .group_by(Conversation.id, Conversation.last_event_at, Contact.name, Contact.address)
        .order_by(Conversation.last_event_at.desc())
        .limit(MOST)
    )
    return [
        Hit(id_, None, at, 0, name, phone, marked(place, words) if place else "", "known")
        for id_, at, name, phone, place in session.execute(statement)
    ]


def _known_by(words: str) -> list[ColumnElement[bool]]:
    like = f"%{_literally(words)}%"
    ways: list[ColumnElement[bool]] = [Contact.name.ilike(like), Contact.address.ilike(like)]
    digits = re.sub(r"\D", "", words)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[A-Za-z]", words):
        ways.append(ContactPoint.value.like(f"%{digits}%"))
    else:
        ways.append(ContactPoint.value.ilike(like))
    return ways


def _said(session: ScopedSession, words: str) -> list[Hit]:
    rows = session.execute(SAID, {"words": words, "tenant_id": session.tenant_id})
    return [
        Hit(row.conversation_id, row.message_id, row.at, row.found, row.name, row.phone, row.excerpt, "said")
        for row in rows
    ]


def marked(value: str, words: str) -> str:
    """`value` with each place where `words` stands put between START and STOP."""
    return re.sub(f"({re.escape(words)})", f"{START}\\1{STOP}", value, flags=re.IGNORECASE)


def _literally(words: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", words)
