"""The consent file of one phone: everything kept about it in one place, to show, to hand out, and to erase."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from groundwork import clock
from groundwork.database import Json, ScopedSession
from groundwork.sheets import safe_cell
from hallway.consent.models import ConsentEvent, GateDecision, Suppression
from hallway.contacts import Contact, find

# Messages and calls stand above consent in the house, so their tables are named here and their modules are not.
MESSAGES = text("""
SELECT id, at, direction, kind, purpose, state, from_address, to_address, body, author_name, error, label, label_rule
FROM message WHERE tenant_id = :tenant AND (to_address = :address OR conversation_id = :conversation) ORDER BY at, id
""")
CALLS = text("""
SELECT id, started_at, direction, outcome, missed_reason, text_back, text_back_reason, duration
FROM call WHERE tenant_id = :tenant AND (from_address = :address OR to_address = :address) ORDER BY started_at
""")
CONVERSATION = text("SELECT id FROM conversation WHERE tenant_id = :tenant AND contact_id = :contact")

CALLS_OF = "(SELECT id FROM call WHERE tenant_id = :tenant AND (from_address = :address OR to_address = :address))"
ERASE = f"""
UPDATE message SET state = 'cancelled', due_at = NULL, settled_at = now()
WHERE tenant_id = :tenant AND to_address = :address AND state IN ('held', 'queued');

UPDATE message SET body = '', media = '[]', error = NULL, subject = NULL
WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE mail SET whole = NULL, sender_name = NULL, notes = NULL WHERE tenant_id = :tenant
  AND id IN (SELECT id FROM message WHERE tenant_id = :tenant AND conversation_id = :conversation);

UPDATE voicemail SET transcript = NULL, attachment_id = NULL, recording_sid = NULL
WHERE tenant_id = :tenant AND call_id IN {CALLS_OF};

UPDATE form_submission SET answers = '{{}}', phone = NULL, email = NULL, page_url = NULL, ip = NULL, user_agent = NULL
WHERE tenant_id = :tenant AND (phone = :address OR conversation_id = :conversation);

UPDATE estimate SET title = NULL, link = NULL WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE estimate_event SET note = NULL WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE appointment SET what = '', address = NULL, wish_words = NULL, over_reason = NULL
WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE appointment_event SET words = '' WHERE tenant_id = :tenant AND conversation_id = :conversation;

DELETE FROM appointment_question WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE note SET body = '' WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE contact_merge SET before = jsonb_set(jsonb_set(jsonb_set(before,
  '{{gone}}', before->'gone' || '{{"name": null, "address": null, "state": null, "zip": null}}'),
  '{{kept}}', before->'kept' || '{{"name": null, "address": null, "state": null, "zip": null}}'),
  '{{talk,preview}}', '""')
WHERE tenant_id = :tenant AND kept_id = (SELECT contact_id FROM conversation
  WHERE tenant_id = :tenant AND id = :conversation);

UPDATE enrollment SET facts = '{{}}' WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE moment SET facts = '{{}}' WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE message SET body = '', subject = NULL WHERE tenant_id = :tenant AND id IN (SELECT d.message_id
  FROM notice_delivery d JOIN notice n ON n.tenant_id = d.tenant_id AND n.id = d.notice_id
  WHERE d.tenant_id = :tenant AND n.conversation_id = :conversation);

UPDATE conversation SET preview = '' WHERE tenant_id = :tenant AND id IN (SELECT m.conversation_id FROM message m
  JOIN notice_delivery d ON d.tenant_id = m.tenant_id AND d.message_id = m.id
  JOIN notice n ON n.tenant_id = d.tenant_id AND n.id = d.notice_id
  WHERE m.tenant_id = :tenant AND n.conversation_id = :conversation);

UPDATE notice SET title = 'Erased at their request', body = ''
WHERE tenant_id = :tenant AND conversation_id = :conversation;

DELETE FROM attachment WHERE tenant_id = :tenant AND (call_id IN {CALLS_OF}
  OR message_id IN (SELECT id FROM message WHERE tenant_id = :tenant AND conversation_id = :conversation));

DELETE FROM lead WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE task SET title = 'Erased at their request', reason = '', done_at = coalesce(done_at, now())
WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE alarm SET words = '' WHERE tenant_id = :tenant AND conversation_id = :conversation;

UPDATE conversation SET preview = '', urgent_reason = NULL, waiting_since = NULL, status = 'closed'
WHERE tenant_id = :tenant AND id = :conversation;

DELETE FROM contact_point WHERE tenant_id = :tenant AND kind = 'email' AND contact_id =
  (SELECT contact_id FROM conversation WHERE tenant_id = :tenant AND id = :conversation);

