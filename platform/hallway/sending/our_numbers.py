"""Which number of ours a person knows us by."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import text

from groundwork.database import ScopedSession

# The number they last wrote to or called, else the first; calls stand above sending, so their table is named here.
OUR_NUMBER = """
SELECT n.e164 FROM number n WHERE n.tenant_id = :tenant AND n.active
ORDER BY n.e164 = coalesce(
  (SELECT CASE m.direction WHEN 'in' THEN m.to_address ELSE m.from_address END FROM message m
   WHERE m.tenant_id = :tenant AND m.conversation_id = {conversation} AND m.purpose <> 'staff' AND m.channel = 'sms'
   ORDER BY m.at DESC LIMIT 1),
  (SELECT c.to_address FROM call c
   WHERE c.tenant_id = :tenant AND c.conversation_id = {conversation} AND c.direction = 'in'
   ORDER BY c.started_at DESC LIMIT 1)) DESC NULLS LAST, n.created_at, n.id
LIMIT 1
"""
OUR_NUMBER_FOR_ONE = text(OUR_NUMBER.format(conversation=":conversation"))
OUR_NUMBER_FOR_MANY = text(
    f"SELECT a.id, ({OUR_NUMBER.format(conversation='a.id')}) AS e164 FROM unnest(CAST(:conversations AS uuid[])) a(id)"
)


def our_number(session: ScopedSession, conversation_id: uuid.UUID) -> str | None:
    """The number of ours that this person last used, else our first active one."""
    found: str | None = session.scalar(
        OUR_NUMBER_FOR_ONE, {"tenant": session.tenant_id, "conversation": conversation_id}
    )
    return found


def our_numbers(session: ScopedSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """`our_number` of many conversations."""
    if len(ids) == 1:
        return {ids[0]: our_number(session, ids[0])}
    rows = session.execute(OUR_NUMBER_FOR_MANY, {"tenant": session.tenant_id, "conversations": list(ids)})
    return {row.id: row.e164 for row in rows}
