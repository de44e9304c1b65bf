"""The list of those we may not text, for the settings page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from groundwork.database import ScopedSession
from hallway.consent.models import Suppression
from hallway.contacts.models import Contact, ContactPoint

PAGE = 50
REASONS = {
    "opt_out": "Asked us to stop",
    "carrier_block": "Stopped through the carrier",
    "wrong_number": "Wrong number",
    "invalid_number": "The number does not exist",
    "landline": "Landline",
    "bounced": "The address does not exist",
    "complained": "Marked as spam",
    "staff": "Set by a member",
    "doubtful": "Doubtful reply",
    "import": "Marked in an imported list",
}


@dataclass(frozen=True)
class Page:
    """`rows` are (suppression, the contact's name or None), newest first; `after` continues, None at the end."""

    rows: Sequence[tuple[Suppression, str | None]]
    after: UUID | None
    total: int


def search(session: ScopedSession, words: str = "", after: str | None = None) -> Page:
    """Suppressions in force whose number or contact's name holds `words`; digits match the number however written."""
    point = and_(
        ContactPoint.tenant_id == Suppression.tenant_id,
        ContactPoint.kind == case((Suppression.channel == "email", "email"), else_="phone"),
        ContactPoint.value == Suppression.address,
    )
    person = and_(Contact.tenant_id == ContactPoint.tenant_id, Contact.id == ContactPoint.contact_id)
    mine = (Suppression.tenant_id == session.tenant_id, Suppression.released_at.is_(None))
    query = (
        select(Suppression, Contact.name)
        .outerjoin(ContactPoint, point)
        .outerjoin(Contact, person)
        .where(*mine)
        .order_by(Suppression.id.desc())
        .limit(PAGE + 1)
    )
    digits = re.sub(r"\D", "", words)
    if words:
        by_name = Contact.name.icontains(words, autoescape=True)
        by_address = Suppression.address.contains(digits if digits and "@" not in words else words.strip().lower())
        query = query.where(or_(by_name, by_address))
    cursor = _cursor(after)
    if cursor:
        query = query.where(Suppression.id < cursor)
    rows = [(row[0], row[1]) for row in session.execute(query)]
    total = session.scalar(select(func.count()).select_from(Suppression).where(*mine)) or 0
    return Page(rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None, total)


def _cursor(after: str | None) -> UUID | None:
    try:
        return UUID(after) if after else None
    except ValueError:
        return None
