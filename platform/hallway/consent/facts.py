"""What the gate looks at: the question asked, and everything known about the person, gathered in one reading."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Any, Literal, Self

from sqlalchemy import text

from groundwork.database import Json, ScopedSession
from hallway.rulebook.places import is_zone
from hallway.rulebook.state_rules import is_state

Purpose = Literal["reply", "informational", "marketing", "compliance", "staff"]
Phase = Literal["queue", "claim"]

OPT_OUT_LINE = re.compile(r"\bSTOP\b")
# Public shorteners are filtered by the carriers (CTIA Messaging Principles 5.3; T-Mobile Code of Conduct 2.14).
SHORTENER = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|tiny\.cc|rb\.gy"
    r"|t\.ly|bl\.ink|s\.id|lnkd\.in|v\.gd)(?:/|\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ask:
    """May this go to `address` now? `at` is the moment of asking, `sender` our number, `body` the words.

    `by_person` is a member writing by hand. `expires_at` is the end of the message's shelf life.
    """

    address: str
    purpose: Purpose
    kind: str
    at: datetime
    body: str
    sender: str | None = None
    lane: str = "now"
    phase: Phase = "queue"
    by_person: bool = False
    expires_at: datetime | None = None
    conversation_id: uuid.UUID | None = None
    message_id: uuid.UUID | None = None
    call_id: uuid.UUID | None = None
    appointment_id: uuid.UUID | None = None
    appointment_version: int | None = None


@dataclass(frozen=True)
class Facts:
    """All that the rules may look at, and nothing else: the same facts always get the same answer.

    Holds no names and no words of anybody, for it is kept with the decision for good.
    """

    address: str
    purpose: Purpose
    kind: str
    at: datetime
    lane: str = "now"
    phase: Phase = "queue"
    by_person: bool = False
    expires_at: datetime | None = None
    sender: str | None = None
    # the words
    length: int = 1
    blank: bool = False
    shortener: str | None = None
    says_stop: bool = False
    names_sender: bool = False
    # the tenant
    tenant_state: str | None = None
    tenant_zone: str | None = None
    stopped_reason: str | None = None
    text_back_on: bool = True
    marketing_start: str = "09:00"
    marketing_end: str = "20:00"
    marketing_sunday: bool = False
    our_number: bool = False
    staff_phone: bool = False
    # the person
    blocked_at: datetime | None = None
    state: str | None = None
    zone: str | None = None
    language: str = "en"
    line_type: str | None = None
    invalid_reason: str | None = None
    suppressed_reason: str | None = None
    suppressed_at: datetime | None = None
    marketing_stopped: bool = False
    paused_reason: str | None = None
    consent_action: str | None = None
    consent_method: str | None = None
    consent_worded: bool = False
    # what was said before
    heard_at: datetime | None = None
    stop_said: bool = False
    automatic_10m: int = 0
    touches_24h: int = 0
    touches_7d: int = 0
    oldest_touch_24h: datetime | None = None
    oldest_touch_7d: datetime | None = None
    marketing_24h: int = 0
    oldest_marketing_24h: datetime | None = None
    # the call that a text-back answers
    call_missed_at: datetime | None = None
    call_is_theirs: bool = False
    texted_back: bool = False
    # the visit that it tells of: the version it was written for, and how the visit stands now
    appointment_version: int | None = None
    appointment_now: int | None = None
    appointment_status: str | None = None

    def as_json(self) -> Json:
        """For keeping with the decision: the facts that say something, the others being as by default."""
        told = {key: value for key, value in vars(self).items() if key not in USUAL or value != USUAL[key]}
        return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in told.items()}

    @classmethod
    def from_json(cls, saw: Json) -> Self:
        """What `as_json` kept."""
        known = {field.name: field.type for field in fields(cls)}
        return cls(**{key: _read(str(known[key]), value) for key, value in saw.items() if key in known})


USUAL = {field.name: field.default for field in fields(Facts) if field.default is not MISSING}


def _read(kind: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if "datetime" in kind and value else value


# Written out because it reads tables of parts that stand above this one, each by an index with the tenant in front.
GATHER = """
SELECT t.name AS tenant_name, t.state AS tenant_state, t.timezone AS tenant_zone,
  t.sending_stopped_reason AS stopped_reason, t.text_back_enabled AS text_back_on,
  t.marketing_start, t.marketing_end, t.marketing_sunday,
  EXISTS (SELECT FROM number n WHERE n.tenant_id = :tenant AND n.e164 = a.address) AS our_number,
  EXISTS (SELECT FROM phone f WHERE f.tenant_id = :tenant AND f.e164 = a.address) AS staff_phone,
  c.blocked_at, c.state, c.timezone AS zone, coalesce(c.language, 'en') AS language, p.line_type, p.invalid_reason,
  s.suppressed_reason, s.suppressed_at, coalesce(s.marketing_stopped, false) AS marketing_stopped,
  v.automation_paused_reason AS paused_reason,
  e.action AS consent_action, e.method AS consent_method, coalesce(e.wording <> '', false) AS consent_worded,
  greatest(w.at, k.heard_at) AS heard_at,
  coalesce(o.stop_said, false) AS stop_said, o.automatic_10m, o.touches_24h, o.touches_7d, o.oldest_touch_24h,
  o.oldest_touch_7d, o.marketing_24h, o.oldest_marketing_24h, coalesce(o.texted_back, false) AS texted_back,
  l.missed_at AS call_missed_at, coalesce(l.is_theirs, false) AS call_is_theirs,
  b.version AS appointment_now, b.status AS appointment_status
