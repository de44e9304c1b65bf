"""What a person's text asks for: an opt-out above all, then help, preferences, appointments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hallway.rulebook import reply_appointments as appointments
from hallway.rulebook import reply_identity as identity
from hallway.rulebook import reply_preferences as preferences
from hallway.rulebook import reply_words as words
from hallway.rulebook.reply_likeness import likeness
from hallway.rulebook.reply_look_past import FOOTER, LOOK_PAST, LOOK_PAST_PERSON
from hallway.rulebook.reply_notation import Rule
from hallway.rulebook.reply_opt_out import STOPS
from hallway.rulebook.reply_other_languages import CJK, LOOK_PAST_ES, OTHERS
from hallway.rulebook.reply_refusals import REFUSALS
from hallway.rulebook.reply_spelling import keyword_meant
from hallway.rulebook.reply_text import END, plain
from hallway.rulebook.reply_threats import THREATS
from hallway.rulebook.reply_vocabulary import notation

# How much like an opt-out a text must read (see reply_likeness) to be one, to be doubtful, or to be doubted.
SURE, MAYBE, UNLIKE = 0.85, 0.5, 0.25
SURER = 0.97  # where something else speaks against it
OVERRULED = {"ordinary", "doubtful", "opt_in", "help", "cancel_appointment", "reschedule_appointment"}
# Stands where wording was cut out.
CUT = "_"
VERSION = "2026-11-28"

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

_KEYWORDS: tuple[tuple[frozenset[str], Label, str], ...] = (
    (words.STRONG | words.BARE, "opt_out", "opt_out.keyword"),
    (words.HELP, "help", "help.keyword"),
    (words.START, "opt_in", "opt_in.keyword"),
    (words.CONFIRM, "confirm_appointment", "confirm.keyword"),
    (words.RESCHEDULE, "reschedule_appointment", "reschedule.keyword"),
)
_WORK = notation.pattern("WORK")
_BUSINESS = notation.pattern("WORK/VISIT/plan/account/order/project/emailing/mailing/emails")
_STOP_WORD = notation.pattern("stop/stopall/unsubscribe/optout/cease")
_MESSAGE_WORD = notation.pattern(
    "text/texts/texting/message/messages/messaging/contacting/sms/notification~/alert/alerts"
)
_EXCUSE = notation.pattern(
    "WORK/if/when/until/unless/before/after/what/does/him/her/them/email/emails/emailing/newsletter~/fine"
)
_LAUGHTER = notation.pattern("haha~/hehe~/lmao/rofl/hilarious/ahah~ / too/so funny")
_ASKS_HOW = notation.pattern("^^ how/what/should/who/where / ^^ can i / ^^ is there/it / ^^ any way")
_ASKS = notation.pattern("^^ what/does/do/is/if ..12 KEYWORD")
_REASON = notation.pattern("^^ no/not/i/im/ive/we/weve/were/my/our/already/you/youre/who/this/dont/never/nobody/thanks")


def carrier_keyword(text: str) -> Literal["STOP", "START", "HELP"] | None:
    """The word the carrier itself acts on and answers: only an exact whole body, in any case."""
    return _CARRIER.get(text.strip().lower())


def classify_reply(text: str) -> Reply:
    """Label one inbound body. Never raises; an empty or unreadable body is ordinary."""
    if preferences.TAPBACK.match(text[:2000]):
        return Reply("ordinary", "ordinary.tapback")
    said = plain(text)
    if not said:
        return Reply("ordinary", "ordinary.empty")
    return _keyword(said, text) or _second_opinion(
        _wording(notation.marked(said), text) or Reply("ordinary", "ordinary"), said
    )


def _second_opinion(found: Reply, said: str) -> Reply:
    """What no rule knows may still read like an opt-out; where the two disagree, a person decides."""
    like = likeness(said)
    if found.label == "opt_out" and like < UNLIKE and not _says_it_by_itself(said):
        return Reply("doubtful", "doubtful.unlike_others")
    if found.label in OVERRULED and like >= SURE and (found.label != "doubtful" or _is_sure(said, like)):
        return Reply("opt_out", "opt_out.like_others")
    if found.label == "ordinary" and like >= MAYBE:
        return Reply("doubtful", "doubtful.like_others")
    return found


def _says_it_by_itself(said: str) -> bool:
    """One of several sentences is an opt-out for sure, whatever else they talk of."""
    return any(_is_sure(one, likeness(one)) for one in map(str.strip, said.split(END)))


def _is_sure(said: str, like: float) -> bool:
    """One word is too little to overrule a doubt by."""
    return like >= SURER and " " in said


def _keyword(said: str, text: str) -> Reply | None:
    """The whole message is a keyword, give or take courtesy, or a slip of one."""
    core = _without_courtesy(said)
    for form in (said, core):
        for table, label, rule_id in _KEYWORDS:
            if form in table:
                if form in words.BARE and text.rstrip().endswith("?"):
                    return Reply("doubtful", "doubtful.asked")
                return Reply(label, f"{rule_id}.{form.replace(' ', '_')}")
    if meant := keyword_meant(core):
        return Reply("opt_out", f"opt_out.keyword.{meant}")
    if not words.SINGLE.isdisjoint(tokens := core.split()) and words.LISTED.issuperset(tokens):
        return Reply("opt_out", "opt_out.keywords")
    return None


def _wording(said: str, text: str) -> Reply | None:
    found = _first(preferences.AUTOMATIC, said)
    if found and not preferences.ASKS_PLAINLY.search(said):
        return Reply("ordinary", found)
    if found := _first(preferences.OPT_IN_UNDO, said):
        return Reply("opt_in", found)
    return _request(said) or _other(said, text)


def _request(said: str) -> Reply | None:
    """An opt-out, whole or partial. The partial wording is cut out first: a wider request beside it wins."""
    footless = _cut(said, (FOOTER,), f" {END}") if len(said.split()) > 8 else said
    partial = _first(preferences.PARTIAL, footless)
    rest = _cut(footless, (rule.pattern for rule in preferences.PARTIAL)) if partial else footless
    if found := _opt_out(rest):
        joking = _LAUGHTER.search(said) and not _MESSAGE_WORD.search(said)
        return Reply("doubtful", "doubtful.joking") if joking else Reply("opt_out", found)
    return Reply("partial_opt_out", partial) if partial else None


def _opt_out(said: str) -> str | None:
    rest = _cut(said, (LOOK_PAST_PERSON, LOOK_PAST, LOOK_PAST_ES))
    if found := _first((*STOPS, *REFUSALS, *THREATS, *OTHERS), rest):
        return found
    if CJK.search(said):
        return "opt_out.other_language"
    clauses = [_without_courtesy(clause) for clause in re.split(r"[|,]", rest)]
    if any(clause in words.STRONG for clause in clauses) and not _WORK.search(f" {clauses[-1]}"):
        return "opt_out.clause"
    if re.split(r"[|]", said)[-1].strip() in ("quit", "end", "enough") and len(clauses) > 1:
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
    content = [word for word in rest.split() if word not in (END, ",", CUT) and word not in words.COURTESY]
    if len(content) <= 3 and _STOP_WORD.search(rest) and not _BUSINESS.search(rest) and not _ASKS.search(rest):
        return "opt_out.short"
    return None


def _other(said: str, text: str) -> Reply | None:
    """Everything that is no request to be left alone."""
    if found := _first(preferences.OPT_IN, said):
        return Reply("opt_in", found)
    if found := _first(preferences.EMAIL_ONLY, said):
        return Reply("ordinary", found)
    if found := _first((*identity.WRONG_NUMBER, *identity.NOT_ME_LOWER), said) or _not_me(text):
        return Reply("wrong_number", found)
    said = _cut(said, (appointments.LOOK_PAST_APPOINTMENTS,))
    tables: tuple[tuple[tuple[Rule, ...], Label], ...] = (
        (preferences.DOUBTFUL, "doubtful"),
        (appointments.RESCHEDULE, "reschedule_appointment"),
        (appointments.CANCEL, "cancel_appointment"),
        (identity.HELP, "help"),
        (appointments.CONFIRM, "confirm_appointment"),
        (preferences.DECLINE, "ordinary"),
    )
    for rules, label in tables:
        if found := _first(rules, said):
            return Reply(label, found)
    return _unclear(said)


def _unclear(said: str) -> Reply | None:
    rest = _cut(said, (LOOK_PAST_PERSON, LOOK_PAST, LOOK_PAST_ES))
    if _STOP_WORD.search(rest) and not _ASKS_HOW.match(said) and not _WORK.search(said) and len(said.split()) <= 10:
        return Reply("doubtful", "doubtful.stop_word")
    return None


def _not_me(text: str) -> str | None:
    if identity.WRONG_NUMBER_CJK.search(text):
        return "wrong_number.other_language"
    found = identity.NOT_ME.search(text[:300])
    name = next((name for name in found.groups() if name), "") if found else ""
    return "wrong_number.name" if name and name.lower() not in identity.NOT_NAMES else None


def _first(rules: Iterable[Rule], said: str) -> str | None:
    return next((rule.id for rule in rules if rule.pattern.search(said)), None)


def _cut(said: str, patterns: Iterable[re.Pattern[str]], left: str = f" {CUT}") -> str:
    for pattern in patterns:
        said = pattern.sub(left, said)
    return said


def _without_courtesy(clause: str) -> str:
    tokens = [word for word in clause.split() if word not in (END, ",")]
    while tokens and tokens[0] in words.COURTESY:
        tokens.pop(0)
    while tokens and tokens[-1] in words.COURTESY:
        tokens.pop()
    collapsed = [word for i, word in enumerate(tokens) if i == 0 or word != tokens[i - 1]]
    return " ".join(collapsed)
