"""What was typed into a form, checked field by field; errors are sentences for the person who typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers

from groundwork import phones
from groundwork.phones import NotAPhoneNumberError
from hallway.forms.models import WebForm
from hallway.forms.words import FIELDS, USUAL, error_words
from hallway.leads.services import services

LONGEST = {
    "name": 120,
    "phone": 40,
    "email": 254,
    "service": 60,
    "message": 4000,
    "address": 300,
    "preferred_time": 200,
}
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
OTHER = "other"


@dataclass(frozen=True)
class Photo:
    """A picture as it was sent; `name` is the file's."""

    name: str
    data: bytes
    content_type: str


@dataclass
class Answers:
    """`typed` goes back into the fields; `errors` is {field: words}; `phone` is E.164, `email` lower case."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    phone: str | None = None
    email: str | None = None
    photos: list[Photo] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.errors


def asked(form: WebForm) -> dict[str, str]:
    """How each field is asked: required, optional or off."""
    return {name: form.fields.get(name, USUAL[name]) for name in FIELDS}


def read_answers(form: WebForm, trade: str, sent: Mapping[str, str]) -> Answers:
    """Check what was sent against what the form asks. Fields it does not ask are dropped."""
    how = asked(form)
    typed = {name: _clean(sent.get(name, "")) for name in LONGEST if how[name] != "off"}
    answers = Answers(typed)
    for name, value in typed.items():
        if len(value) > LONGEST[name]:
            answers.errors[name] = error_words(form.language, "long", most=LONGEST[name], length=len(value))
        elif not value and how[name] == "required":
            answers.errors[name] = error_words(form.language, "missing")
    _read_phone(form, answers)
    _read_email(form, answers)
    _read_service(form, trade, answers)
    if not typed.get("phone") and not typed.get("email"):
        answers.errors["phone" if how["phone"] != "off" else "email"] = error_words(form.language, "reach")
    return answers


def _clean(value: object) -> str:
    """Text without what no honest keyboard sends; line ends as one kind."""
    text = value if isinstance(value, str) else ""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _read_phone(form: WebForm, answers: Answers) -> None:
    typed = answers.typed.get("phone", "")
    if not typed or "phone" in answers.errors:
        return
    try:
        number = phones.e164(typed)
        known = phonenumbers.parse(number).country_code == 1
    except (NotAPhoneNumberError, phonenumbers.NumberParseException):
        known = False
    if known:
        answers.phone = number
    else:
        answers.errors["phone"] = error_words(form.language, "phone", typed=typed)


def _read_email(form: WebForm, answers: Answers) -> None:
    typed = answers.typed.get("email", "").lower()
    if not typed or "email" in answers.errors:
        return
    if EMAIL.fullmatch(typed):
        answers.email = typed
    else:
        answers.errors["email"] = error_words(form.language, "email", typed=answers.typed["email"])


def _read_service(form: WebForm, trade: str, answers: Answers) -> None:
    chosen = answers.typed.get("service", "")
    if chosen and chosen != OTHER and "service" not in answers.errors and service_label(trade, chosen) is None:
        answers.errors["service"] = error_words(form.language, "service")


def service_label(trade: str, service: str) -> str | None:
    """The words for a service of the trade; None for one it does not have."""
    return next((one.label for one in services(trade) if one.id == service), None)
