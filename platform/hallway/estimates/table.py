"""Estimates from and to a table: CSV in with an answer for each row, CSV out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ScalarSelect, select

from groundwork import clock
from groundwork.database import ScopedSession
from groundwork.phones import e164
from groundwork.sheets import safe_cell
from hallway import contacts
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation, open_for
from hallway.estimates.deeds import BadEstimateError, Draft, accepted, check, declined, sent
from hallway.estimates.models import STATES, Estimate
from hallway.estimates.money import cents
from tenants import hours
from tenants.models import Tenant

COLUMNS = ("number", "phone", "email", "name", "amount", "title", "link", "state", "sent_on")
TOLD = (*COLUMNS, "agreed")  # how they agreed to be followed up: taken in, and kept in the consent ledger
NEEDED = ("number", "amount")
MOST_ROWS, LARGEST = 2000, 2 * 1024 * 1024
OLDEST = timedelta(days=730)


class UnreadableTableError(ValueError):
    """The whole file cannot be used; the message says why."""


@dataclass(frozen=True)
class Row:
    """One line of the file and what became of it: new, known or refused with the reason."""

    line: int
    number: str
    outcome: str
    words: str = ""


def take_table(session: ScopedSession, data: bytes, by: str) -> list[Row]:
    """Take every row that can be taken, each by itself. Raises UnreadableTableError for a file that is no table."""
    return [_take(session, line, cells, by) for line, cells in _read(data)]


def _read(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(data) > LARGEST:
        raise UnreadableTableError("The file is larger than 2 MB. Split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = text.replace("\0", "")
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if _semicolons(text) else ",")
    heads = [(head or "").strip().lower().replace(" ", "_") for head in reader.fieldnames or []]
    missing = [name for name in NEEDED if name not in heads]
    if missing or not {"phone", "email"} & set(heads):
        raise UnreadableTableError(
            f"The first line has to name the columns: {', '.join(TOLD)}. "
            f"Number, amount and a phone or e-mail are needed; missing here: {', '.join(missing) or 'phone or email'}."
        )
    reader.fieldnames = heads
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise UnreadableTableError(f"Line {reader.line_num} cannot be read as a table.") from error
    if len(rows) > MOST_ROWS:
        raise UnreadableTableError(f"The file has {len(rows):,} rows; up to {MOST_ROWS:,} go at once. Split it.")
    for line, row in rows:
        cells = {name: str(row.get(name) or "").strip().removeprefix("'") for name in TOLD}
        if any(cells.values()):
            yield line, cells


def _semicolons(text: str) -> bool:
    head = text.split("\n", 1)[0]
    return head.count(";") > head.count(",")


def _take(session: ScopedSession, line: int, cells: dict[str, str], by: str) -> Row:
    """One row: checked whole before anything of it is written."""
    try:
        new = _keep(session, cells, _draft(session, cells), by)
    except ValueError as error:
        return Row(line, cells["number"], "refused", str(error))
    return Row(line, cells["number"], "new" if new else "known")


def _draft(session: ScopedSession, cells: dict[str, str]) -> Draft:
    if not cells["number"]:
        raise ValueError("The number is missing.")
    if cells["state"].lower() not in ("", *STATES):
        raise ValueError(f"The state is {', '.join(STATES)} or nothing.")
    about = (cells["title"], cells["link"], _day(session, cells["sent_on"]), cells["agreed"])
    draft = Draft(cents(cells["amount"]), cells["number"], *about)
    check(draft)
    return draft


def _keep(session: ScopedSession, cells: dict[str, str], draft: Draft, by: str) -> bool:
    phone, email = _addresses(cells["phone"], cells["email"])
    known = session.scalar(select(Estimate).where(Estimate.number == draft.number))
    if known and not _is_theirs(session, known, phone, email):
        raise BadEstimateError("number", f"Estimate {draft.number} belongs to somebody else.")
    conversation = find_or_open(session, cells["phone"], cells["email"], cells["name"])
    estimate = sent(session, conversation, draft, by)
    decide = {"accepted": accepted, "declined": declined}.get(cells["state"].lower())
    news = decide(session, estimate, by) if decide else False
    return known is None or news


def _is_theirs(session: ScopedSession, known: Estimate, phone: str | None, email: str | None) -> bool:
    conversation = session.get_one(Conversation, (session.tenant_id, known.conversation_id))
    whose = [contacts.find(session, value, kind) for kind, value in (("phone", phone), ("email", email)) if value]
    return next((one.id for one in whose if one), None) == conversation.contact_id


def find_or_open(session: ScopedSession, phone: str, email: str, name: str = "") -> Conversation:
    """The conversation with whoever is reached at either address. Raises ValueError in plain words."""
    contact = contacts.reach_by(session, *_addresses(phone, email))
    contact.name = contact.name or name[:120] or None
    return open_for(session, contact, "estimate")


def _addresses(phone: str, email: str) -> tuple[str | None, str | None]:
    number, mail = e164(phone) if phone else None, email.lower() or None
    if mail and ("@" not in mail[1:-1] or len(mail) > 254 or " " in mail):
        raise ValueError(f"“{email[:60]}” is not an e-mail address.")
    if not number and not mail:
        raise ValueError("A phone number or an e-mail address is needed.")
    return number, mail


def _day(session: ScopedSession, text: str) -> datetime | None:
    """The noon of that day where the business is."""
    if not text:
        return None
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        at = datetime.combine(day, time(12), hours.zone(session.get_one(Tenant, session.tenant_id)))
        if clock.now() - OLDEST < at < clock.now() + timedelta(days=1):
            return min(at, clock.now())
        raise ValueError(f"“{text}” is not within the last two years.")
    raise ValueError(f"“{text[:20]}” is not a day. Write it like 2026-11-24.")


def as_table(session: ScopedSession) -> str:
    """All estimates as CSV, newest first; cells that a spreadsheet would run begin with an apostrophe."""
    phone, email = _point("phone"), _point("email")
    rows = session.execute(
        select(Estimate, Contact.name, phone, email)
        .join(Conversation, Conversation.id == Estimate.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .order_by(Estimate.sent_at.desc(), Estimate.id)
    )
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    zone = hours.zone(session.get_one(Tenant, session.tenant_id))
    for one, name, number, mail in rows:
        amount = f"{one.amount_cents // 100}.{one.amount_cents % 100:02d}"
        day = one.sent_at.astimezone(zone).date().isoformat()
        cells = (
            one.number,
            number or "",
            mail or "",
            name or "",
            amount,
            one.title or "",
            one.link or "",
            one.state,
            day,
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def _point(kind: str) -> ScalarSelect[str]:
    mine = (ContactPoint.contact_id == Contact.id, ContactPoint.kind == kind)
    return (
        select(ContactPoint.value).where(*mine).order_by(ContactPoint.id).limit(1).correlate(Contact).scalar_subquery()
    )
