"""Appointments from a spreadsheet or another program: rows are read, their errors told, and each is taken in once."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select

from groundwork import phones, sheets
from groundwork.database import ScopedSession
from groundwork.sheets import UnreadableError
from hallway import contacts
from hallway.appointments import booking, changing, planning
from hallway.appointments.booking import AppointmentError
from hallway.appointments.models import AHEAD, Appointment
from hallway.consent.mail_rules import ADDRESS
from hallway.conversations import open_for
from hallway.rulebook.places import is_zone

COLUMNS = {
    "phone": ("phone", "phone number", "mobile", "cell", "customer phone", "contact phone"),
    "email": ("email", "e-mail", "email address", "customer email", "contact email"),
    "name": ("name", "customer", "customer name", "contact", "full name"),
    "date": ("date", "day", "appointment date", "scheduled date", "start date", "job date"),
    "from": ("from", "start", "time", "start time", "arrival start", "window start", "scheduled time"),
    "to": ("to", "end", "end time", "until", "arrival end", "window end"),
    "what": ("what", "service", "job", "job type", "summary", "description", "title"),
    "address": ("address", "street", "service address", "job address", "location"),
    "state": ("state", "st", "province"),
    "zip": ("zip", "zip code", "postal code", "zipcode"),
    "technician": ("technician", "tech", "assigned to", "employee", "crew"),
    "external_id": ("external_id", "id", "job id", "job number", "appointment id", "reference"),
    "zone": ("zone", "time zone", "timezone"),
}
NEEDED = ("date", "from")
REACHED_BY = ("phone", "email")  # one of them
MOST_ROWS, MOST_BYTES = 2000, 2_000_000
CLOCKS = ("%H:%M", "%I:%M %p", "%I %p", "%H:%M:%S", "%I:%M:%S %p")
UNTOLD = "It was imported, and you chose not to tell people of imported visits."


@dataclass
class Row:
    """One line: what stood in it, what it means, and what is wrong with it (nothing: `errors` is empty)."""

    number: int
    values: dict[str, str]
    errors: list[str] = field(default_factory=list)
    phone: str | None = None
    email: str | None = None
    starts_at: datetime | None = None
    arrive_by: datetime | None = None
    zone: str = ""

    @property
    def bookable(self) -> bool:
        return not self.errors and self.starts_at is not None


@dataclass(frozen=True)
class Outcome:
    """How many rows were new, moved or changed, and already as they stand."""

    booked: int
    changed: int
    known: int
    hidden: int = 0  # whose conversation is another member's, where members are kept apart


def read_table(data: bytes) -> list[dict[str, str]]:
    """Rows by our names of the columns. Raises UnreadableError for what is no table of appointments."""
    if len(data) > MOST_BYTES:
        raise UnreadableError("The file is larger than two megabytes. Split it.")
    rows = sheets.open_sheet(io.BytesIO(data)).rows
    names = _names(next(rows, []))
    found = [dict(_named(names, line)) for line in islice(rows, MOST_ROWS + 1)]
    missing = [name for name in NEEDED if name not in names]
    if not set(REACHED_BY) & set(names):
        missing.insert(0, "phone or e-mail")
    if missing:
        raise UnreadableError(f"There is no column for {', '.join(missing)}. The first line has to name the columns.")
    if not found:
        raise UnreadableError("There are no rows under the first line.")
    if len(found) > MOST_ROWS:
        raise UnreadableError(f"There are more than {MOST_ROWS:,} rows; so many are taken at once.")
    return found


def check(session: ScopedSession, rows: Iterable[Mapping[str, object]]) -> list[Row]:
    """What each row means, and its errors in plain words. Nothing is kept."""
    return [_checked(session, number, row) for number, row in enumerate(rows, 2)]


def take_in(session: ScopedSession, rows: Iterable[Row], source: str, by: str | None, *, tell: bool) -> Outcome:
    """Book every row without errors. One with an id known from the same source moves or stays, so twice is once."""
    done = Counter(_take(session, row, source, by, None if tell else UNTOLD) for row in rows if row.bookable)
    return Outcome(done["booked"], done["changed"], done["known"], done["hidden"])


def _take(session: ScopedSession, row: Row, source: str, by: str | None, untold: str | None) -> str:
    """What became of the row, as Outcome names it."""
    there = _there(session, source, row.values.get("external_id"))
    if there is not None:
        return "changed" if _bring_up_to_date(session, there, row, by, untold) else "known"
    try:
        _book(session, row, source, by, untold)
    except contacts.HiddenPersonError:
        return "hidden"
    return "booked"


def _names(header: list[str]) -> list[str]:
    """Our name for each column; empty for one we do not know, or know already."""
    names: list[str] = []
    for cell in header:
        said = " ".join(cell.strip().lower().replace("_", " ").split())
        known = (ours for ours, theirs in COLUMNS.items() if said in (*theirs, ours.replace("_", " ")))
        name = next(known, "")
        names.append(name if name not in names else "")
    return names


def _named(names: list[str], line: list[str]) -> Iterable[tuple[str, str]]:
    return ((name, cell.strip()) for name, cell in zip(names, line, strict=False) if name)


def _checked(session: ScopedSession, number: int, told: Mapping[str, object]) -> Row:
    row = Row(number, {name: str(told.get(name) or "").strip()[:300] for name in COLUMNS})
    _read_addresses(row)
    row.values["state"] = row.values["state"].upper()
    row.zone = row.values["zone"] or booking.zone_of(session, row.values["state"], row.values["zip"])
    if not is_zone(row.zone):
        row.errors.append(f"“{row.zone}” is no time zone like America/Chicago.")
        return row
    try:
        _read_times(row)
        booking.check(_draft(row), ahead=False)
    except AppointmentError as error:
        row.errors.append(str(error))
    return row


def _read_addresses(row: Row) -> None:
    phone, email = row.values["phone"], row.values["email"].lower()
    try:
        row.phone = phones.e164(phone) if phone else None
    except phones.NotAPhoneNumberError:
        row.errors.append(f"“{phone}” is not a phone number.")
    row.email = email if ADDRESS.fullmatch(email) else None
    if email and not row.email:
        row.errors.append(f"“{email[:60]}” is not an e-mail address.")
    if not phone and not email:
        row.errors.append("A phone or an e-mail is missing.")


def _read_times(row: Row) -> None:
    day, start = _day(row.values["date"]), _clock(row.values["from"])
    row.starts_at = planning.wall(day, start, row.zone)
    row.arrive_by = planning.wall(day, _clock(row.values["to"]), row.zone) if row.values["to"] else None


def _day(said: str) -> date:
    found = sheets.day(said)
    if found is None:
        unread = f"“{said}” is not a day like 2026-11-30 or 11/30/2026."
        raise AppointmentError("date", unread if said else "The day is missing.")
    return found


def _clock(said: str) -> str:
    plain = re.sub(r"(\d)\s*([ap])\.?m?\.?$", r"\1 \2m", said.strip().lower())
    for form in CLOCKS:
        try:
            return datetime.strptime(plain, form).strftime("%H:%M")  # noqa: DTZ007
        except ValueError:
            continue
    raise AppointmentError("from", f"“{said}” is not a time like 8:30 am or 14:00." if said else "The time is missing.")


def _draft(row: Row) -> Appointment:
    kept = {name: row.values[name] or None for name in ("address", "technician")}
    times = {"starts_at": row.starts_at, "arrive_by": row.arrive_by, "zone": row.zone}
    return Appointment(what=row.values["what"] or "Visit", minutes=60, source="csv", **times, **kept)


def _there(session: ScopedSession, source: str, external_id: str | None) -> Appointment | None:
    if not external_id:
        return None
    return session.scalar(
        select(Appointment).where(Appointment.source == source, Appointment.external_id == external_id)
    )


def _book(session: ScopedSession, row: Row, source: str, by: str | None, untold: str | None) -> None:
    assert row.starts_at is not None  # noqa: S101  (rows without a time have errors)
    contact = contacts.reach_by(session, row.phone, row.email)
    contact.name = contact.name or row.values["name"] or None
    booking.book(
        session,
        open_for(session, contact, "import"),
        row.starts_at,
        arrive_by=row.arrive_by,
        what=row.values["what"] or "Visit",
        zip_code=row.values["zip"] or None,
        zone=row.zone,
        source=source,
        by=by,
        untold=untold,
        address=row.values["address"] or None,
        state=row.values["state"] or None,
        technician=row.values["technician"] or None,
        external_id=row.values["external_id"] or None,
    )


def _bring_up_to_date(session: ScopedSession, there: Appointment, row: Row, by: str | None, untold: str | None) -> bool:
    """Move and change a visit that was imported before; one that is over stays over."""
    if there.status not in AHEAD or row.starts_at is None:
        return False
    version = there.version
    if (there.starts_at, there.arrive_by) != (row.starts_at, row.arrive_by):
        changing.reschedule(session, there, row.starts_at, arrive_by=row.arrive_by, by=by, untold=untold)
    told = {name: row.values[name] for name in ("what", "address", "technician") if row.values[name]}
    changing.amend(session, there, by=by, **told)
    return there.version != version
