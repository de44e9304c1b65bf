"""What is known about a person, as somebody typed it: checked, and kept only when it makes sense."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

from groundwork.refusing import FieldError
from hallway.contacts.models import Contact
from tenants.businesses import STATES

ZIP = re.compile(r"\d{5}(-\d{4})?")
LONGEST = {"name": 120, "address": 300}


class BadDetailError(FieldError):
    """A detail that cannot be kept; `field` says which, the message why."""


def amend(contact: Contact, *, name: str, address: str, state: str, zip_code: str, timezone: str) -> None:
    """Keep these details, empty ones as unknown. Place and zone decide the hours in which texts may go out.

    Raises BadDetailError and changes nothing when one of them makes no sense.
    """
    state, zip_code = state.strip().upper(), zip_code.strip()
    for field, value in (("name", name), ("address", address)):
        if len(value.strip()) > LONGEST[field]:
            raise BadDetailError(field, f"Up to {LONGEST[field]} characters, please.")
    if state and state not in STATES:
        raise BadDetailError("state", "Use the two letters of the state, like TX.")
    if zip_code and not ZIP.fullmatch(zip_code):
        raise BadDetailError("zip_code", "A ZIP code has five digits, like 78704.")
    if timezone and timezone not in zones():
        raise BadDetailError("timezone", "Choose a time zone from the list.")
    contact.name, contact.address = name.strip() or None, address.strip() or None
    contact.state, contact.zip, contact.timezone = state or None, zip_code or None, timezone or None


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())
