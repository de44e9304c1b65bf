"""Gather the facts of an ask: everything known that bears on it, in one reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billing import standings
from groundwork.database import Json, ScopedSession
from hallway.consent.facts import Ask, Facts, about_words
from hallway.rulebook.places import is_zone
from hallway.rulebook.segments import measure
from hallway.rulebook.state_rules import is_state

# Written out because it reads tables of parts that stand above this one, each by an index with the tenant in front.
GATHER = """
SELECT t.name AS tenant_name, t.state AS tenant_state, t.timezone AS tenant_zone,
  t.sending_stopped_reason AS stopped_reason, t.text_back_enabled AS text_back_on,
  t.marketing_start, t.marketing_end, t.marketing_sunday,
  t.standing, t.standing_until, t.created_at AS made_at,
  CASE WHEN t.segment_limit IS NOT NULL AND a.channel = 'sms' THEN t.segment_limit
    - (SELECT coalesce(sum(u.quantity), 0) FROM usage_event u
       WHERE u.tenant_id = %(tenant)s AND u.metric = 'segments' AND u.used_at >= t.period_start)
    - (SELECT coalesce(sum(m.segments), 0) FROM message m
       WHERE m.tenant_id = %(tenant)s AND m.state = 'claimed' AND m.channel = 'sms'
         AND m.id IS DISTINCT FROM a.message_id)
    END AS segments_left,
  EXISTS (SELECT FROM number n WHERE n.tenant_id = %(tenant)s AND n.e164 = a.address) AS our_number,
  EXISTS (SELECT FROM phone f WHERE f.tenant_id = %(tenant)s AND f.e164 = a.address) AS staff_phone,
  a.channel = 'email' AND EXISTS (SELECT FROM member s WHERE s.tenant_id = %(tenant)s AND lower(s.email) = a.address
    AND s.removed_at IS NULL) AS staff_address,
  coalesce(t.postal_address, '') <> '' AS postal_address,
  c.blocked_at, c.state, c.timezone AS zone, coalesce(c.language, 'en') AS language, p.line_type, p.invalid_reason,
  s.suppressed_reason, s.suppressed_at, coalesce(s.marketing_stopped, false) AS marketing_stopped,
  v.automation_paused_reason AS paused_reason,
  e.action AS consent_action, e.method AS consent_method, coalesce(e.wording <> '', false) AS consent_worded,
  greatest(w.at, k.heard_at) AS heard_at,
  coalesce(o.stop_said, false) AS stop_said, o.automatic_10m, o.touches_24h, o.touches_7d, o.oldest_touch_24h,
  o.oldest_touch_7d, o.marketing_24h, o.oldest_marketing_24h, coalesce(o.texted_back, false) AS texted_back,
  x.touches_24h AS other_24h, x.touches_7d AS other_7d, x.oldest_24h AS other_oldest_24h,
  x.oldest_7d AS other_oldest_7d,
  l.missed_at AS call_missed_at, coalesce(l.is_theirs, false) AS call_is_theirs,
  b.version AS appointment_now, b.status AS appointment_status, q.state AS enrollment_state,
  f.agreed_at AS follow_up_agreed_at
FROM {asks} AS a(channel, address, at, conversation_id, message_id, call_id, appointment_id, enrollment_id, n)
JOIN tenant t ON t.id = %(tenant)s
LEFT JOIN contact_point p ON p.tenant_id = %(tenant)s
  AND p.kind = CASE a.channel WHEN 'email' THEN 'email' ELSE 'phone' END AND p.value = a.address
