"""The blueprint: a few questions that find where leads leak, and the playbook that they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from groundwork.database import Json, ScopedSession
from hallway import playbooks
from hallway.appointments import rules
from hallway.followup import MomentKind, Sequence, sequences, switching
from hallway.playbooks import own_wording
from tenants.models import Tenant


@dataclass(frozen=True)
class Leak:
    """A moment at which leads get lost: what it looks like, and what closes it."""

    moment: MomentKind
    question: str
    example: str
    cure: str


LEAKS = (
    Leak(
        "missed_call",
        "Calls nobody picks up",
        "On a ladder, driving, after six",
        "A text within seconds, then two gentle reminders until they answer",
    ),
    Leak(
        "form",
        "Website requests answered late",
        "Read in the evening, when they already called somebody else",
        "An answer at once, and questions until address and time are known",
    ),
    Leak(
        "estimate",
        "Estimates that go quiet",
        "Sent, and never heard of again",
        "Polite follow-up over two weeks that stops when they decide",
    ),
    Leak(
        "no_show",
        "Nobody home",
        "The crew stands before a locked door",
        "Reminders the day before and that morning, and a new date after a no-show",
    ),
    Leak(
        "past_customer",
        "Past customers never called again",
        "The tune-up that was due last spring",
        "A text to those gone quiet, once they agreed to offers; you start it yourself",
    ),
)
WHO = {
    "me": "I do, between jobs",
    "office": "Somebody in the office",
    "service": "An answering service",
    "nobody": "Mostly voicemail",
}
SOFTWARE = {
    "none": "Paper, phone, spreadsheet",
    "servicetitan": "ServiceTitan",
    "housecallpro": "Housecall Pro",
    "jobber": "Jobber",
    "workiz": "Workiz",
    "other": "Something else",
}
RATES = "Msg & data rates may apply."
SHORT, FULL = "short", "full"
COMPLIANCE = {
    SHORT: "Short: your name and “Reply STOP to opt out”",
    FULL: f"Full: also “{RATES}”, as some carriers and lawyers like it",
}
TEXTED = ("open", "after_hours", "busy", "holiday")


@dataclass(frozen=True)
class Line:
    """One thing the playbook does, or leaves alone, and why."""

    title: str
    why: str
    on: bool
    leads_to: str


def propose(answers: Mapping[str, Any]) -> list[Line]:
    """What these answers lead to, in words. `answers` is {"leaks": [...], "who", "software", "reminds", "wording"}."""
    leaks = set(answers.get("leaks", []))
    lines = [Line(leak.question, leak.cure, leak.moment in leaks, "/sequences") for leak in LEAKS]
    if answers.get("reminds"):
        software = SOFTWARE.get(str(answers.get("software")), "Your software")
        why = f"{software} already does it; two reminders for one visit annoy people"
        lines.append(Line("Appointment reminders", why, False, "/settings/appointments"))
    else:
        why = "The day before at 10 am and on the morning of the visit"
        lines.append(Line("Appointment reminders", why, True, "/settings/appointments"))
    full = answers.get("wording") == FULL
    lines.append(Line(RATES, "Stands in every first text to a caller", full, "/settings/wording"))
    return lines


def apply(session: ScopedSession, tenant: Tenant, answers: Json, by: str) -> None:
    """Switch the trade's sequences on and off, say who reminds, and put the wording in. Again with others: changes.

    Wording that somebody wrote by hand stays.
    """
    leaks = set(answers["leaks"])
    for leak in LEAKS:
        _switch(session, leak.moment, on=leak.moment in leaks)
    remind = rules.to_change(session)
    remind.day_before_by = remind.morning_of_by = "dispatch" if answers["reminds"] else "hallway"
    for situation in TEXTED:
        _word(session, tenant, f"text_back.{situation}", full=answers["wording"] == FULL, by=by)


def _switch(session: ScopedSession, moment: MomentKind, *, on: bool) -> None:
    sequences.install(session, moment)
    for sequence in session.scalars(select(Sequence).where(Sequence.moment == moment, Sequence.key == moment)):
        # Nobody is written to for an offer because of a tick in a questionnaire.
        switching.switch(session, sequence, on=on and moment != "past_customer")


def _word(session: ScopedSession, tenant: Tenant, key: str, *, full: bool, by: str) -> None:
    trade = playbooks.default_wording(tenant.trade, key)
    now = own_wording.source_for(session, tenant, key)
    if now in (trade, with_rates(trade)):
        own_wording.save(session, tenant, key, with_rates(trade) if full else trade, by)


def with_rates(source: str) -> str:
    """The wording with the carriers' sentence before the way out."""
    head, stop, tail = source.rpartition("Reply STOP")
    return f"{head}{RATES} {stop}{tail}" if stop else f"{source} {RATES}"
