"""What the reviewers of the carriers refuse first, found before they see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from groundwork import outward
from groundwork.outward import ForbiddenAddressError

EIN = re.compile(r"\d{2}-?\d{7}")
SHORTENERS = re.compile(r"\b(bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd)\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{\{|\[[^\]]*\]|<[^>]*>|lorem ipsum", re.IGNORECASE)
SOCIAL = re.compile(r"//(www\.)?(facebook|instagram|linktr|yelp|google)\.", re.IGNORECASE)
FORBIDDEN = re.compile(r"\b(cannabis|cbd|vape|casino|payday loan|debt (?:collection|relief)|crypto)\b", re.IGNORECASE)
FREE_MAIL = re.compile(r"@(gmail|yahoo|hotmail|outlook|aol|icloud)\.", re.IGNORECASE)
LENGTHS = {"description": (40, 4096), "flow": (40, 2048), "sample_1": (20, 1024), "sample_2": (20, 1024)}
NEEDED = {
    "legal_name": "Enter the legal name, as on your tax papers.",
    "street": "Enter the street address of the business.",
    "city": "Enter the city.",
    "state": "Choose the state.",
    "zip": "Enter the ZIP code.",
    "website": "Reviewers open your website first. Without one, a page with your name, trade and phone is enough.",
    "privacy_url": "Enter the address of your privacy policy. Registrations without one are refused.",
    "contact_first": "Enter a first name.",
    "contact_last": "Enter a last name.",
    "contact_email": "Enter an e-mail address.",
    "contact_phone": "Enter a phone number the carriers can call.",
}


class Problem(NamedTuple):
    """Something a reviewer would stumble over. An error stops the filing; a warning is only said.

    `away`: nobody answered us, which proves nothing about what a reviewer will find.
    """

    field: str
    words: str
    error: bool = True
    away: bool = False


def look(said: Mapping[str, Any], kind: str, name: str) -> list[Problem]:
    """Everything that is wrong with a filing of `kind` for the business called `name`, errors first."""
    found = [*_needed(said), *_identity(said), *_lengths(said), *_words(said, name), *_samples(said, name)]
    if kind == "toll_free" and not said.get("opt_in_url"):
        words = "Toll-free reviewers want to see the form: give the address of the page or of a picture of it."
        found.append(Problem("opt_in_url", words))
    return sorted(found, key=lambda problem: not problem.error)


def _needed(said: Mapping[str, Any]) -> Iterator[Problem]:
    yield from (Problem(field, words) for field, words in NEEDED.items() if not said.get(field))


def _identity(said: Mapping[str, Any]) -> Iterator[Problem]:
    company = said.get("business_kind") == "company"
    if company and not EIN.fullmatch(str(said.get("ein", ""))):
        yield Problem("ein", "A tax id (EIN) has nine digits, like 12-3456789. It has to belong to the legal name.")
    yield from _addresses(said)
    if SOCIAL.search(str(said.get("website", ""))):
        yield Problem("website", "A social media page is refused as a website. Give a page of your own.")
    if company and FREE_MAIL.search(str(said.get("contact_email", ""))):
        yield Problem("contact_email", "An address at your own domain is believed sooner than a free one.", error=False)


def _addresses(said: Mapping[str, Any]) -> Iterator[Problem]:
    for field in ("website", "privacy_url", "terms_url", "opt_in_url"):
        try:
            outward.check(str(said.get(field) or "https://nowhere.example"))
        except ForbiddenAddressError as error:
            yield Problem(field, str(error))


def _lengths(said: Mapping[str, Any]) -> Iterator[Problem]:
    for field, (least, most) in LENGTHS.items():
        length = len(str(said.get(field, "")))
        if not least <= length <= most:
            yield Problem(field, f"Write between {least} and {most} characters; these are {length}.")


def _words(said: Mapping[str, Any], name: str) -> Iterator[Problem]:
    flow = str(said.get("flow", "")).lower()
    if "stop" not in flow:
        yield Problem("flow", "Say that people can reply STOP.")
    if not any(word in flow for word in ("call", "form", "website", "text us", "sign up", "agree")):
        yield Problem("flow", "Say how people agree to be texted: they call, they fill in a form, they tick a box.")
    if "rates may apply" not in flow:
        yield Problem("flow", "Reviewers look for “message and data rates may apply”.", error=False)
    if name.lower() not in str(said.get("description", "")).lower():
        yield Problem("description", "Name your business in the description.", error=False)
    for field in ("description", "flow", "sample_1", "sample_2"):
        if FORBIDDEN.search(str(said.get(field, ""))):
            yield Problem(field, "The carriers take nothing about loans, debts, gambling, cannabis or crypto.")
        if PLACEHOLDER.search(str(said.get(field, ""))):
            yield Problem(field, "Write real words instead of placeholders in brackets.")


def _samples(said: Mapping[str, Any], name: str) -> Iterator[Problem]:
    one, two = str(said.get("sample_1", "")), str(said.get("sample_2", ""))
    if "stop" not in (one + two).lower():
        yield Problem("sample_1", "At least one sample has to say how to opt out, such as “Reply STOP to opt out”.")
    if one and one == two:
        yield Problem("sample_2", "The second sample has to differ from the first.")
    for field, sample in (("sample_1", one), ("sample_2", two)):
        if sample and name.lower() not in sample.lower():
            yield Problem(field, f"Every sample has to name {name}.")
        if SHORTENERS.search(sample):
            yield Problem(field, "Public link shorteners are blocked. Use an address of your own.")