FROM {asks} AS a(address, at, conversation_id, message_id, call_id, appointment_id, n)
JOIN tenant t ON t.id = :tenant
LEFT JOIN contact_point p ON p.tenant_id = :tenant AND p.kind = 'phone' AND p.value = a.address
LEFT JOIN contact c ON c.tenant_id = :tenant AND c.id = p.contact_id
LEFT JOIN conversation v ON v.tenant_id = :tenant AND v.id = a.conversation_id
LEFT JOIN appointment b ON b.tenant_id = :tenant AND b.id = a.appointment_id
LEFT JOIN LATERAL (
  SELECT max(reason) FILTER (WHERE scope = 'all') AS suppressed_reason,
    max(created_at) FILTER (WHERE scope = 'all') AS suppressed_at, bool_or(scope = 'marketing') AS marketing_stopped
  FROM suppression WHERE tenant_id = :tenant AND channel = 'sms' AND address = a.address AND released_at IS NULL
) s ON true
LEFT JOIN LATERAL (
  SELECT action, method, wording FROM consent_event
  WHERE tenant_id = :tenant AND address = a.address AND channel = 'sms' AND purpose IN ('marketing', 'all')
  ORDER BY seq DESC LIMIT 1
) e ON true
LEFT JOIN LATERAL (
  SELECT at FROM message WHERE tenant_id = :tenant AND conversation_id = a.conversation_id AND direction = 'in'
  ORDER BY message.at DESC LIMIT 1
) w ON true
LEFT JOIN LATERAL (
  SELECT CASE WHEN missed_at IS NULL THEN greatest(started_at, ended_at) ELSE started_at END AS heard_at FROM call
  WHERE tenant_id = :tenant AND from_address = a.address AND direction = 'in' ORDER BY started_at DESC LIMIT 1
) k ON true
LEFT JOIN LATERAL (
  SELECT missed_at, direction = 'in' AND from_address = a.address AS is_theirs FROM call
  WHERE tenant_id = :tenant AND id = a.call_id
) l ON true
LEFT JOIN LATERAL (
  SELECT bool_or(body ~ '\\mSTOP\\M') AS stop_said,
    count(*) FILTER (WHERE automatic AND at > a.at - interval '10 minutes') AS automatic_10m,
    count(*) FILTER (WHERE touch AND at > a.at - interval '1 day') AS touches_24h,
    count(*) FILTER (WHERE touch AND at > a.at - interval '7 days') AS touches_7d,
    min(at) FILTER (WHERE touch AND at > a.at - interval '1 day') AS oldest_touch_24h,
    min(at) FILTER (WHERE touch AND at > a.at - interval '7 days') AS oldest_touch_7d,
    count(*) FILTER (WHERE purpose = 'marketing' AND at > a.at - interval '1 day') AS marketing_24h,
    min(at) FILTER (WHERE purpose = 'marketing' AND at > a.at - interval '1 day') AS oldest_marketing_24h,
    bool_or(kind = 'text_back' AND call_id IS DISTINCT FROM a.call_id
            AND at > a.at - make_interval(hours => t.text_back_window_hours)) AS texted_back
  FROM (
    SELECT at, body, purpose, kind, call_id, author_name IS NULL AND purpose <> 'staff' AS automatic,
      author_name IS NULL AND purpose IN ('informational', 'marketing') AS touch
    FROM message m
    WHERE m.tenant_id = :tenant AND m.to_address = a.address AND m.direction = 'out'
      AND m.at > a.at - interval '30 days' AND m.id IS DISTINCT FROM a.message_id
      AND m.state NOT IN ('failed', 'undelivered', 'refused', 'cancelled', 'expired')
  ) said
) o ON true
ORDER BY a.n
"""
# A single ask is no array of one: for an array the planner never settles, and planning costs more than reading.
GATHER_ONE = text(
    GATHER.format(
        asks="(SELECT CAST(:address AS text), CAST(:at AS timestamptz), CAST(:conversation AS uuid), "
        "CAST(:message AS uuid), CAST(:call AS uuid), CAST(:appointment AS uuid), 1)"
    )
)
GATHER_MANY = text(
    GATHER.format(
        asks="unnest(CAST(:address AS text[]), CAST(:at AS timestamptz[]), CAST(:conversation AS uuid[]), "
        "CAST(:message AS uuid[]), CAST(:call AS uuid[]), CAST(:appointment AS uuid[])) WITH ORDINALITY"
    )
)


@dataclass(frozen=True)
class Known:
    """An ask with its facts, and the tenant's name, which is needed for the words but never kept with the facts."""

    ask: Ask
    facts: Facts
    tenant_name: str


