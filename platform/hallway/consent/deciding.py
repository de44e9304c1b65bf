"""Decide: the rules of the channel, asked in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hallway.consent.decisions import Decision
from hallway.consent.facts import Channel, Facts
from hallway.consent.mail_rules import MAIL_RULES
from hallway.consent.rules import RULES, Rule

RULES_OF: Mapping[Channel, tuple[Rule, ...]] = {"sms": RULES, "email": MAIL_RULES}


def decide(facts: Facts) -> Decision:
    """The first rule that answers decides. A hold that would outlast the message's shelf life is a refusal."""
    decision = next(answer for rule in RULES_OF[facts.channel] if (answer := rule(facts)))
    return replace(_in_time(decision, facts), saw=facts.as_json())


def _in_time(decision: Decision, facts: Facts) -> Decision:
    if decision.answer != "hold" or facts.expires_at is None or decision.until is None:
        return decision
    if decision.until < facts.expires_at:
        return decision
    return replace(decision, answer="refuse", until=None, explanation=f"{decision.explanation} That would be too late.")
