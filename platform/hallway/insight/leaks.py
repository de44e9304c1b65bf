"""The eight signs that leads leak, measured from the business's own last month, each with what closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import text

from groundwork import clock
from groundwork.database import Json, ScopedSession
from hallway.insight.health import earliest_id
from tenants.models import Tenant

LATELY, FOR_PRICES = timedelta(days=30), timedelta(days=90)
ANSWER_WITHIN = timedelta(hours=1)
FORM_WITHIN = timedelta(minutes=5)
SILENT_AFTER, QUIET_AFTER = timedelta(days=3), timedelta(days=365)
MOST_COUNTED = 10_000  # past customers; more are not told apart
Level = Literal["leaks", "tight", "unknown"]

# Callers of the last month by whether they were texted, answered, and chased; each caller once.
CALLS = text("""
WITH caller AS (
  SELECT from_address, conversation_id, min(missed_at) AS at, bool_or(text_back_message_id IS NOT NULL) AS texted,
    bool_and(situation IN ('after_hours', 'holiday')) AS closed
  FROM call WHERE tenant_id = :tenant AND direction = 'in' AND outcome = 'missed' AND caller_kind = 'ordinary'
    AND started_at >= :lately AND missed_at IS NOT NULL
  GROUP BY from_address, conversation_id
), told AS (
  SELECT c.*, texted AND at < :now - interval '1 day' AS ripe,
    EXISTS (SELECT FROM message m WHERE m.tenant_id = :tenant AND m.conversation_id = c.conversation_id
      AND m.at > c.at AND m.direction = 'in')
    OR EXISTS (SELECT FROM call a WHERE a.tenant_id = :tenant AND a.conversation_id = c.conversation_id
      AND a.started_at > c.at AND a.answered_at IS NOT NULL) AS reached,
    EXISTS (SELECT FROM enrollment e WHERE e.tenant_id = :tenant AND e.conversation_id = c.conversation_id
      AND e.started_at >= c.at) AS chased
  FROM caller c
)
SELECT count(*) FILTER (WHERE NOT closed) AS callers, count(*) FILTER (WHERE NOT closed AND NOT texted) AS untexted,
  count(*) FILTER (WHERE closed) AS at_night, count(*) FILTER (WHERE closed AND NOT texted) AS night_untexted,
  count(*) FILTER (WHERE ripe) AS ripe, count(*) FILTER (WHERE ripe AND NOT reached AND NOT chased) AS let_go
FROM told
""")
# Leads of the last month, and those whom no person answered within the hour.
LEADS = text("""
SELECT count(*) AS leads, count(*) FILTER (WHERE coalesce(w.at, 'infinity') > l.created_at + :within
    AND coalesce(p.at, 'infinity') > l.created_at + :within) AS late
FROM lead l
LEFT JOIN LATERAL (SELECT min(m.at) AS at FROM message m WHERE m.tenant_id = :tenant
  AND m.conversation_id = l.conversation_id AND m.at > l.created_at AND m.direction = 'out' AND m.kind = 'person') w
  ON true
LEFT JOIN LATERAL (SELECT min(c.answered_at) AS at FROM call c WHERE c.tenant_id = :tenant
  AND c.conversation_id = l.conversation_id AND c.answered_at > l.created_at) p ON true
WHERE l.tenant_id = :tenant AND l.id >= :first AND l.created_at BETWEEN :lately AND :now - :within
""")
PAPERS = text("""
SELECT f.*, e.*, n.*, q.* FROM
(SELECT count(*) AS forms, count(*) FILTER (WHERE replied_at IS NULL OR replied_at > at + :form_within) AS forms_late
  FROM form_submission WHERE tenant_id = :tenant AND state = 'done' AND id >= :first
    AND at BETWEEN :lately AND :now - :form_within) f,
(SELECT count(*) AS prices, count(*) FILTER (WHERE left_alone) AS silent,
    coalesce(sum(amount_cents) FILTER (WHERE left_alone), 0) AS silent_cents
  FROM (SELECT s.amount_cents, NOT EXISTS (SELECT FROM enrollment r WHERE r.tenant_id = :tenant
      AND r.conversation_id = s.conversation_id AND r.started_at >= s.sent_at)
    AND NOT EXISTS (SELECT FROM message m WHERE m.tenant_id = :tenant AND m.conversation_id = s.conversation_id
      AND m.at > s.sent_at AND m.direction = 'in') AS left_alone
    FROM estimate s WHERE s.tenant_id = :tenant AND s.state = 'sent'
      AND s.sent_at BETWEEN :prices_since AND :silent_before) s) e,
(SELECT count(*) AS no_shows, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM enrollment r WHERE r.tenant_id = :tenant
      AND r.conversation_id = a.conversation_id AND r.started_at >= a.over_at)
    AND NOT EXISTS (SELECT FROM appointment b WHERE b.tenant_id = :tenant AND b.conversation_id = a.conversation_id
      AND b.starts_at > a.starts_at)) AS no_shows_left
  FROM appointment a WHERE a.tenant_id = :tenant AND a.status = 'no_show'
    AND a.starts_at BETWEEN :prices_since AND :now) n,
(SELECT (SELECT count(*) FROM (SELECT FROM conversation v WHERE v.tenant_id = :tenant
      AND v.last_event_at < :quiet_before LIMIT :most) old)
    + (SELECT count(*) FROM (SELECT FROM contact c WHERE c.tenant_id = :tenant AND c.list_id IS NOT NULL
      AND c.details->>'last_job' < :quiet_day LIMIT :most) listed) AS quiet,
  (SELECT count(*) FROM (SELECT FROM contact c WHERE c.tenant_id = :tenant LIMIT :most) everybody) AS known) q
