"""A customer list from the file to the people: through the pages, with workers that are killed in the middle."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from groundwork import sheets
from hallway import consent
from hallway.consent.models import ConsentEvent, Suppression
from hallway.contacts import Contact, ContactPoint, find
from hallway.lists import CustomerList, receiving, running, storing
from tests import makers
from tests.lists.conftest import Work
from tests.makers import DANA, MARCUS, World
from tests.ui.visitor import Visitor, words

LIST = """Customer Name;Mobile Phone;E-Mail;City;State;Zip;Do not contact;Last Service;Notes
Peña, María;(512) 555-0190;maria@example.com;Austin;Texas;78704;;11/02/2023;"Gate code 4411
dog in the yard"
Dana Kowalski;512-555-0148;dana@example.com;;;;;;
Marcus O’Neal;5125550162;;;TX;78704;yes;;
Ann Yazzie;12;;;;;;;=cmd|' /C calc'!A0
M. Peña;512.555.0190;MARIA@example.com;;;;;;
Nobody;;;;;;;;
"""
FIELDS = ["name", "phone", "email", "city", "state", "zip", "do_not_contact", "last_job", "notes"]


def send(visitor: Visitor, data: bytes, name: str = "customers.csv") -> TestResponse:
    visitor.get("/lists")
    return visitor.send("/lists", {"file": (io.BytesIO(data), name)})


def taken(visitor: Visitor, data: bytes, consent: str = "customers", **more: str) -> str:
    """Upload and start; returns the address of the list."""
    answer = send(visitor, data)
    assert answer.status_code == 303, words(answer)
    where = str(answer.headers["Location"])
    visitor.get(where)
    started = visitor.send(f"{where}/start", {"consent": consent, **more})
    assert started.status_code == 303, words(started)
    return where


def counts(world: World, where: str) -> dict[str, Any]:
    with world.plumber.open() as session:
        list_ = session.get_one(CustomerList, (world.plumber.id, UUID(where.rsplit("/", 1)[1])))
        names = ("state", "new", "updated", "merged", "rejected", "stopped", "granted", "removed")
        return {name: getattr(list_, name) for name in names}


def addresses(world: World) -> list[str]:
    with world.plumber.open() as session:
        return list(session.scalars(select(ContactPoint.value).order_by(ContactPoint.value)))


def test_a_list_is_looked_at_agreed_to_and_taken_in(world: World, alice: Visitor, charlie: Visitor, work: Work) -> None:
    with world.plumber.open() as session:
        makers.make_contact(session, "Dana", DANA)
        session.get_one(Contact, (world.plumber.id, find(session, DANA).id)).name = "Dana K."  # type: ignore[union-attr]
    where = str(send(alice, LIST.encode("mac_roman")).headers["Location"])
    look = words(alice.get(where))
    saved = ("6 rows", "CSV, Mac Roman, separated by semicolons", "Nobody is stored yet", "No offers by text")
    people = ("Peña, María", "(512) 555-0190", "will not be contacted", "“12” is not a phone number.")
    for part in (*saved, *people):
        assert part in look
    assert addresses(world) == [DANA]
    assert charlie.get(where).status_code == 404
    assert alice.send(f"{where}/start", {}).status_code == 422
    alice.send(f"{where}/start", {"consent": "customers"})
    assert "Taking them in" in words(alice.get(where))
    work(world.plumber.id)
    told = {
        "state": "done",
        "new": 2,
        "updated": 1,
        "merged": 1,
        "rejected": 2,
        "stopped": 1,
        "granted": 4,
        "removed": 0,
    }
    assert counts(world, where) == told
    with world.plumber.open() as session:
        maria = find(session, "+15125550190")
        assert maria
        assert (maria.name, maria.address, maria.state, maria.zip) == ("Peña, María", "Austin", "TX", "78704")
        assert maria.details == {"last_job": "2023-11-02", "notes": "Gate code 4411\ndog in the yard"}
        dana = find(session, DANA)
        assert dana is not None
        assert dana.name == "Dana K."  # what was known wins
        assert find(session, "dana@example.com", "email") is dana
        assert consent.is_suppressed(session, MARCUS)
        assert consent.verify_chain(session).whole
        sources = session.scalars(select(ConsentEvent.source).where(ConsentEvent.action == "granted")).all()
        assert all(one["file"] == "customers.csv" and one["member"] == "Alice Romero" for one in sources), sources
        assert session.scalar(select(ConsentEvent.id).where(ConsentEvent.purpose == "marketing")) is None
    with world.charlie.open() as session:
        assert session.scalar(select(func.count(Contact.id)).where(Contact.list_id.is_not(None))) == 0
    again = taken(alice, LIST.encode("utf-16"))
    work(world.plumber.id)
    assert "Gate code 4411 dog in the yard" in words(alice.get(f"/contacts/{maria.id}"))
    nothing_new = {"new": 0, "updated": 0, "merged": 4, "stopped": 0, "granted": 0}
    assert counts(world, again) == {**told, **nothing_new}


def test_rejected_rows_come_back_with_the_reason_and_run_nothing(
    world: World, alice: Visitor, bob: Visitor, work: Work
) -> None:
    where = taken(alice, LIST.encode())
    work(world.plumber.id)
    table = alice.get(f"{where}/rejected.csv").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert [row[:3] for row in rows] == [
        ["Row", "Reason", "Customer Name"],
        ["5", "“12” is not a phone number.", "Ann Yazzie"],
        ["7", "There is neither a phone number nor an e-mail address.", "Nobody"],
    ]
    assert rows[1][-1] == "'=cmd|' /C calc'!A0"
    assert bob.get(f"{where}/rejected.csv").status_code == 403


@pytest.mark.parametrize("place", ["storing.store", "many.grant_many"])
def test_killed_in_the_middle_it_goes_on_and_nobody_is_doubled(
    world: World, alice: Visitor, work: Work, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(receiving, "PIECE", 3)
    rows = "".join(f"Person {n},512-555-02{n:02d},p{n}@example.com\n" for n in range(12))
    where = taken(alice, ("Name,Phone,Email\n" + rows).encode())
    module, name = place.split(".")
    home = getattr(running, module)
    real, calls = getattr(home, name), []

    def dies_at_the_third(*arguments: Any) -> Any:
        calls.append(1)
        done = real(*arguments)
        if len(calls) == 3:
            raise SystemExit("killed")
        return done

    monkeypatch.setattr(home, name, dies_at_the_third)
    with pytest.raises(SystemExit):
        work(world.plumber.id)
    assert counts(world, where)["new"] == 6
    assert len(addresses(world)) == 12
    release_the_lease(world)
    work(world.plumber.id)
    assert counts(world, where) | {"granted": 0} == {
        "state": "done", "new": 12, "updated": 0, "merged": 0, "rejected": 0, "stopped": 0, "granted": 0, "removed": 0,
    }  # fmt: skip
    with world.plumber.open() as session:
        assert session.scalar(select(func.count(ConsentEvent.id))) == 24
        assert session.scalar(select(func.count(Contact.id))) == 12


def release_the_lease(world: World) -> None:
    """What time does: the lease of a worker that is gone runs out."""
    with world.plumber.open() as session:
        session.connection().exec_driver_sql("update timer set lease_until = null where state = 'ready'")


def test_a_list_lifts_no_stop_and_renews_no_consent(world: World, alice: Visitor, work: Work) -> None:
    with world.plumber.open() as session:
        consent.suppress(session, DANA, "opt_out", words="Stop texting me")
        consent.record(session, MARCUS, "revoked", "marketing", "sms_reply", "no more offers")
    wording = "I agree to get offers by text from Bluff Creek Plumbing."
    data = (
        f"Name,Phone,Opt in\nDana,{DANA},yes\nMarcus,{MARCUS},yes\nAnn,512-555-0170,yes\nBo,512-555-0171,no\n".encode()
    )
    answer = send(alice, data)
    where = str(answer.headers["Location"])
    alice.get(where)
    refused = alice.send(f"{where}/start", {"consent": "written", "method": "paper", "wording": "ok"})
    assert refused.status_code == 422
    assert "Enter the words they agreed to" in words(refused)
    alice.send(f"{where}/start", {"consent": "written", "method": "paper", "wording": wording})
    work(world.plumber.id)
    with world.plumber.open() as session:
        assert consent.is_suppressed(session, DANA)
        may = {"+15125550170": True, "+15125550171": False, DANA: False, MARCUS: False}
        granted = select(ConsentEvent).where(ConsentEvent.purpose == "marketing", ConsentEvent.action == "granted")
        events = {event.address: event for event in session.scalars(granted)}
        assert {address: address in events for address in may} == may
        assert (events["+15125550170"].method, events["+15125550170"].wording) == ("paper", wording)


def test_undoing_removes_those_nobody_met_and_a_second_import_grants_again(
    world: World, alice: Visitor, work: Work
) -> None:
    wording = {"wording": "I agree to get offers by text from you.", "method": "paper"}
    data = b"Name,Phone,DNC\nAnn,512-555-0170,\nBo,512-555-0171,\nCy,512-555-0172,x\n"
    where = taken(alice, data, "written", **wording)
    work(world.plumber.id)
    with world.plumber.open() as session:
        bo = find(session, "+15125550171")
        makers.make_conversation(session, bo)
    alice.get(where)
    alice.send(f"{where}/undo")
    work(world.plumber.id)
    assert counts(world, where)["removed"] == 2
    assert "2 of 3 people this list made are gone" in words(alice.get(where))
    assert addresses(world) == ["+15125550171"]
    with world.plumber.open() as session:
        assert session.scalars(select(Suppression.address)).all() == ["+15125550172"]
        last = (
            select(ConsentEvent.action).where(ConsentEvent.address == "+15125550170").order_by(ConsentEvent.seq.desc())
        )
        assert session.scalars(last.limit(1)).one() == "revoked"
    where = taken(alice, data, "written", **wording)
    work(world.plumber.id)
    assert counts(world, where)["new"] == 2
    with world.plumber.open() as session:
        assert session.scalars(last.limit(1)).one() == "granted"
        assert consent.verify_chain(session).whole


def test_columns_are_guessed_from_values_and_can_be_changed(world: World, alice: Visitor) -> None:
    data = b"Ann Yazzie\t602-555-0122\tann@example.com\tAZ\t85004\nBo Ruiz\t602-555-0123\tbo@example.com\tAZ\t85004\n"
    where = str(send(alice, data).headers["Location"])
    page = words(alice.get(where))
    assert "2 rows" in page
    assert "separated by tabs" in page
    with world.plumber.open() as session:
        assert session.scalars(select(CustomerList.fields)).one() == ["", "phone", "email", "state", "zip"]
    alice.send(f"{where}/columns", {"field": ["name", "", "", "nonsense", "zip"]})
    page = words(alice.get(where))
    assert "without one nobody can be reached" in page
    assert alice.send(f"{where}/start", {"consent": "customers"}).status_code == 422
    alice.send(f"{where}/columns", {"field": ["name", "phone", "email", "state", "zip"]})
    assert "Ann Yazzie" in words(alice.get(where))
    alice.send(f"{where}/discard")
    assert alice.get(where).status_code == 404


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Phone", "Last job"])
    book.active.append(["Ann", 6025550122, sheets.day("11/02/2024")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(410):
                part.write(bytes(1_000_000))
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose sheet holds an entity of the kind that grows without end."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part.startswith("xl/worksheets"):
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data.split(b"?>", 1)[-1].replace(b"Phone", b"&a;")
            new.writestr(part, data)
    return out.getvalue()


def test_excel_is_read_and_files_made_to_harm_are_refused(world: World, alice: Visitor) -> None:
    where = str(send(alice, workbook(), "customers.xlsx").headers["Location"])
    page = words(alice.get(where))
    assert "(602) 555-0122" in page
    assert "2024-11-02" in page
    for data, said in [
        (bomb(), "unpacks to more than we take"),
        (entities(), "damaged or of a kind we cannot read"),
        (workbook()[:-400], "This Excel file is damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an Excel file of the old kind"),
        (b"%PDF-1.7 nothing", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is no text file"),
        (b'Name,Phone\n"Ann,1\n' + b"x" * 200_000, "cannot be read as a table"),
        (b"Name,Phone\n", "There are no rows"),
        (b"", "The file is empty"),
    ]:
        answer = send(alice, data)
        assert (answer.status_code, said in words(answer)) == (422, True), (said, words(answer)[:600])
    with world.plumber.open() as session:
        assert session.scalar(select(func.count(CustomerList.id))) == 1


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_separator_reads_as_it_was_written(encoding: str, separator: str) -> None:
    rows = [["Name", "Note"], ["José Núñez", "the dog’s name is “Señor”"], ["Zoë, García", 'says "hi"; two\nlines']]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    sheet = sheets.open_sheet(io.BytesIO(out.getvalue().encode(encoding)))
    assert list(sheet.rows) == rows, sheet.words


def test_somebody_who_calls_while_a_list_is_stored_stays_one_person(
    world: World, alice: Visitor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = storing._reach
    met: list[int] = []

    def calls_meanwhile(*arguments: Any) -> Any:
        if not met:
            met.append(1)
            with world.plumber.open() as other:
                makers.make_contact(other, "Ann", "+15125550170")
        return real(*arguments)

    where = taken(alice, b"Name,Phone\nAnn,512-555-0170\n")
    monkeypatch.setattr(storing, "_reach", calls_meanwhile)
    work(world.plumber.id)
    with world.plumber.open() as session:
        session.connection().exec_driver_sql("update timer set due_at = now() - interval '1 s' where state = 'ready'")
    work(world.plumber.id)
    assert counts(world, where)["state"] == "done"
    with world.plumber.open() as session:
        assert session.scalar(select(func.count(Contact.id))) == 1


def test_nobody_but_owners_and_managers_imports(world: World, bob: Visitor) -> None:
    assert bob.get("/lists").status_code == 403
    assert re.search("role", words(bob.send("/lists", {"file": (io.BytesIO(LIST.encode()), "x.csv")})))
