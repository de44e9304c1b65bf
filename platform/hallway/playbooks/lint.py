"""What is wrong with a piece of wording, said before it is saved."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from hallway.playbooks.keys import Key, named, sample_variables
from hallway.playbooks.templates import FILTERS, WordingError, parsed, position, render
from hallway.rulebook.segments import Segments, measure, repair

# Shared shorteners are blocked by US carriers (CTIA Messaging Principles, 5.3.2; T-Mobile code of conduct).
SHORTENERS = (
    "bit.ly tinyurl.com goo.gl t.co ow.ly is.gd buff.ly rebrand.ly cutt.ly tiny.cc shorturl.at rb.gy t.ly bl.ink "
    "lnkd.in s.id v.gd soo.gd adf.ly bitly.com tiny.one short.io snip.ly qr.ae"
)
LONGEST_TEXT = 1_600  # Twilio refuses longer bodies (error 21617)
MOST_SEGMENTS = 2

_SHORTENED = re.compile(r"(?<![\w.-])(?:" + "|".join(map(re.escape, SHORTENERS.split())) + r")(?![\w-])", re.IGNORECASE)
_VERB = r"(?:reply|respond|text|send|answer|say|responda|conteste|env[ií]e|mande)"
_STOP = re.compile(rf"\b{_VERB}\b[^.!?\n]{{0,40}}\bSTOP\b", re.IGNORECASE)
# Whole-body keywords that a carrier takes as opt-out or opt-in before we see them (Twilio, default opt-out words).
_CLASH = re.compile(
    rf"\b{_VERB}\s+(?:with\s+|back\s+|con\s+)?[\"'“‘]?"
    r"(?P<word>yes|cancel|end|quit|unsubscribe|revoke|optout|stopall|unstop|start|info)\b"
    r"|\b(?P<capital>YES|CANCEL|END|QUIT)\b[\"'”’]?\s+(?:to|para|if|si)\b",
    re.IGNORECASE,
)
_READ_AS = {"YES": "an opt-in", "START": "an opt-in", "UNSTOP": "an opt-in", "INFO": "a call for help"}
_OFFER = re.compile(
    r"\d+ ?% ?(?:off|de descuento)|\$ ?\d+(?:\.\d\d)? off|save \$?\d+|\bcoupons?\b|\bdiscounts?\b"
    r"|\bpromo(?:tion|code)?s?\b|\bon sale\b|\blimited[- ]time\b|\bact now\b|\bspecials?\b"
    r"|\bdescuentos?\b|\bofertas?\b|\bcup[oó]n\b|\bgratis\b",
    re.IGNORECASE,
)
_MAYBE_OFFER = re.compile(
    r"(?<!feel )(?<!are )(?<!'re )(?<!get )\bfree\b(?! (?:to|up)\b)|\bdeals?\b|\bsale\b|\boffers?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error stops saving, a warning does not; `where` is a place in the source or the words meant."""

    level: Literal["error", "warning"]
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A template filled in, what it costs as a text, and what is wrong with it."""

    text: str
    segments: Segments | None
    problems: list[Problem]


def lint(source: str, key: str | Key, variables: Mapping[str, Mapping[str, object]] | None = None) -> list[Problem]:
    """Everything wrong with a template for one key (its name, or a Key that stands in no list), errors first.

    `variables` stands in for the samples, group by group. The text is judged with the optional values
    there and with them empty.
    """
    kind = named(key)
    if not source.strip():
        return [Problem("error", "There are no words here.")]
    broken = list(_source_problems(source, kind))
    if broken:
        return broken
    cases = [_variables(kind, variables or {}, full=full) for full in (True, False)]
    found = [problem for case in cases for problem in _filled_problems(source, kind, case)]
    found += _empty_problems(source, kind)
    return sorted(dict.fromkeys(found), key=lambda problem: problem.level)


def preview(source: str, key: str, business: Mapping[str, object]) -> Preview:
    """Fill a template in for one business ({"name", "phone", ...}) with sample callers."""
    given = {"business": business}
    problems = lint(source, key, given)
    try:
        text = render(source, _variables(named(key), given, full=True))
    except WordingError:
        return Preview("", None, problems)
    return Preview(text, measure(repair(text)) if named(key).medium in ("text", "page") else None, problems)


def _source_problems(source: str, key: Key) -> Iterator[Problem]:
    """Names and filters that do not exist; a template that cannot be read."""
    try:
        analysis = parsed(source).analyze()
    except WordingError as error:
        yield Problem("error", str(error), error.where)
        return
    known = {variable.name for variable in key.variables}
    for variable in (found for group in analysis.globals.values() for found in group):
        name = ".".join(map(str, variable.segments))
        if name not in known and name.split(".")[0] != (key.occasion or None):
            there = ", ".join(sorted(known))
            yield Problem(
                "error", f"There is no {{{{ {name} }}}} here; there is {there}.", _where(source, variable.span.index)
            )
    for name, spans in analysis.filters.items():
        if name not in FILTERS:
            yield Problem("error", f'There is no filter called "{name}".', _where(source, spans[0].index))


def _empty_problems(source: str, key: Key) -> Iterator[Problem]:
    """Optional values that are printed with nothing to stand in for them."""
    for variable in key.variables:
        name = re.escape(variable.name)
        printed = re.search(rf"{{{{-?\s*{name}\s*(?!\s*\|[^}}]*\bdefault\b)[|}}-]", source)
        if variable.optional and printed and not re.search(rf"{{%-?\s*(?:if|unless)\b[^%]*{name}", source):
            message = f"{{{{ {variable.name} }}}} can be empty; write {{{{ {variable.name} | default: '...' }}}}."
            yield Problem("warning", message, _where(source, printed.start()))


def _where(source: str, index: int) -> str:
    line, column = position(source, index)
    return f"line {line}, column {column}"


def _variables(key: Key, given: Mapping[str, Mapping[str, object]], *, full: bool) -> dict[str, dict[str, object]]:
    return {group: {**values, **given.get(group, {})} for group, values in sample_variables(key, full=full).items()}


def _filled_problems(source: str, key: Key, variables: dict[str, dict[str, object]]) -> Iterator[Problem]:
    try:
        text = render(source, variables)
    except WordingError as error:
        yield Problem("error", f"{error} Give it a default, or test for it first.", error.where)
        return
    if not text:
        yield Problem("error", "There are no words left when the optional values are empty.")
        return
    name = " ".join(str(variables["business"]["name"]).split())
    if key.names_business and name not in text:
        yield Problem("error", "It never says who is speaking: add {{ business.name }}.")
    for check in _CHECKS[key.medium]:
        yield from check(text, key)


def _offers_stop(text: str, key: Key) -> Iterator[Problem]:
    if key.offers_stop and not _STOP.search(text):
        yield Problem("error", 'It does not say how to opt out: add "Reply STOP to opt out."')


def _no_shorteners(text: str, _key: Key) -> Iterator[Problem]:
    for match in _SHORTENED.finditer(text):
        yield Problem("error", "Carriers block shared link shorteners; use your own domain.", match.group())


def _no_clash(text: str, key: Key) -> Iterator[Problem]:
    for match in _CLASH.finditer(text):
        said = match["word"] or match["capital"]
        resumes = said.upper() == "START" and key.name == "opt_out_confirmation"
        if not resumes and (match["word"] or said.isupper()):
            reads = _READ_AS.get(said.upper(), "an opt-out")
            message = f"Carriers read a bare {said.upper()} as {reads}; ask for another word."
            yield Problem("error", message, match.group())


def _no_offer(text: str, key: Key) -> Iterator[Problem]:
    """Words that make an answer to a call an advertisement, which needs written consent and waits for hours."""
    if key.may_offer:
        return
    for match in _OFFER.finditer(text):
        yield Problem("error", "This makes it an advertisement; offers belong in campaigns.", match.group())
    for match in _MAYBE_OFFER.finditer(text):
        yield Problem("warning", "This may read as an advertisement.", match.group())


def _fits(text: str, _key: Key) -> Iterator[Problem]:
    if len(text) > LONGEST_TEXT:
        yield Problem("error", f"It is {len(text):,} characters long; carriers take {LONGEST_TEXT:,}.")
        return
    measured = measure(repair(text))
    if measured.offending:
        shown = " ".join(measured.offending[:5])
        yield Problem("warning", f"These characters make every part cost more than double: {shown}", shown)
    if measured.segments > MOST_SEGMENTS:
        yield Problem("warning", f"It goes out as {measured.segments} texts and is billed as such; try to say less.")


def _no_shouting(text: str, _key: Key) -> Iterator[Problem]:
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= 20 and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        yield Problem("warning", "It is nearly all capitals; carriers filter shouting and people dislike it.")


_Check = Callable[[str, Key], Iterator[Problem]]
_TEXT: tuple[_Check, ...] = (_offers_stop, _no_shorteners, _no_clash, _no_offer, _fits, _no_shouting)
_CHECKS: dict[str, tuple[_Check, ...]] = {
    "text": _TEXT,
    "mail": (_no_shorteners, _no_offer, _no_shouting),
    "line": (_no_shorteners, _no_shouting),
    "page": (_no_shorteners, _no_clash, _fits, _no_shouting),
    "voice": (_no_shouting,),
}
