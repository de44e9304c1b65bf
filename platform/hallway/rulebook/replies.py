"""What a person's text asks for: an opt-out above all, then help, preferences, appointments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hallway.rulebook import reply_appointments as appointments
from hallway.rulebook import reply_doubts as doubts
from hallway.rulebook import reply_labels as labels
from hallway.rulebook import reply_words as words
from hallway.rulebook.reply_look_past import FOOTER, LOOK_PAST, LOOK_PAST_PERSON
from hallway.rulebook.reply_opt_out import STOPS
from hallway.rulebook.reply_opt_out_other import CJK, LOOK_PAST_ES, OPT_OUT_ES
from hallway.rulebook.reply_refusals import REFUSALS
from hallway.rulebook.reply_rules import KEYWORD, SERVICE, Rule
from hallway.rulebook.reply_spelling import keyword_meant
from hallway.rulebook.reply_text import END, plain
from hallway.rulebook.reply_threats import THREATS

VERSION = "2026-11-23"

Label = Literal[
    "opt_out",
    "opt_in",
    "help",
    "partial_opt_out",
    "wrong_number",
    "confirm_appointment",
    "reschedule_appointment",
    "cancel_appointment",
    "doubtful",
    "ordinary",
]


@dataclass(frozen=True)
class Reply:
    """The label, the rule that gave it (stable id, kept with the decision) and the version of the rules."""

    label: Label
    rule: str
    version: str = VERSION


# Twilio's default words on long codes; the carrier acts only when the whole body is one of them.
_CARRIER: dict[str, Literal["STOP", "START", "HELP"]] = {
    **dict.fromkeys(("stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"), "STOP"),
    **dict.fromkeys(("start", "yes", "unstop"), "START"),
    **dict.fromkeys(("help", "info"), "HELP"),
}

_CJK = re.compile(CJK)
_TAPBACK = re.compile(doubts.TAPBACK, re.IGNORECASE | re.DOTALL)
_NOT_ME = re.compile(labels.NOT_ME)
_LOOK_PAST = re.compile("|".join(rf"(?<!\w)(?:{one})(?!\w)" for one in (*LOOK_PAST_PERSON, *LOOK_PAST, *LOOK_PAST_ES)))
_SERVICE = re.compile(rf"\b{SERVICE}(?!\w)")
_VISIT = re.compile(r"\b(?:appointments?|visits?|service|plan|account|order|project|estimate|quote|mowing)(?!\w)")
_BARE_STOP = re.compile(r"\b(?:stop|stopall|unsubscribe|optout|cease)(?!\w)")
_STOP_WORD = re.compile(r"\b(?:stop|stopall|unsubscribe|optout|cease)(?!\w)")
_MESSAGE_WORD = re.compile(r"\b(?:texts?|texting|messages?|messaging|contacting|sms|notifications?|alerts?)(?!\w)")
_EXCUSE = re.compile(
    rf"\b(?:{SERVICE}|if|when|until|unless|before|after|what|does|him|her|them|emails?|emailing"
    r"|newsletters?|fine)(?!\w)"
)
_LAUGHTER = re.compile(r"\b(?:(?:ha){2,}\w*|hehe|lmao|rofl|hilarious|too funny|so funny)(?!\w)")
_ASKS_HOW = re.compile(r"(?:how|what|should|can i|is there|is it|any way|who|where)\b")
_ASKS = re.compile(rf"^(?:what|does|do|is|if) .*\b{KEYWORD}(?!\w)")


def carrier_keyword(text: str) -> Literal["STOP", "START", "HELP"] | None:
    """The word the carrier itself acts on and answers: only an exact whole body, in any case."""
    return _CARRIER.get(text.strip().lower())


def classify_reply(text: str) -> Reply:
    """Label one inbound body. Never raises; an empty or unreadable body is ordinary."""
    if _TAPBACK.match(text[:2000]):
        return Reply("ordinary", "ordinary.tapback")
    said = plain(text)
    if not said:
        return Reply("ordinary", "ordinary.empty")
    return _keyword(said) or _wording(said, text) or Reply("ordinary", "ordinary")


def _keyword(said: str) -> Reply | None:
    """The whole message is a keyword, give or take courtesy."""
    core = _without_courtesy(said)
    tables: tuple[tuple[frozenset[str], Label, str], ...] = (
        (words.STRONG | words.BARE, "opt_out", "opt_out.keyword"),
        (words.HELP, "help", "help.keyword"),
        (words.START, "opt_in", "opt_in.keyword"),
        (words.CONFIRM, "confirm_appointment", "confirm.keyword"),
        (words.RESCHEDULE, "reschedule_appointment", "reschedule.keyword"),
    )
    for form in (said, core):
        for table, label, rule_id in tables:
            if form in table:
                return Reply(label, f"{rule_id}.{form.replace(' ', '_')}")
    if meant := keyword_meant(core):
        return Reply("opt_out", f"opt_out.keyword.{meant}")
    if not words.SINGLE.isdisjoint(tokens := core.split()) and words.LISTED.issuperset(tokens):
        return Reply("opt_out", "opt_out.keywords")
    return None


def _wording(said: str, text: str) -> Reply | None:
    if found := _first(doubts.AUTOMATIC, said):
        return Reply("ordinary", found)
    if found := _first(labels.OPT_IN_UNDO, said):
        return Reply("opt_in", found)
    return _request(said) or _other(said, text)


def _request(said: str) -> Reply | None:
    """An opt-out, whole or partial. The partial wording is cut out first: a wider request beside it wins."""
    footless = FOOTER.sub(f" {END} ", said).strip(f" {END},") if len(said.split()) > 8 else said
    partial = _first(labels.PARTIAL, footless)
    rest = _cut(footless, (rule.pattern for rule in labels.PARTIAL)) if partial else footless
    if found := _opt_out(rest):
        joking = _LAUGHTER.search(said) and not _MESSAGE_WORD.search(said)
        return Reply("doubtful", "doubtful.joking") if joking else Reply("opt_out", found)
    return Reply("partial_opt_out", partial) if partial else None


def _opt_out(said: str) -> str | None:
    rest = _cut(said, (_LOOK_PAST,))
    if found := _first((*STOPS, *REFUSALS, *THREATS, *OPT_OUT_ES), rest):
        return found
    if _CJK.search(said):
        return "opt_out.other_language"
    clauses = [_without_courtesy(clause) for clause in re.split(r"[|,]", rest)]
    if any(clause in words.STRONG for clause in clauses) and not _SERVICE.search(clauses[-1]):
        return "opt_out.clause"
    if re.split(r"[|]", said)[-1].strip() in ("quit", "end") and len(clauses) > 1:
        return "opt_out.last_word"
    return _near_a_message(rest) or _short(rest)


def _near_a_message(rest: str) -> str | None:
    """An unexplained stop word and a word for messages in one sentence, with nothing about the work."""
    for clause in rest.split(END):
        if _STOP_WORD.search(clause) and _MESSAGE_WORD.search(clause) and not _EXCUSE.search(clause):
            return "opt_out.stop_near_message"
    return None


def _short(rest: str) -> str | None:
    """Three words or fewer with a stop word and nothing about the work: better lost than a breach."""
    tokens = [word for word in rest.split() if word not in (END, ",")]
    content = [word for word in tokens if word not in words.COURTESY]
    about_work = _SERVICE.search(rest) or _VISIT.search(rest)
    if len(content) <= 3 and _BARE_STOP.search(rest) and not about_work and not _ASKS.search(rest):
        return "opt_out.short"
    return None


def _other(said: str, text: str) -> Reply | None:
    """Everything that is no request to be left alone."""
    if found := _first(labels.OPT_IN, said):
        return Reply("opt_in", found)
    if labels.EMAIL_ONLY.pattern.search(said):
        return Reply("ordinary", labels.EMAIL_ONLY.id)
    if found := _first(labels.WRONG_NUMBER, said) or _first((labels.NOT_ME_LOWER,), said) or _not_me(text):
        return Reply("wrong_number", found)
    said = _cut(said, (appointments.LOOK_PAST_APPOINTMENTS,))
    tables: tuple[tuple[Iterable[Rule], Label], ...] = (
        (doubts.DOUBTFUL, "doubtful"),
        (appointments.RESCHEDULE, "reschedule_appointment"),
        (appointments.CANCEL, "cancel_appointment"),
        (labels.HELP, "help"),
        (appointments.CONFIRM, "confirm_appointment"),
        ((doubts.DECLINE,), "ordinary"),
    )
    for rules, label in tables:
        if found := _first(rules, said):
            return Reply(label, found)
    return _unclear(said)


def _unclear(said: str) -> Reply | None:
    rest = _cut(said, (_LOOK_PAST,))
    if _BARE_STOP.search(rest) and not _ASKS_HOW.match(said) and not _SERVICE.search(said) and len(said.split()) <= 10:
        return Reply("doubtful", "doubtful.stop_word")
    return None


def _not_me(text: str) -> str | None:
    found = _NOT_ME.search(text[:300])
    name = (found["name"] or found["other"]) if found else ""
    return "wrong_number.name" if name and name.lower() not in labels.NOT_NAMES else None


def _first(rules: Iterable[Rule], said: str) -> str | None:
    return next((rule.id for rule in rules if rule.pattern.search(said)), None)


def _cut(said: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        said = pattern.sub(" _ ", said)
    return re.sub(r" +", " ", said).strip()


def _without_courtesy(clause: str) -> str:
    tokens = [word for word in clause.split() if word not in (END, ",")]
    while tokens and tokens[0] in words.COURTESY:
        tokens.pop(0)
    while tokens and tokens[-1] in words.COURTESY:
        tokens.pop()
    collapsed = [word for i, word in enumerate(tokens) if i == 0 or word != tokens[i - 1]]
    return " ".join(collapsed)
