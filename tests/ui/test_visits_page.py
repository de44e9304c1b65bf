"""Visits through the pages: booked from the thread, moved, ended, imported, subscribed to."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from hallway import leads
from hallway.appointments import Appointment, Reminder
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, Message, Task
from hallway.leads.models import Lead
from tests import makers
from tests.makers import World
from tests.ui.visitor import FRAGMENT, Visitor, words

MONDAY = datetime(2026, 11, 16, 16, 0, tzinfo=UTC)  # 10 am in Austin
CSV = """Phone,Customer,Date,Start,End,Job type,Address,State,ZIP,Technician,Job number,E-mail
(512) 555-0148,Dana Kowalski,11/19/2026,8:00 AM,10 am,Water heater,1804 Kinney Ave,TX,78704,Luis,J-1
,Ann Yazzie,11/19/2026,13:00,,Señal débil,12 Palm St,az,85004,,J-2,Ann@example.com
12,Nobody,tomorrow,8,,,,,,,J-3
"""


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


def talk_with_dana(world: World) -> Conversation:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session, line_type="mobile"))
        said = "Water heater leaking at 1804 Kinney Ave 78704. Thursday between 8 and 10?"
        text = makers.make_text_in(session, talk, said, business=world.plumber)
        leads.listen(session, talk, said, source_kind="message", source_id=text.id, at=text.at)
        return talk


def the_visit(world: World) -> Appointment:
    with world.plumber.open() as session:
        return session.scalars(select(Appointment)).one()


def form(**changed: str) -> dict[str, str]:
    values = {"date": "2026-11-19", "from_time": "08:00", "to_time": "10:00", "what": "Water heater", "state": "TX"}
    return values | {"zip_code": "78704", "minutes": "60", "tell": "yes", "zone_shown": "America/Chicago"} | changed


def test_a_visit_is_booked_from_the_thread_with_what_the_lead_said(world: World, bob: Visitor) -> None:
    talk = talk_with_dana(world)
    page = bob.get(f"/inbox/{talk.id}/visit").get_data(as_text=True)
    for filled in ('value="2026-11-19"', 'value="08:00"', 'value="10:00"', "1804 Kinney Ave", 'value="78704"'):
        assert filled in page
    assert bob.send(f"/inbox/{talk.id}/visit", form()).status_code == 303
    visit = the_visit(world)
    assert (visit.starts_at, visit.booked_by) == (datetime(2026, 11, 19, 14, 0, tzinfo=UTC), "Bob Tran")
    thread = words(bob.get(f"/inbox/{talk.id}"))
    assert "Booked for Thursday, Nov 19, between 8 and 10 am" in thread
    assert "Reply C to confirm or R to ask for another time." in thread
    with world.plumber.open() as session:
        assert session.scalars(select(Lead)).one().status == "booked"
        assert {one.kind for one in session.scalars(select(Reminder))} == {"booked", "day_before", "morning_of"}
    shown = words(bob.get(f"/appointments/{visit.id}"))
    assert "Goes out Nov 18, 10:00 AM" in shown
    assert "Not sent. The visit begins before the hour of the morning reminder." in shown


def test_a_place_in_another_zone_is_asked_about_before_it_is_booked(world: World, bob: Visitor) -> None:
    talk = talk_with_dana(world)
    answer = bob.send(f"/inbox/{talk.id}/visit", form(state="AZ", zip_code="85004"))
    assert answer.status_code == 422
    assert "The clocks there are Arizona (no daylight saving). Check the times and book again." in words(answer)
    bob.send(f"/inbox/{talk.id}/visit", form(state="AZ", zip_code="85004", zone_shown="America/Phoenix"))
    assert the_visit(world).starts_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
    week = words(bob.get("/appointments"))
    assert "9:00 AM" in week
    assert "between 8 and 10 am there" in week


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"date": ""}, "That is not a day. Choose one."),
        ({"date": "2026-11-15"}, "That time has passed."),
        ({"to_time": "07:00"}, "The arrival window ends before it begins."),
        ({"from_time": "8 o'clock"}, "Write the time like 08:30."),
        ({"date": "2126-11-15"}, "more than two years ahead"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    world: World, bob: Visitor, wrong: dict[str, str], said: str
) -> None:
    talk = talk_with_dana(world)
    answer = bob.send(f"/inbox/{talk.id}/visit", form(**wrong))
    assert answer.status_code == 422
    assert said in words(answer)
    with world.plumber.open() as session:
        assert session.scalar(select(Appointment.id)) is None


def test_a_visit_is_moved_confirmed_and_cancelled_on_its_page(world: World, bob: Visitor) -> None:
    talk = talk_with_dana(world)
    bob.send(f"/inbox/{talk.id}/visit", form())
    path = f"/appointments/{the_visit(world).id}"
    assert bob.send(f"{path}/move", form(date="2026-11-20")).status_code == 303
    assert "Friday, Nov 20, between 8 and 10 am" in words(bob.get(path))
    bob.send(f"{path}/confirm")
    assert the_visit(world).status == "confirmed"
    bob.send(f"{path}/details", {"what": "Water heater", "technician": "Rosa", "minutes": "90"})
    assert the_visit(world).technician == "Rosa"
    assert "It has not begun yet. Cancel it instead." in words(bob.follow(bob.send(f"{path}/no_show")))
    bob.send(f"{path}/cancel", {"tell": "yes"})
    shown = words(bob.get(path))
    assert "Cancelled" in shown
    assert bob.send(f"{path}/move", form()).status_code == 422
    with world.plumber.open() as session:
        states = {one.kind: one.state for one in session.scalars(select(Message).where(Message.direction == "out"))}
    assert states["appointment_booked"] == states["appointment_moved"] == "cancelled"


def test_the_time_they_asked_for_is_one_tap_in_the_thread(world: World, bob: Visitor) -> None:
    talk = talk_with_dana(world)
    bob.send(f"/inbox/{talk.id}/visit", form())
    with world.plumber.open() as session:
        visit = session.scalars(select(Appointment)).one()
        visit.status, visit.wish_words = "reschedule_asked", "Friday at the same time?"
        visit.wish_starts_at = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
        visit.wish_arrive_by = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
        session.add(Task(kind="appointment", key=str(visit.id), title="Find another time", reason="x", rule="r",
                         conversation_id=talk.id))  # fmt: skip
    thread = words(bob.get(f"/inbox/{talk.id}"))
    assert "Friday at the same time?" in thread
    assert "Move to Fri, Nov 20, 8:00 AM" in thread
    answer = bob.send(f"/appointments/{visit.id}/move", {"wish": "yes", "from": "thread"}, **FRAGMENT)
    assert answer.status_code == 200
    assert the_visit(world).wish_words is None
    with world.plumber.open() as session:
        assert session.scalars(select(Task)).one().done_by == "Bob Tran"


def test_no_shows_are_counted_with_and_without_confirmation(world: World, bob: Visitor) -> None:
    talk = talk_with_dana(world)
    with world.plumber.open() as session:
        for status, confirmed in [("done", True), ("done", True), ("no_show", True), ("no_show", False)]:
            at = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
            row = {"zone": "America/Chicago", "starts_at": at, "status": status, "what": "Repair"}
            session.add(Appointment(conversation_id=talk.id, confirmed_at=at if confirmed else None, **row))
    shown = words(bob.get("/appointments"))
    assert "All 50 % 2 of 4 visits Confirmed 33 % 1 of 3 visits Not confirmed 100 % 1 of 1 visits" in shown


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_list_is_looked_at_first_and_taken_in_once(world: World, bob: Visitor, encoding: str) -> None:
    bob.get("/appointments/import")
    seen = bob.send("/appointments/import", {"file": (io.BytesIO(CSV.encode(encoding)), "jobs.csv")})
    shown = words(seen)
    assert "2 of 3 rows can be taken in" in shown
    for part in ("“12” has", "“12” is not a phone number", "“tomorrow” is not a day", "Señal débil", "Arizona"):
        assert part in shown or part == "“12” has"
    packed = re.search(r'name="rows" value="([^"]+)"', seen.get_data(as_text=True))
    assert packed
    with world.plumber.open() as session:
        assert session.scalar(select(Appointment.id)) is None
    for said in ("2 booked, 0 moved or changed, 0 known", "0 booked, 0 moved or changed, 2 known"):
        assert said in words(bob.follow(bob.send("/appointments/import/take-in", {"rows": packed[1]})))
    with world.plumber.open() as session:
        visits = {one.external_id: one for one in session.scalars(select(Appointment))}
        assert visits["J-2"].starts_at == datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
        assert visits["J-1"].technician == "Luis"
        ann = session.get_one(Conversation, (world.plumber.id, visits["J-2"].conversation_id)).contact_id
        points = select(ContactPoint.value).where(ContactPoint.contact_id == ann)
        assert list(session.scalars(points)) == ["ann@example.com"]
        assert session.scalar(select(Message.id)) is None  # nobody was told


def test_a_file_that_is_no_list_is_refused_in_plain_words(bob: Visitor) -> None:
    bob.get("/appointments/import")
    for data, said in [
        (b"", "Choose a file first."),
        (b"\x89PNG\r\n\x00\x00", "This is no text file."),
        (b"Phone,Start\n5125550148,8:00", "There is no column for date."),
        (b"Name,Date,Start\nDana,11/19/2026,8:00", "There is no column for phone or e-mail."),
        (b"Phone,Date,Start\n", "There are no rows under the first line."),
    ]:
        answer = bob.send("/appointments/import", {"file": (io.BytesIO(data), "x.csv")})
        assert answer.status_code == 422
        assert said in words(answer)


def test_the_feed_is_read_by_whoever_has_its_address_until_it_is_taken_away(
    world: World, alice: Visitor, bob: Visitor, charlie: Visitor
) -> None:
    talk = talk_with_dana(world)
    bob.send(f"/inbox/{talk.id}/visit", form())
    assert bob.send("/settings/appointments/feed/open").status_code == 403
    shown = alice.follow(alice.send("/settings/appointments/feed/open")).get_data(as_text=True)
    address = re.search(r'value="http://[^/]+(/calendar/[^"]+\.ics)"', shown)
    assert address
    feed = Calendar.from_ical(alice.client.get(address[1], base_url=alice.origin).get_data(as_text=True))
    event: Any = feed.walk("VEVENT")[0]
    assert (str(event["SUMMARY"]), int(event["SEQUENCE"])) == ("Water heater: Dana Kowalski", 0)
    assert event["DTSTART"].dt == datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
    assert charlie.get(address[1]).status_code == 404
    alice.send("/settings/appointments/feed/open")
    assert alice.get(address[1]).status_code == 404


def test_the_calendar_file_of_a_visit_counts_its_changes_and_takes_it_out_when_cancelled(
    world: World, bob: Visitor
) -> None:
    talk = talk_with_dana(world)
    bob.send(f"/inbox/{talk.id}/visit", form())
    path = f"/appointments/{the_visit(world).id}"
    bob.send(f"{path}/move", form(date="2026-11-20"))
    bob.send(f"{path}/cancel")
    made = Calendar.from_ical(bob.get(f"{path}/invite.ics").get_data(as_text=True))
    event: Any = made.walk("VEVENT")[0]
    assert (str(made["METHOD"]), int(event["SEQUENCE"]), str(event["STATUS"])) == ("CANCEL", 2, "CANCELLED")


def test_who_sends_what_and_when_is_kept_and_the_times_are_checked(world: World, alice: Visitor) -> None:
    alice.get("/settings/appointments")
    rules = {"confirmation_by": "hallway", "day_before_by": "dispatch", "morning_of_by": "nobody"}
    times = {"day_before_at": "15:30", "morning_of_at": "07:00"}
    assert "Write the time like 10:00." in words(
        alice.send("/settings/appointments", rules | times | {"day_before_at": "9"})
    )
    alice.send("/settings/appointments", rules | times)
    page = alice.get("/settings/appointments").get_data(as_text=True)
    assert 'value="15:30"' in page
    assert '<option value="dispatch" selected>' in page
    assert "Changed the rules of appointments" in words(alice.get("/settings/activity"))
