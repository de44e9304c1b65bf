"""Visits by e-mail: an invite that follows the visit, reminders for whoever cannot be texted, answers by one tap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from groundwork import timers
from hallway import appointments, sending
from hallway.appointments import Appointment, Reminder
from hallway.appointments import rules as appointment_rules
from hallway.conversations import Conversation, Message, Task
from tests.mail.door import hand_in, letter
from tests.mail.letters import DANA_MAIL, know
from tests.mail.post_office import Came, PostOffice
from tests.mail.test_in import reply_to
from tests.makers import DANA, Business
from workers import jobs

MONDAY = datetime(2026, 11, 16, 16, 0, tzinfo=UTC)  # 10 am in Austin
THURSDAY = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def book(business: Business, conversation: Conversation) -> UUID:
    with business.open() as session:
        here = session.get_one(Conversation, (business.id, conversation.id))
        made = appointments.book(session, here, THURSDAY, what="Water heater repair", zone="America/Chicago").id
    work(business)
    return made


def change(business: Business, visit: UUID, deed: str, *rest: Any) -> None:
    with business.open() as session:
        getattr(appointments, deed)(session, session.get_one(Appointment, (business.id, visit)), *rest, by="Bob Tran")
    work(business)


def work(business: Business) -> None:
    while timers.run_due(business.id, jobs.TIMERS):
        pass
    sending.deliver(business.id, "soon")
    sending.deliver(business.id, "now")


def event_of(came: Came) -> tuple[str, int, str, Any]:
    """Method, sequence and UID of the part that mail programs act on, and its attendee."""
    part = next(one for one in came.mail.walk() if one.get_content_type() == "text/calendar")
    made = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == str(made["METHOD"])
    event: Any = made.walk("VEVENT")[0]
    return str(made["METHOD"]), int(event["SEQUENCE"]), str(event["UID"]), event


def answer_of(came: Came, partstat: str) -> Any:
    """What a calendar sends back to the organizer."""
    _, sequence, uid, event = event_of(came)
    organizer = str(event["ORGANIZER"]).removeprefix("mailto:")
    mail = letter(organizer, "", Auto_Submitted="auto-generated", Message_ID=f"<{partstat}-{sequence}@x.example>")
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//X//EN", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{uid}",
             f"SEQUENCE:{sequence}", f"ATTENDEE;PARTSTAT={partstat}:mailto:{DANA_MAIL}", "END:VEVENT",
             "END:VCALENDAR", "")  # fmt: skip
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return mail


def test_an_invite_goes_beside_the_text_follows_every_move_and_is_taken_back(
    office: PostOffice, plumber: Business
) -> None:
    dana = know(plumber, phone=DANA)
    visit = book(plumber, dana)
    change(plumber, visit, "reschedule", datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    change(plumber, visit, "amend")
    change(plumber, visit, "reschedule", datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    change(plumber, visit, "cancel")
    told = [event_of(came) for came in office.came]
    assert [one[:2] for one in told] == [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2), ("CANCEL", 3)]
    assert {one[2] for one in told} == {f"{visit}@hallway"}
    attendee, organizer = told[0][3]["ATTENDEE"], told[0][3]["ORGANIZER"]
    assert (str(attendee), attendee.params["RSVP"]) == (f"mailto:{DANA_MAIL}", "TRUE")
    assert str(organizer) == f"mailto:{reply_to(plumber, dana)}"
    assert office.came[0].mail["Subject"] == "Your visit: Thursday, Nov 19, at 10 am"
    assert "Water heater repair" in office.came[0].part("plain")
    with plumber.open() as session:
        texts = select(Message.kind).where(Message.channel == "sms").order_by(Message.at, Message.id)
        assert len(session.scalars(texts).all()) == 4


def test_whoever_cannot_be_texted_is_reminded_by_e_mail_and_others_are_not(
    office: PostOffice, plumber: Business, monday: time_machine.Traveller
) -> None:
    book(plumber, know(plumber))
    book(plumber, know(plumber, "marcus@example.com", phone=DANA))
    for moment in ("2026-11-18T16:00+00:00", "2026-11-19T14:00+00:00"):
        monday.move_to(datetime.fromisoformat(moment))
        work(plumber)
    subjects = [(came.rcpt_tos[0], str(came.mail["Subject"]).partition(":")[0]) for came in office.came]
    assert subjects == [(DANA_MAIL, "Your visit"), ("marcus@example.com", "Your visit"),
                        (DANA_MAIL, "Tomorrow"), (DANA_MAIL, "Today")]  # fmt: skip
    assert all(one.state != "refused" for one in everything(plumber, Message))


def test_the_settings_decide_whether_e_mails_go(office: PostOffice, plumber: Business) -> None:
    with plumber.open() as session:
        ours = appointment_rules.to_change(session)
        ours.mail_invites = ours.mail_reminders = False
    book(plumber, know(plumber))
    with plumber.open() as session:
        ours = appointment_rules.to_change(session)
        ours.confirmation_by, ours.mail_invites = "dispatch", True
    book(plumber, know(plumber, "marcus@example.com"))
    assert office.came == []
    rules = [one.rule for one in everything(plumber, Reminder) if one.kind == "booked"]
    assert rules == ["number.anonymous", "reminder.dispatch"]


def test_an_invite_written_for_an_older_time_never_leaves(office: PostOffice, plumber: Business) -> None:
    dana = know(plumber)
    with plumber.open() as session:
        here = session.get_one(Conversation, (plumber.id, dana.id))
        visit = appointments.book(session, here, THURSDAY, zone="America/Chicago")
        appointments.reschedule(session, visit, datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    work(plumber)
    assert [event_of(came)[:2] for came in office.came] == [("REQUEST", 1)]


@pytest.mark.parametrize("how", ["word", "tap"])
def test_they_confirm_by_a_word_or_a_tap_in_their_calendar(office: PostOffice, plumber: Business, how: str) -> None:
    dana = know(plumber)
    visit = book(plumber, dana)
    mail = answer_of(office.came[0], "ACCEPTED") if how == "tap" else letter(reply_to(plumber, dana), "C")
    hand_in(plumber, mail)
    work(plumber)
    with plumber.open() as session:
        assert session.get_one(Appointment, (plumber.id, visit)).status == "confirmed"
        assert session.get_one(Conversation, (plumber.id, dana.id)).waiting_since is None
    answers = [str(came.mail.get_body(("plain",)).get_content()) for came in office.came[1:]]  # type: ignore[union-attr]
    assert len(answers) == (1 if how == "word" else 0)
    assert all("See you Thursday, Nov 19" in one for one in answers)


def test_declined_in_a_calendar_asks_a_person_and_an_old_or_strange_answer_changes_nothing(
    office: PostOffice, plumber: Business, charlie: Business
) -> None:
    dana = know(plumber)
    visit = book(plumber, dana)
    invite = office.came[0]
    strange = answer_of(invite, "ACCEPTED")
    strange.replace_header("From", "Mallory <mallory@example.com>")
    hand_in(plumber, strange)
    hand_in(charlie, answer_of(invite, "ACCEPTED"))
    change(plumber, visit, "reschedule", datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    hand_in(plumber, answer_of(invite, "ACCEPTED"))
    with plumber.open() as session:
        assert session.get_one(Appointment, (plumber.id, visit)).status == "booked"
    hand_in(plumber, answer_of(office.came[1], "DECLINED"))
    with plumber.open() as session:
        assert session.get_one(Appointment, (plumber.id, visit)).status == "cancel_asked"
        assert session.scalars(select(Task.kind)).all() == ["appointment"]


def everything(business: Business, table: type[Any]) -> list[Any]:
    with business.open() as session:
        return list(session.scalars(select(table).order_by(table.id)))
