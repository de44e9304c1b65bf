"""Phone numbers: E.164 in and out, and a mask for logs."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

NORTH_AMERICAN = re.compile(r"\+1([2-9]\d\d)(\d{3})(\d{4})", re.ASCII)


class NotAPhoneNumberError(ValueError):
    """What was given cannot be read as a phone number."""


def e164(text: str, region: str = "US") -> str:
    """ "(512) 555-0148" -> "+15125550148". Raises NotAPhoneNumberError in words a person can act on."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise NotAPhoneNumberError(f"“{text}” is not a phone number. Write it like (512) 555-0148.") from error
    if not phonenumbers.is_possible_number(number):
        raise NotAPhoneNumberError(f"“{text}” has too few or too many digits for a phone number.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def pretty(number: str) -> str:
    """ "+15125550148" -> "(512) 555-0148"; anything unreadable comes back as it is."""
    if plain := NORTH_AMERICAN.fullmatch(number):  # nearly all of them, and what a crowd's texts would wait for
        return "({}) {}-{}".format(*plain.groups())
    try:
        parsed = phonenumbers.parse(number, "US")
    except NumberParseException:
        return number
    style = PhoneNumberFormat.NATIONAL if parsed.country_code == 1 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


def masked(number: str | None) -> str:
    """The last four digits, for logs."""
    return f"…{number[-4:]}" if number else "-"
