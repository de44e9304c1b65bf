"""Who may be the same person: named together in a form, wrote from the other's address, or has the same name."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from groundwork.database import ScopedSession
from hallway.contacts import Contact

MOST = 5

# The strongest sign first. An address alone is a household, so it takes the family name as well.
FIND = text("""
WITH mine AS (SELECT kind, value FROM contact_point WHERE tenant_id = :tenant AND contact_id = :contact),
talk AS (SELECT id FROM conversation WHERE tenant_id = :tenant AND contact_id = :contact),
found AS (
  SELECT p.contact_id AS id, 1 AS rank, 'One form named addresses of both' AS why
  FROM form_submission f JOIN contact_point p ON p.tenant_id = f.tenant_id
    AND ((p.kind = 'phone' AND p.value = f.phone) OR (p.kind = 'email' AND p.value = f.email))
  WHERE f.tenant_id = :tenant AND (f.phone IN (SELECT value FROM mine) OR f.email IN (SELECT value FROM mine))
  UNION ALL
  SELECT p.contact_id, 2, 'Wrote here from their address'
  FROM message m JOIN contact_point p ON p.tenant_id = m.tenant_id AND p.value = m.from_address
  WHERE m.tenant_id = :tenant AND m.conversation_id IN (SELECT id FROM talk) AND m.direction = 'in'
  UNION ALL
  SELECT c.id, 3, 'The same name' FROM contact c
  WHERE c.tenant_id = :tenant AND length(:name) > 0 AND lower(c.name) = lower(:name)
  UNION ALL
  SELECT c.id, 4, 'The same address and family name' FROM contact c
  WHERE c.tenant_id = :tenant AND length(:place) > 0 AND lower(c.address) = lower(:place)
    AND lower(split_part(c.name, ' ', -1)) = lower(split_part(:name, ' ', -1))
)
SELECT c.id, c.name, (SELECT p.value FROM contact_point p WHERE p.tenant_id = c.tenant_id AND p.contact_id = c.id
    ORDER BY p.kind DESC, p.id LIMIT 1) AS address,
  (array_agg(found.why ORDER BY found.rank))[1] AS why
FROM found JOIN contact c ON c.tenant_id = :tenant AND c.id = found.id
WHERE c.id <> :contact GROUP BY c.tenant_id, c.id, c.name ORDER BY min(found.rank), c.id LIMIT :most
""")
SEEK = text("""
SELECT c.id, c.name, p.value AS address, '' AS why FROM contact c
LEFT JOIN LATERAL (SELECT value FROM contact_point WHERE tenant_id = c.tenant_id AND contact_id = c.id
  ORDER BY kind DESC, id LIMIT 1) p ON true
WHERE c.tenant_id = :tenant AND c.id <> :contact AND (c.name ILIKE :words OR EXISTS (SELECT FROM contact_point q
  WHERE q.tenant_id = c.tenant_id AND q.contact_id = c.id
    AND (q.value ILIKE :words OR (length(:digits) >= 4 AND q.kind = 'phone' AND q.value LIKE '%' || :digits || '%'))))
ORDER BY c.name, c.id LIMIT 20
""")
COUNTS = {
    "message": ("text or e-mail", "texts and e-mails"),
    "call": ("call", "calls"),
    "note": ("note", "notes"),
    "task": ("task", "tasks"),
    "lead": ("lead", "leads"),
    "estimate": ("estimate", "estimates"),
    "appointment": ("visit", "visits"),
    "form_submission": ("form", "forms"),
    "enrollment": ("sequence", "sequences"),
}


class Alike(NamedTuple):
    """Somebody who may be the same person, and why."""

    id: UUID
    name: str | None
    address: str | None
    why: str


class Side(NamedTuple):
    """One of two entries, as the page before a merge shows it: addresses with a stop, and how much there is."""

    contact: Contact
    points: list[tuple[str, str, bool]]
    counts: list[tuple[int, str]]


def alike(session: ScopedSession, contact: Contact) -> list[Alike]:
    """Who may be the same person as `contact`, the likeliest first; in one statement."""
    whole = contact.name if contact.name and " " in contact.name.strip() else ""
    asked = {"tenant": session.tenant_id, "contact": contact.id, "name": whole, "place": contact.address or ""}
    return [Alike(*row) for row in session.execute(FIND, {**asked, "most": MOST})]


def sought(session: ScopedSession, contact: Contact, words: str) -> list[Alike]:
    """Others by a part of their name, number or e-mail address."""
    plain = words.strip().replace("\\", "").replace("%", "").replace("_", r"\_")
    if not plain:
        return []
    digits = "".join(char for char in plain if char.isdigit())
    asked = {"tenant": session.tenant_id, "contact": contact.id, "words": f"%{plain}%", "digits": digits}
    return [Alike(*row) for row in session.execute(SEEK, asked)]


POINTS = text("""
SELECT p.kind, p.value, EXISTS (SELECT FROM suppression s WHERE s.tenant_id = p.tenant_id AND s.address = p.value
  AND s.scope = 'all' AND s.released_at IS NULL) FROM contact_point p
WHERE p.tenant_id = :tenant AND p.contact_id = :contact ORDER BY p.kind DESC, p.id
""")


def side(session: ScopedSession, contact: Contact) -> Side:
    mine = {"tenant": session.tenant_id, "contact": contact.id}
    points = [(row[0], row[1], row[2]) for row in session.execute(POINTS, mine)]
    talk = "(SELECT id FROM conversation WHERE tenant_id = :tenant AND contact_id = :contact)"
    columns = (
        f"(SELECT count(*) FROM {name} WHERE tenant_id = :tenant AND conversation_id IN {talk})" for name in COUNTS
    )
    row = session.execute(text(f"SELECT {', '.join(columns)}"), mine).one()
    some = zip(row, COUNTS.values(), strict=True)
    return Side(contact, points, [(number, words[number > 1]) for number, words in some if number])