def gather(session: ScopedSession, asks: Sequence[Ask]) -> list[Known]:
    """Read everything that bears on each ask, in their order; one round trip for all."""
    if not asks:
        return []
    each = [_columns(ask) for ask in asks]
    columns = each[0] if len(each) == 1 else {key: [one[key] for one in each] for key in each[0]}
    statement = GATHER_ONE if len(each) == 1 else GATHER_MANY
    rows = session.execute(statement, {"tenant": session.tenant_id, **columns}).mappings().all()
    return [_known(ask, dict(row)) for ask, row in zip(asks, rows, strict=True)]


def _columns(ask: Ask) -> Json:
    columns: Json = {"address": ask.address, "at": ask.at, "conversation": ask.conversation_id}
    return columns | {"message": ask.message_id, "call": ask.call_id, "appointment": ask.appointment_id}


def _known(ask: Ask, row: Json) -> Known:
    name = row.pop("tenant_name")
    for state in ("state", "tenant_state"):
        row[state] = row[state] if row[state] and is_state(row[state]) else None
    for zone in ("zone", "tenant_zone"):
        row[zone] = row[zone] if row[zone] and is_zone(row[zone]) else None
    asked: Json = {"address": ask.address, "purpose": ask.purpose, "kind": ask.kind, "at": ask.at, "lane": ask.lane}
    asked |= {"phase": ask.phase, "by_person": ask.by_person, "expires_at": ask.expires_at, "sender": ask.sender}
    asked["appointment_version"] = ask.appointment_version
    return Known(ask, Facts(**asked, **row, **about_words(ask.body, name)), name)


def about_words(body: str, tenant_name: str) -> Json:
    """What the rules need to know about a body, without the body."""
    shortener = SHORTENER.search(body)
    return {
        "length": len(body),
        "blank": not body.strip(),
        "shortener": shortener[0].rstrip("/").lower() if shortener else None,
        "says_stop": bool(OPT_OUT_LINE.search(body)),
        "names_sender": _letters(tenant_name) in _letters(body),
    }


def _letters(words: str) -> str:
    return "".join(char for char in words.casefold() if char.isalnum())