""")
SWITCHES = text("""
SELECT moment, bool_or(enabled) AS on FROM sequence WHERE tenant_id = :tenant AND archived_at IS NULL GROUP BY moment
""")


@dataclass(frozen=True)
class Sign:
    """One sign. `count` of `total` leaked; `fix` is the words of the button and `where` its page.

    `level`: it leaks, it is tight, or there was nothing to measure yet.
    """

    key: str
    title: str
    count: int
    total: int
    words: str
    fix: str
    where: str

    @property
    def level(self) -> Level:
        if self.total == 0:
            return "unknown"
        return "leaks" if self.count else "tight"


def signs(session: ScopedSession) -> list[Sign]:
    """The eight, always in the same order. Four statements, all by index, and the business itself."""
    now = clock.now()
    tenant = session.get_one(Tenant, session.tenant_id)
    found: Json = {}
    for statement in (CALLS, LEADS, PAPERS):
        found |= session.execute(statement, _bounds(session, statement, now)).mappings().one()
    switched = {row.moment: row.on for row in session.execute(SWITCHES, {"tenant": session.tenant_id})}
    return [make(found, tenant, switched) for make in SIGNS]


def leaking(found: list[Sign]) -> list[Sign]:
    """Those that leak, the most first."""
    return sorted((sign for sign in found if sign.level == "leaks"), key=lambda sign: -sign.count)


def _bounds(session: ScopedSession, statement: Any, now: datetime) -> Json:
    every: Json = {"tenant": session.tenant_id, "now": now, "lately": now - LATELY, "first": earliest_id(now - LATELY)}
    every |= {"within": ANSWER_WITHIN, "form_within": FORM_WITHIN, "prices_since": now - FOR_PRICES}
    every |= {"silent_before": now - SILENT_AFTER, "quiet_before": now - QUIET_AFTER, "most": MOST_COUNTED}
    every["quiet_day"] = (now - QUIET_AFTER).date().isoformat()
    return {name: every[name] for name in statement.compile().params}


Switched = Mapping[str, bool]
Maker = Callable[[Json, Tenant, Switched], Sign]


def _untexted(found: Json, tenant: Tenant, _switched: Switched) -> Sign:
    words = "Callers you missed in the last 30 days who got no text. Most of them call somebody else next."
    fix = ("Call them back", "/tasks") if tenant.text_back_enabled else ("Switch texting back on", "/settings/business")
    return Sign("untexted", "Missed and not texted back", found["untexted"], found["callers"], words, *fix)


def _late(found: Json, _tenant: Tenant, _switched: Switched) -> Sign:
    words = "Leads of the last 30 days whom no person answered within an hour. Machines greet; people win the job."
    return Sign(
        "late",
        "Waited over an hour for a person",
        found["late"],
        found["leads"],
        words,
        "Set who is told",
        "/settings/routing",
    )


def _forms(found: Json, _tenant: Tenant, _switched: Switched) -> Sign:
    words = "Web requests of the last 30 days not answered within five minutes, by anybody or anything."
    return Sign(
        "forms",
        "Forms answered late",
        found["forms_late"],
        found["forms"],
        words,
        "Look at your forms",
        "/settings/forms",
    )


def _estimates(found: Json, _tenant: Tenant, switched: Switched) -> Sign:
    words = f"Estimates older than three days that nobody chases, worth ${found['silent_cents'] / 100:,.0f}."
    fix = ("Open them", "/estimates?state=sent") if switched.get("estimate") else ("Switch follow-up on", "/sequences")
    return Sign("estimates", "Silent estimates", found["silent"], found["prices"], words, *fix)


def _no_shows(found: Json, _tenant: Tenant, switched: Switched) -> Sign:
    words = "Visits of the last 90 days where nobody was home, with no new date and no follow-up since."
    fix = ("Open the calendar", "/appointments") if switched.get("no_show") else ("Switch follow-up on", "/sequences")
    return Sign("no_shows", "Nobody home, and left at that", found["no_shows_left"], found["no_shows"], words, *fix)


def _past(found: Json, _tenant: Tenant, switched: Switched) -> Sign:
    words = "People not heard of for a year. They know you; a tune-up reminder costs cents."
    fix = ("Look at reactivation" if switched.get("past_customer") else "Switch reactivation on", "/sequences")
    return Sign("past", "Past customers gone quiet", found["quiet"], found["known"], words, *fix)


def _nights(found: Json, tenant: Tenant, _switched: Switched) -> Sign:
    words = "Callers of the last 30 days who rang after hours or on a holiday and got no text."
    fix = (
        ("Check your hours", "/settings/hours")
        if tenant.text_back_enabled
        else ("Switch texting back on", "/settings/business")
    )
    return Sign("nights", "After hours and unheard", found["night_untexted"], found["at_night"], words, *fix)


def _let_go(found: Json, _tenant: Tenant, switched: Switched) -> Sign:
    words = "Callers who got one text, never answered, and were not asked again. A second text brings many back."
    fix = (
        ("Read the wording", "/settings/wording")
        if switched.get("missed_call")
        else ("Switch follow-up on", "/sequences")
    )
    return Sign("let_go", "Texted once, then forgotten", found["let_go"], found["ripe"], words, *fix)


SIGNS: tuple[Maker, ...] = (_untexted, _late, _forms, _estimates, _no_shows, _past, _nights, _let_go)
