"""The pages a reviewer opens, opened before them: can they be read, and do they say what has to stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundwork import outward
from groundwork.outward import AwayError, ForbiddenAddressError, Page
from hallway.channels import mail_words
from hallway.registration.lint import Problem

LOOKED_AT = ("website", "privacy_url", "opt_in_url")
NAMES = {"website": "Your website", "privacy_url": "Your privacy policy", "opt_in_url": "The page with your form"}
LEAST = 200  # characters; a page with fewer is empty to whoever reads without running its scripts
SMS = re.compile(r"\b(sms|mms|text(?:s|ed|ing)?|text messag\w+|mobile (?:number|information|phone)s?)\b", re.IGNORECASE)
NOT_SHARED = re.compile(
    r"\b(not|never|nor)\b[^.]{0,120}\b(shar\w+|sold|sell\w*|rent\w*|transfer\w*|disclos\w+)\b"
    r"|\bno\b[^.]{0,80}\b(information|data|numbers?|consent)\b[^.]{0,80}\b(shared|sold|transferred|disclosed)\b",
    re.IGNORECASE,
)
STOP, HELP = re.compile(r"\bSTOP\b"), re.compile(r"\bHELP\b")
RATES = re.compile(r"rates may apply", re.IGNORECASE)
OFTEN = re.compile(r"frequency|messages? (?:per|a|each) (?:week|month|day)|recurring", re.IGNORECASE)
POLICY_LINK = re.compile(r"<a\b[^>]*href=[\"']?[^\"'>]*privacy", re.IGNORECASE)
TICKED = re.compile(r"<input\b(?=[^>]*type=[\"']?checkbox)(?=[^>]*\bchecked\b)[^>]*>", re.IGNORECASE)


def look(said: Mapping[str, Any], name: str) -> list[Problem]:
    """What is wrong with the pages of a filing for the business called `name`. Opens them: seconds, and never raises.

    An address that leads to nothing public is an error; all else is only said, for a reviewer may see it otherwise.
    """
    found: list[Problem] = []
    for field in LOOKED_AT:
        if said.get(field):
            found += _look(field, str(said[field]), name)
    return found


def looked_at(said: Mapping[str, Any]) -> str:
    """Which addresses these were; the same words mean that the same pages were looked at."""
    return " ".join(str(said.get(field, "")) for field in LOOKED_AT)


def _look(field: str, url: str, name: str) -> Iterator[Problem]:
    try:
        page = outward.look(url)
    except ForbiddenAddressError as error:
        yield Problem(field, f"{NAMES[field]}: {error}")
        return
    except AwayError:
        yield Problem(
            field, f"{NAMES[field]} could not be opened from here just now. Reviewers will try.", error=False, away=True
        )
        return
    yield from (Problem(field, words, error=False) for words in _wrong_with(field, page, name))


def _wrong_with(field: str, page: Page, name: str) -> Iterator[str]:
    if page.status != 200:
        yield f"{NAMES[field]} answers with an error ({page.status}). Reviewers have to be able to open it."
        return
    if field == "opt_in_url" and page.kind.startswith("image/"):
        return  # a picture of the form is what they ask for; nobody reads it here
    if page.kind not in ("text/html", "text/plain", "application/xhtml+xml"):
        yield f"{NAMES[field]} is no web page ({page.kind}), so we cannot read what it says."
        return
    text = mail_words.from_html(page.text) if page.kind != "text/plain" else page.text
    if len(text) < LEAST:
        yield f"{NAMES[field]} shows hardly any words without its scripts. See that it reads well in a private window."
        return
    yield from CHECKS[field](text, page.text, name)


def _website(text: str, _html: str, name: str) -> Iterator[str]:
    if name.lower() not in text.lower():
        yield f"Your website does not name {name}. Reviewers compare the name."


def _policy(text: str, _html: str, _name: str) -> Iterator[str]:
    if not SMS.search(text):
        yield "The privacy policy says nothing about text messages (SMS)."
    if not NOT_SHARED.search(text):
        yield (
            "The privacy policy does not seem to say that mobile numbers and consent are not shared with or sold to "
            "third parties for marketing. Registrations without that sentence are refused."
        )
    if not (STOP.search(text) and HELP.search(text)):
        yield "The privacy policy does not say that people can reply STOP to opt out and HELP for help."


def _opt_in(text: str, html: str, name: str) -> Iterator[str]:
    if name.lower() not in text.lower():
        yield f"The page with your form does not name {name}."
    if not SMS.search(text):
        yield "The page with your form does not say that people agree to be texted."
    if not (STOP.search(text) and HELP.search(text)):
        yield "The page with your form does not say STOP and HELP."
    if not RATES.search(text):
        yield "The page with your form lacks \u201cmessage and data rates may apply\u201d."
    if not OFTEN.search(text):
        yield "The page with your form does not say how often you text; \u201cmessage frequency varies\u201d is enough."
    if not POLICY_LINK.search(html):
        yield "The page with your form does not link to the privacy policy."
    if TICKED.search(html):
        yield "A box on the page with your form is ticked beforehand. Consent given so is refused."


CHECKS = {"website": _website, "privacy_url": _policy, "opt_in_url": _opt_in}
