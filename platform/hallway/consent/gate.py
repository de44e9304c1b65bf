"""The gate: every way out asks it, and every answer is kept with what it saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from groundwork import clock, many, metrics
from groundwork.database import Json, ScopedSession
from hallway.consent.deciding import decide
from hallway.consent.decisions import Decision
from hallway.consent.facts import Ask, Facts, about_words
from hallway.consent.gathering import Known, gather
from hallway.consent.models import GateDecision

TABLE = GateDecision.metadata.tables["gate_decision"]
OPT_OUT_LINES = {"en": "Reply STOP to opt out.", "es": "Responda STOP para cancelar."}


def may_send(session: ScopedSession, ask: Ask) -> Decision:
    """Allow, hold until, or refuse; stored with the rule that decided and the values it saw."""
    return may_send_all(session, [ask])[0]


def may_send_all(session: ScopedSession, asks: Sequence[Ask]) -> list[Decision]:
    """The same for many at once, in their order: two round trips whatever their number."""
    known = [_complete(one) for one in gather(session, asks)]
    decisions = [replace(decide(one.facts), body=one.ask.body) for one in known]
    _store(session, known, decisions)
    return decisions


def replay(stored: GateDecision) -> Decision:
    """What the rules of today answer to the values a stored decision saw: the same, unless a rule was changed."""
    return decide(Facts.from_json(stored.saw))


def _complete(known: Known) -> Known:
    """Say who writes and how to opt out, in the first automatic text to a person and once a month after that.

    CTIA Messaging Principles 5.1: the sender names itself and tells how to opt out.
    """
    facts = known.facts
    if facts.channel == "email":  # the layout says who writes and how to leave
        return known
    if facts.by_person or facts.blank or facts.stop_said or facts.purpose in ("staff", "compliance"):
        return known
    body = known.ask.body if facts.names_sender else f"{known.tenant_name}: {known.ask.body}"
    if not facts.says_stop:
        body = f"{body.rstrip()} {OPT_OUT_LINES.get(facts.language, OPT_OUT_LINES['en'])}"
    if body == known.ask.body:
        return known
    ask = replace(known.ask, body=body)
    return Known(ask, replace(facts, **about_words(body, known.tenant_name)), known.tenant_name)


def _store(session: ScopedSession, known: Sequence[Known], decisions: Sequence[Decision]) -> None:
    many.insert(session, TABLE, [_row(one.ask, decision) for one, decision in zip(known, decisions, strict=True)])
    for decision in decisions:
        metrics.gate.labels(decision.answer, decision.rule).inc()


def _row(ask: Ask, decision: Decision) -> Json:
    return {
        "address": ask.address,
        "channel": ask.channel,
        "purpose": ask.purpose,
        "phase": ask.phase,
        "answer": decision.answer,
        "rule": decision.rule,
        "explanation": decision.explanation,
        "until": decision.until,
        "saw": decision.saw,
        "message_id": ask.message_id,
        "call_id": ask.call_id,
        "asked_at": min(ask.at, clock.now()),  # a text for later is asked about for its time
    }