UPDATE inbound_event SET params = '{{}}', context = '{{}}' WHERE tenant_id = :tenant AND state <> 'new'
  AND (:address IN (params->>'From', params->>'To', params->>'Caller', params->>'Called')
    OR params->>'CallSid' IN (SELECT provider_sid FROM call WHERE tenant_id = :tenant AND id IN {CALLS_OF}))
"""


@dataclass(frozen=True)
class ConsentFile:
    """Everything about one phone, oldest first. `messages` holds both directions, with refusals among them."""

    address: str
    made_at: datetime
    contact_id: str | None
    name: str | None
    suppressed: bool
    consent: list[Json]
    suppressions: list[Json]
    decisions: list[Json]
    messages: list[Json]
    calls: list[Json]

    def as_json(self) -> Json:
        """Times as ISO 8601 in UTC, ids as strings."""
        return {key: _plain(value) for key, value in asdict(self).items()}

    def as_csv(self) -> str:
        """One line per thing that happened: at, what, answer, rule, words, detail."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("at", "what", "result", "rule", "words", "detail"))
        writer.writerows([safe_cell(cell) for cell in line] for line in sorted(self._lines(), key=lambda line: line[0]))
        return out.getvalue()

    def _lines(self) -> Iterable[tuple[str, ...]]:
        for one in self.consent:
            yield (
                _iso(one["occurred_at"]),
                "consent",
                one["action"],
                one["method"],
                one["wording"] or "",
                one["purpose"],
            )
        for one in self.suppressions:
            yield _iso(one["created_at"]), "suppressed", one["scope"], one["reason"], one["words"] or "", ""
            if one["released_at"]:
                yield _iso(one["released_at"]), "released", one["scope"], one["reason"], one["release_evidence"], ""
        for one in self.decisions:
            yield _iso(one["asked_at"]), "gate", one["answer"], one["rule"], "", one["explanation"]
        for one in self.messages:
            what = "text received" if one["direction"] == "in" else "text sent"
            yield _iso(one["at"]), what, one["state"], one["label_rule"] or "", one["body"], one["error"] or ""
        for one in self.calls:
            yield _iso(one["started_at"]), f"call {one['direction']}", one["outcome"] or "", "", "", ""


def consent_file(session: ScopedSession, address: str) -> ConsentFile:
    """Gather the file of `address` (E.164). Every list is empty for a phone we never met."""
    contact = find(session, address, "email" if "@" in address else "phone")
    whose = {"tenant": session.tenant_id, "address": address, "conversation": _conversation(session, contact)}
    suppressions = _rows(session, Suppression, address, Suppression.id)
    return ConsentFile(
        address=address,
        made_at=clock.now(),
        contact_id=str(contact.id) if contact else None,
        name=contact.name if contact else None,
        suppressed=any(one["scope"] == "all" and one["released_at"] is None for one in suppressions),
        consent=_rows(session, ConsentEvent, address, ConsentEvent.seq),
        suppressions=suppressions,
        decisions=_rows(session, GateDecision, address, GateDecision.id),
        messages=[dict(row) for row in session.execute(MESSAGES, whose).mappings()],
        calls=[dict(row) for row in session.execute(CALLS, whose).mappings()],
    )


def export(session: ScopedSession, address: str) -> Json:
    """The consent file as data to hand to the person it is about."""
    return consent_file(session, address).as_json()


def erase(session: ScopedSession, address: str) -> None:
    """Erase name, place, words, pictures, recordings and notes of the person at `address`.

    Kept, because the law asks for proof: the suppression, the consent ledger and the gate's decisions, none of which
    holds a name. What was waiting to be sent is cancelled.
    """
    contact = find(session, address, "email" if "@" in address else "phone")
    whose = {"tenant": session.tenant_id, "address": address, "conversation": _conversation(session, contact)}
    for statement in ERASE.split(";"):
        session.execute(text(statement), whose)
    if contact:
        contact.name = contact.address = contact.state = contact.zip = contact.timezone = None
        contact.details = {}
        contact.blocked_reason = "Erased at their request" if contact.blocked_at else None
    session.flush()
    session.expire_all()


def _conversation(session: ScopedSession, contact: Contact | None) -> Any:
    if contact is None:
        return None
    return session.scalar(CONVERSATION, {"tenant": session.tenant_id, "contact": contact.id})


def _rows(session: ScopedSession, table: type[Any], address: str, order: Any) -> list[Json]:
    columns = [column for column in table.__table__.columns if column.name not in ("tenant_id", "saw")]
    rows = session.execute(select(*columns).where(table.address == address).order_by(order))
    return [dict(row) for row in rows.mappings()]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return _iso(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
