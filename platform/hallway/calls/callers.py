"""Who is calling: which callers can be texted back, and the plain words for those who cannot."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType

CallerKind = Literal[
    "ordinary", "anonymous", "hidden", "own_phone", "own_number", "toll_free", "premium", "foreign", "invalid"
]
PEOPLE = {"ordinary", "toll_free", "premium", "foreign"}  # kinds whose number stands for somebody we can call back

# When a number is withheld, From holds a word (anonymous, restricted, ...), nothing, or one of those words typed on a
# keypad (Twilio changelog, 2022-11-16).
WITHHELD_DIGITS = {"266696687", "7378742833", "2562533", "8656696", "86282452253"}

# Countries of the North American plan that a US long code may text as a domestic number.
DOMESTIC = {"US", "PR", "VI", "GU", "AS", "MP", "CA"}
# The shape of the plan (NANPA): area code and exchange begin with 2 to 9. Test numbers 555-01xx have it too.
DOMESTIC_SHAPE = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")

WHY_NOT: dict[str, str] = {
    "anonymous": "The caller hid their number, so there is no number to text.",
    "own_phone": "The call came from one of your own phones.",
    "own_number": "The call came from one of your own Hallway numbers.",
    "toll_free": "The caller's number is toll-free; those are call centers and cannot take a reply text.",
    "premium": "The caller's number is a premium-rate number.",
    "foreign": "The caller's number is outside the US and Canada.",
    "invalid": "The number the carrier passed on is not one that can be texted.",
    "hidden": "Your carrier passed on your own number instead of the caller's. Look at the recent calls on your phone.",
}


# Lookup's line types that take no texts (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence).
# Fixed VoIP and unknown lines may, so they are tried.
DEAF_LINES: dict[str, str] = {
    "landline": "The caller's number is a landline and cannot receive texts.",
    "tollFree": WHY_NOT["toll_free"],
    "premium": WHY_NOT["premium"],
    "sharedCost": "The caller's number is a shared-cost line, which takes no texts.",
    "uan": "The caller's number is a company's switchboard, which takes no texts.",
    "voicemail": "The caller's number is a voicemail line, which takes no texts.",
    "pager": "The caller's number is a pager, which takes no texts.",
}


def caller_kind(address: str, own_phones: Collection[str], own_numbers: Collection[str], forwarded: bool) -> CallerKind:
    """What `address` (the carrier's From) is, before anybody looked the line up.

    Some carriers put the forwarding phone's own number in From; then the caller is hidden from us.
    """
    if is_withheld(address):
        return "anonymous"
    if address in own_numbers:
        return "own_number"
    if address in own_phones:
        return "hidden" if forwarded else "own_phone"
    return _by_plan(address)


def is_withheld(address: str) -> bool:
    """True for a hidden number, also when it looks like one: +266696687 spells ANONYMOUS and is no line in Lesotho."""
    digits = address.strip().removeprefix("+")
    return not digits.isdecimal() or digits in WITHHELD_DIGITS


def _by_plan(address: str) -> CallerKind:
    try:
        number = phonenumbers.parse(address, "US")
    except phonenumbers.NumberParseException:
        return "invalid"
    if number.country_code != 1:
        return "foreign"
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.TOLL_FREE:
        return "toll_free"
    if kind == PhoneNumberType.PREMIUM_RATE:
        return "premium"
    if not DOMESTIC_SHAPE.fullmatch(address):
        return "invalid"
    region = phonenumbers.region_code_for_number(number)
    return "ordinary" if region is None or region in DOMESTIC else "foreign"
