"""What one row says of a person: addresses in their one form, details, and whether they want to be left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from groundwork import phones, sheets
from groundwork.database import Json
from hallway.consent.mail_rules import ADDRESS
from hallway.contacts.details import LONGEST, ZIP
from tenants.businesses import STATES

YES = frozenset(["yes", "y", "true", "t", "1", "x", "stop", "✓", "sí", "si", "opted", "opt-out", "unsubscribed", "dnc"])
SEVERAL = re.compile(r"\s*(?:[;/|\n]|,|\bor\b)\s*")
SHORTENED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
STATE_NAMES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA", "maine": "ME",
    "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO",
    "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ", "new mexico": "NM",
    "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK", "oregon": "OR",
    "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD", "tennessee": "TN",
    "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip
Address = tuple[str, str]  # ("phone", "+15125550148"), ("email", "dana@example.com")


@dataclass
class Person:
    """A row as it will be stored. `error` says why it cannot be, `left_out` what of it is not kept."""

    number: int
    addresses: list[Address] = field(default_factory=list)
    name: str | None = None
    address: str | None = None
    state: str | None = None
    zip: str | None = None
    details: Json = field(default_factory=dict)
    stop: bool = False
    agreed: bool | None = None
    error: str | None = None
    left_out: list[str] = field(default_factory=list)

    def absorb(self, other: Person) -> None:
        """The same person once more in the file: what was missing is filled, a stop counts wherever it stands."""
        self.addresses += [one for one in other.addresses if one not in self.addresses]
        for name in ("name", "address", "state", "zip"):
            setattr(self, name, getattr(self, name) or getattr(other, name))
        self.details = {**other.details, **self.details}
        self.stop = self.stop or other.stop
        if other.agreed is False or self.agreed is None:
            self.agreed = other.agreed


def read(number: int, cells: Sequence[str], fields: Sequence[str]) -> Person:
    """The person in a row, by what each column is."""
    said: dict[str, str] = {}
    for name, cell in zip(fields, cells, strict=False):
        if name and cell:
            said.setdefault(name, cell)
    person = Person(number)
    _read_addresses(person, said)
    _read_place(person, said)
    full = said.get("name") or " ".join(filter(None, (said.get("first_name"), said.get("last_name"))))
    person.name = (full or said.get("company", ""))[: LONGEST["name"]] or None
    person.details = {name: said[name][:500] for name in ("company", "tags", "notes") if name in said}
    if last := said.get("last_job"):
        day = sheets.day(last)
        person.details |= {"last_job": day.isoformat()} if day else {}
        person.left_out += [] if day else [f"“{last[:40]}” is not a day."]
    person.stop = said.get("do_not_contact", "").lower() in YES
    person.agreed = said.get("agreed", "").lower() in YES if "agreed" in fields else None
    return person


def _read_addresses(person: Person, said: dict[str, str]) -> None:
    wrong = []
    for name in ("phone", "phone_2"):
        for part in SEVERAL.split(said.get(name, "")):
            phone, why = _phone(part)
            person.addresses += [("phone", phone)] if phone else []
            wrong += [why] if why else []
    for part in SEVERAL.split(said.get("email", "").lower()):
        if ADDRESS.fullmatch(part):
            person.addresses.append(("email", part))
        elif part:
            wrong.append(f"“{part[:60]}” is not an e-mail address.")
    person.addresses = list(dict.fromkeys(person.addresses))
    if not person.addresses:
        person.error = " ".join(wrong) or "There is neither a phone number nor an e-mail address."
    person.left_out += wrong


def _phone(said: str) -> tuple[str | None, str | None]:
    """A phone in its one form, or why not; neither for an empty cell."""
    if not said:
        return None, None
    if SHORTENED.fullmatch(said):
        return None, f"“{said}” was shortened by the spreadsheet. Format the column as text and save it again."
    try:
        return phones.e164(said), None
    except phones.NotAPhoneNumberError:
        return None, f"“{said[:40]}” is not a phone number."


def _read_place(person: Person, said: dict[str, str]) -> None:
    street = ", ".join(filter(None, (said.get("address"), said.get("city"))))
    person.address = street[: LONGEST["address"]] or None
    state = said.get("state", "").strip(". ")
    code = STATE_NAMES.get(state.lower(), state.upper())
    person.state = code if code in STATES else None
    zip_code = said.get("zip", "")
    zip_code = (
        zip_code.zfill(5) if zip_code.isdigit() and len(zip_code) in (3, 4) else zip_code
    )  # 02134 lost its nought
    person.zip = zip_code if ZIP.fullmatch(zip_code) else None
    if state and not person.state:
        person.left_out.append(f"“{state[:30]}” is not a state like TX.")
    if zip_code and not person.zip:
        person.left_out.append(f"“{zip_code[:15]}” is not a ZIP code.")
