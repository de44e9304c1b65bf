"""What makes a submission suspicious, without a puzzle for honest people. Suspected ones are set aside, never lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from groundwork.database import ScopedSession
from hallway.forms.answers import Answers
from hallway.forms.models import FormSubmission
from hallway.forms.stamps import Stamp

FASTEST = timedelta(seconds=3)  # nobody reads, types and sends in less
OLDEST = timedelta(days=3)  # a page left open over a weekend is still a person's
MOST_BY_PERSON, MOST_BY_IP = 4, 12  # an office or a phone carrier shares one address among many
WITHIN = timedelta(hours=1)
ENOUGH = 2  # signs that alone prove little count 1, those that prove it 2

LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
MARKUP = re.compile(r"\[/?(?:url|link|b|img)\b|</?(?:a|script|iframe|img|h1)\b", re.IGNORECASE)
FOREIGN = re.compile(r"[\u0400-\u04ff\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
# What is sold to contractors through their own forms, seen over and over.
PITCH = re.compile(
    r"\b(?:seo|back\s?links?|guest posts?|search engine optimi[sz]ation|rank(?:ing)? (?:on|in|first|higher)|"
    r"first page of google|website (?:re)?design (?:services?|agency)|web traffic|lead generation service|crypto|"
    r"bitcoin|forex|casino|betting|payday loans?|merchant cash advance|business funding|line of credit|viagra|cialis|"
    r"escorts?|onlyfans|earn \$?\d+|make money online|work from home|dear (?:sir|business owner)|explainer videos?|"
    r"virtual assistants?|bulk e-?mails?|unsubscribe here|click here|increase your (?:sales|traffic|leads))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Signs:
    """What is known about how a submission came."""

    stamp: Stamp | None
    bait: str  # what stands in the field that people do not see
    ip: str | None


def suspicion(session: ScopedSession, answers: Answers, signs: Signs, at: datetime) -> list[str]:
    """Why this may be spam, in plain words for the list; empty when it looks like a person's."""
    found = [*_how(signs, at), *_what(answers), *_often(session, answers, signs.ip, at)]
    return [words for _, words in found] if sum(weight for weight, _ in found) >= ENOUGH else []


def _how(signs: Signs, at: datetime) -> list[tuple[int, str]]:
    found = [(2, "It filled a field that people do not see.")] if signs.bait else []
    if signs.stamp is None:
        return [*found, (2, "It was not sent from the form as we showed it.")]
    age = at - signs.stamp.at
    if age < FASTEST:
        found.append((2, "It was filled in faster than a person types."))
    elif age > OLDEST:
        found.append((1, "The form had been open for days."))
    return found


def _what(answers: Answers) -> list[tuple[int, str]]:
    typed = answers.typed
    message, name = typed.get("message", ""), typed.get("name", "")
    links, found = len(LINK.findall(message)), []
    if links:
        found.append((2 if links > 2 else 1, "The message holds links." if links > 1 else "The message holds a link."))
    if MARKUP.search(message):
        found.append((2, "The message holds code as machines write it."))
    if LINK.search(name) or LINK.search(typed.get("address", "")):
        found.append((2, "A link stands where a name or an address belongs."))
    if PITCH.search(message):
        found.append((2, "It reads like somebody selling something."))
    if len(FOREIGN.findall(message)) > len(message) / 2:
        found.append((1, "It is written in letters that are rare among your customers."))
    if len(message) > 20 and message.casefold() == name.casefold():
        found.append((2, "The same words stand in every field."))
    return found


def _often(session: ScopedSession, answers: Answers, ip: str | None, at: datetime) -> list[tuple[int, str]]:
    found = []
    theirs = ((FormSubmission.phone, answers.phone), (FormSubmission.email, answers.email))
    if any(value and _count(session, column == value, at) >= MOST_BY_PERSON for column, value in theirs):
        found.append((2, f"More than {MOST_BY_PERSON} forms came for this person within an hour."))
    if ip and _count(session, FormSubmission.ip == ip, at) >= MOST_BY_IP:
        found.append((2, f"More than {MOST_BY_IP} forms came from the same address within an hour."))
    return found


def _count(session: ScopedSession, theirs: object, at: datetime) -> int:
    recent = select(FormSubmission.id).where(theirs, FormSubmission.at > at - WITHIN)  # type: ignore[arg-type]
    return session.scalar(select(func.count()).select_from(recent.limit(MOST_BY_IP + 1).subquery())) or 0
