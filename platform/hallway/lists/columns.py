"""What each column of a list may be, and a guess at it from its name and from what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from groundwork import phones, sheets
from hallway.consent.mail_rules import ADDRESS
from tenants.businesses import STATES

FIELDS = {
    "phone": "Phone",
    "phone_2": "Second phone",
    "email": "E-mail",
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "address": "Street address",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "last_job": "Date of the last job",
    "tags": "Tags",
    "notes": "Notes",
    "do_not_contact": "Do not contact (yes stops all)",
    "agreed": "Agreed to offers (yes or no)",
}
HEADS = {
    "phone": "phone|phone number|phone 1|mobile|mobile phone|mobile number|cell|cell phone|telephone|tel|primary phone|"
    "customer phone|contact phone|móvil|teléfono|celular",
    "phone_2": "phone 2|home phone|work phone|other phone|alternate phone|alt phone|secondary phone|landline|home",
    "email": "email|e mail|email address|e mail address|mail|correo|customer email|primary email",
    "name": "name|customer|customer name|client|client name|contact|contact name|full name|display name|nombre",
    "first_name": "first name|first|given name|firstname|customer first name",
    "last_name": "last name|last|surname|family name|lastname|customer last name",
    "company": "company|company name|business|business name|organization",
    "address": "address|street|street address|service address|address 1|address line 1|property address|job address",
    "city": "city|town|service city|ciudad",
    "state": "state|st|province|service state|region",
    "zip": "zip|zip code|postal code|zipcode|postcode|postal|service zip",
    "last_job": "last job|last job date|last service|last service date|last visit|last appointment|last completed job",
    "tags": "tags|tag|labels|type|customer type|category",
    "notes": "notes|note|comments|comment|memo",
    "do_not_contact": "do not contact|dnc|do not text|do not call|opt out|opted out|opt outs|unsubscribed|no contact|"
    "do not mail|do not service|sms opt out|stop",
    "agreed": "agreed|consent|opt in|opted in|sms consent|marketing consent|sms opt in|marketing opt in|text consent|"
    "accepts marketing|subscribed",
}
NAMES = {head: field for field, heads in HEADS.items() for head in heads.split("|")}
ZIP = re.compile(r"\d{5}(-\d{4})?")
MOSTLY = 0.7


def heads_of(first: Sequence[str]) -> tuple[list[str], bool]:
    """Names of the columns, and whether `first` named them; a row with a phone or e-mail in it is a person's."""
    if any(_is_phone(cell) or _is_email(cell) for cell in first):
        return [f"Column {number}" for number in range(1, len(first) + 1)], False
    return [head[:80] or f"Column {number}" for number, head in enumerate(first, 1)], True


def guess(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A field for each column, "" for none: by its name first, then by most of its values. None is given twice."""
    found = [NAMES.get(_plain(head), "") for head in heads]
    found = [field if field not in found[:place] else "" for place, field in enumerate(found)]
    for place, field in enumerate(found):
        if not field:
            values = [row[place] for row in rows if place < len(row) and row[place]]
            found[place] = next((name for name in LOOKS if _fits(name, values) and name not in found), "")
    return found


def _plain(head: str) -> str:
    return " ".join(re.sub(r"[^\w]+|_", " ", head.lower()).split())


def _fits(field: str, values: Sequence[str]) -> bool:
    return bool(values) and sum(LOOKS[field](value) for value in values) >= MOSTLY * len(values)


def _is_phone(cell: str) -> bool:
    if sum(letter.isdigit() for letter in cell) < 10:
        return False
    try:
        phones.e164(cell)
    except phones.NotAPhoneNumberError:
        return False
    return sheets.day(cell) is None


def _is_email(cell: str) -> bool:
    return bool(ADDRESS.fullmatch(cell.lower()))


LOOKS: dict[str, Callable[[str], bool]] = {
    "phone": _is_phone,
    "phone_2": _is_phone,
    "email": _is_email,
    "state": lambda cell: cell.upper() in STATES,
    "zip": lambda cell: bool(ZIP.fullmatch(cell)),
    "last_job": lambda cell: sheets.day(cell) is not None,
}