LEFT JOIN contact c ON c.tenant_id = %(tenant)s AND c.id = p.contact_id
LEFT JOIN conversation v ON v.tenant_id = %(tenant)s AND v.id = a.conversation_id
LEFT JOIN appointment b ON b.tenant_id = %(tenant)s AND b.id = a.appointment_id
LEFT JOIN enrollment q ON q.tenant_id = %(tenant)s AND q.id = a.enrollment_id
LEFT JOIN LATERAL (
  SELECT max(reason) FILTER (WHERE scope = 'all') AS suppressed_reason,
    max(created_at) FILTER (WHERE scope = 'all') AS suppressed_at, bool_or(scope = 'marketing') AS marketing_stopped
  FROM suppression WHERE tenant_id = %(tenant)s AND channel = a.channel AND address = a.address AND released_at IS NULL
) s ON true
LEFT JOIN LATERAL (
  SELECT action, method, wording FROM consent_event
  WHERE tenant_id = %(tenant)s AND address = a.address AND channel = a.channel AND purpose IN ('marketing', 'all')
  ORDER BY seq DESC LIMIT 1
) e ON true
LEFT JOIN LATERAL (
  SELECT CASE WHEN action = 'granted' AND wording <> '' THEN occurred_at END AS agreed_at FROM consent_event
  WHERE a.enrollment_id IS NOT NULL AND tenant_id = %(tenant)s AND address = a.address AND channel = a.channel
    AND (purpose IN ('follow_up', 'all') OR (purpose = 'marketing' AND action = 'revoked'))
  ORDER BY seq DESC LIMIT 1
) f ON true
LEFT JOIN LATERAL (
  SELECT at FROM message WHERE tenant_id = %(tenant)s AND conversation_id = a.conversation_id AND direction = 'in'
  ORDER BY message.at DESC LIMIT 1
) w ON true
LEFT JOIN LATERAL (
  SELECT CASE WHEN missed_at IS NULL THEN greatest(started_at, ended_at) ELSE started_at END AS heard_at FROM call
  WHERE tenant_id = %(tenant)s AND from_address = a.address AND direction = 'in' ORDER BY started_at DESC LIMIT 1
) k ON true
LEFT JOIN LATERAL (
  SELECT missed_at, direction = 'in' AND from_address = a.address AS is_theirs FROM call
  WHERE tenant_id = %(tenant)s AND id = a.call_id
) l ON true
LEFT JOIN LATERAL (
  SELECT bool_or(body ~ '\\mSTOP\\M') AS stop_said,
    count(*) FILTER (WHERE automatic AND at > a.at - interval '10 minutes') AS automatic_10m,
    count(*) FILTER (WHERE touch AND at > a.at - interval '1 day') AS touches_24h,
    count(*) FILTER (WHERE touch AND at > a.at - interval '7 days') AS touches_7d,
    min(at) FILTER (WHERE touch AND at > a.at - interval '1 day') AS oldest_touch_24h,
    min(at) FILTER (WHERE touch AND at > a.at - interval '7 days') AS oldest_touch_7d,
    count(*) FILTER (WHERE offer AND at > a.at - interval '1 day') AS marketing_24h,
    min(at) FILTER (WHERE offer AND at > a.at - interval '1 day') AS oldest_marketing_24h,
    bool_or(kind = 'text_back' AND call_id IS DISTINCT FROM a.call_id
            AND at > a.at - make_interval(hours => t.text_back_window_hours)) AS texted_back
  FROM (
    SELECT at, body, purpose, kind, call_id, author_name IS NULL AND purpose <> 'staff' AS automatic,
      author_name IS NULL AND purpose IN ('informational', 'follow_up', 'marketing') AS touch,
      purpose IN ('follow_up', 'marketing') AS offer
    FROM message m
    WHERE m.tenant_id = %(tenant)s AND m.to_address = a.address AND m.direction = 'out'
      AND m.at > a.at - interval '30 days' AND m.id IS DISTINCT FROM a.message_id
      AND m.state NOT IN ('failed', 'undelivered', 'refused', 'cancelled', 'expired')
  ) said
) o ON true
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE at > a.at - interval '1 day') AS touches_24h, count(*) AS touches_7d,
    min(at) FILTER (WHERE at > a.at - interval '1 day') AS oldest_24h, min(at) AS oldest_7d
  FROM message m
  WHERE m.tenant_id = %(tenant)s AND m.conversation_id = a.conversation_id AND m.at > a.at - interval '7 days'
    AND m.direction = 'out' AND m.channel <> a.channel AND m.author_name IS NULL
    AND m.purpose IN ('informational', 'follow_up', 'marketing')
    AND m.state NOT IN ('failed', 'undelivered', 'refused', 'cancelled', 'expired')
) x ON true
ORDER BY a.n
"""
# A single ask is no array of one: for an array the planner never settles, and planning costs more than reading.
GATHER_ONE = GATHER.format(
    asks="(SELECT CAST(%(channel)s AS text), CAST(%(address)s AS text), CAST(%(at)s AS timestamptz), "
    "CAST(%(conversation)s AS uuid), CAST(%(message)s AS uuid), CAST(%(call)s AS uuid), "
    "CAST(%(appointment)s AS uuid), CAST(%(enrollment)s AS uuid), 1)"
)
GATHER_MANY = GATHER.format(
    asks="unnest(CAST(%(channel)b AS text[]), CAST(%(address)b AS text[]), CAST(%(at)b AS timestamptz[]), "
    "CAST(%(conversation)b AS uuid[]), CAST(%(message)b AS uuid[]), CAST(%(call)b AS uuid[]), "
    "CAST(%(appointment)b AS uuid[]), CAST(%(enrollment)b AS uuid[])) WITH ORDINALITY"
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
    rows = session.run(statement, {"tenant": session.tenant_id, **columns}).mappings().all()
    return _share([_known(ask, dict(row)) for ask, row in zip(asks, rows, strict=True)])


def _share(known: list[Known]) -> list[Known]:
    """Of many asked together each one leaves the next so much less of what the spend cap still allows."""
    before = 0
    for place, one in enumerate(known):
        if one.facts.segments_left is not None:
            segments = measure(one.ask.body).segments
            left = int(one.facts.segments_left) - before
            known[place] = replace(one, facts=replace(one.facts, segments=segments, segments_left=left))
            before += segments
    return known


def _columns(ask: Ask) -> Json:
    columns: Json = {"channel": ask.channel, "address": ask.address, "at": ask.at, "conversation": ask.conversation_id}
    columns |= {"message": ask.message_id, "call": ask.call_id, "appointment": ask.appointment_id}
    return columns | {"enrollment": ask.enrollment_id}


def _known(ask: Ask, row: Json) -> Known:
    name = row.pop("tenant_name")
    _add_other_channels(row)
    row["plan"] = _standing(row, ask.at)
    for state in ("state", "tenant_state"):
        row[state] = row[state] if row[state] and is_state(row[state]) else None
    for zone in ("zone", "tenant_zone"):
        row[zone] = row[zone] if row[zone] and is_zone(row[zone]) else None
    asked: Json = {"address": ask.address, "purpose": ask.purpose, "kind": ask.kind, "at": ask.at, "lane": ask.lane}
    asked |= {
        "channel": ask.channel,
        "phase": ask.phase,
        "by_person": ask.by_person,
        "expires_at": ask.expires_at,
        "sender": ask.sender,
        "appointment_version": ask.appointment_version,
    }
    return Known(ask, Facts(**asked, **row, **about_words(ask.body, name, ask.files)), name)


def _standing(row: Json, at: datetime) -> str | None:
    stands = standings.standing_at(row.pop("standing"), row.pop("standing_until"), row.pop("made_at"), at)
    return None if stands == "self_hosted" else stands


def _add_other_channels(row: Json) -> None:
    """A touch is a touch, whichever way it came."""
    for span in ("24h", "7d"):
        row[f"touches_{span}"] += row.pop(f"other_{span}")
        oldest = (row[f"oldest_touch_{span}"], row.pop(f"other_oldest_{span}"))
        row[f"oldest_touch_{span}"] = min((at for at in oldest if at), default=None)
