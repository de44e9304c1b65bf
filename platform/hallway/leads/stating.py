"""What somebody put into a field of its own: a form's answer. It outranks what was read out of their words."""

from __future__ import annotations

from uuid import UUID

from groundwork.database import Json, ScopedSession
from hallway.leads.listening import NAMES, keep_field
from hallway.leads.models import Lead


def state(session: ScopedSession, lead: Lead, name: str, value: str, label: str, words: str, message_id: UUID) -> None:
    """Keep `value` as certain, with the `words` they typed in message `message_id`. A person's correction stands.

    Raises ValueError for a field that does not exist.
    """
    if name not in NAMES:
        raise ValueError(f"A lead has no field “{name}”.")
    row: Json = {"value": value, "label": label, "confidence": 1.0, "source_words": words}
    keep_field(session, lead, name, row | {"source_kind": "message", "source_id": message_id}, only_if_surer=True)
