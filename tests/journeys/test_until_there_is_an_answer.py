"""A request from a business's web site is answered at once and followed up until there is an answer.

It is Friday. On Sunday the clocks go forward, and Texas wants no texts before noon; what is said of it all stands in
the log. Appointments over moves, zones and halts have their story in tests/appointments/test_reminders.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from blueprints_ui.app import create_app
from groundwork import intake
from groundwork.config import Settings
from hallway import appointments, followup
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, Message
from hallway.followup import Enrollment, Followed
from tests import makers
from tests.appointments.days import AUSTIN, Days, Person
from tests.appointments.days import at as on_the_clock
from tests.calls.door import make_client
from tests.followup.sequence import make_sequence
from tests.followup.sequence import work as do_what_is_due
from tests.forms.door import Door, make_form
from tests.mail.conftest import office, post_office_process
from tests.mail.door import hand_in, letter
from tests.mail.letters import settle
from tests.mail.post_office import PostOffice
from tests.mail.test_in import reply_to
from tests.makers import Business
from tests.sending.at_carrier import carrier, carrier_process, charlie, ear, fresh_number, plumber
from tests.ui.visitor import Visitor, words
from workers import jobs

__all__ = ["carrier", "carrier_process", "charlie", "ear", "office", "plumber", "post_office_process"]

FRIDAY = datetime(2027, 3, 12, 20, 0, tzinfo=UTC)  # two in the afternoon in Austin
THEIR_SITE = "https://bluffcreekplumbing.example"
STEPS = [
    {"id": "saturday", "kind": "sms", "wait": {"days": 1, "at": "10:00"},
     "body": "{{ business.name }} here. Still need a hand?"},
    {"id": "sunday", "kind": "sms", "wait": {"days": 1, "at": "10:00"},
     "body": "{{ business.name }}: shall we come by this week?"},
    {"id": "monday", "kind": "email", "wait": {"days": 1, "at": "09:00"}, "subject": "Your request",
     "body": "{{ business.name }}: your request is still open with us."},
    {"id": "tuesday", "kind": "sms", "wait": {"days": 1, "at": "10:00"},
     "body": "{{ business.name }} here. We won't ask again."},
]  # fmt: skip
_people = count(1)


@pytest.fixture(scope="module")
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def friday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


class Week(Days):
    """Days on which the workers do what the clock rings for, sequences among it."""

    def work(self) -> None:
        do_what_is_due(self.business)
        super().work()


@dataclass
class Lead:
    """Somebody who filled in the form of the business's own web site."""

    person: Person
    email: str

    def went_out(self) -> list[tuple[str, str]]:
        """What left for them and when, on Austin's clock."""
        left = [one for one in self.person._messages() if one.claimed_at]
        return [(_kind(one), one.claimed_at.astimezone(AUSTIN).strftime("%a %H:%M")) for one in left if one.claimed_at]

    def log(self) -> Followed:
        with self.person.days.business.open() as session:
            return followup.of_conversation(session, self.person.talk)[0]


@dataclass
class House:
    days: Days
    door: Door

    def lead(self, name: str) -> Lead:
        """Their words come by a script of another site, which shows the form and sends it."""
        phone, email = fresh_number(), f"lead{next(_people)}@example.com"
        told = self.door.get(f"/api/forms/{self.door.key}", Origin=THEIR_SITE)
        assert told.json
        self.days.clock.shift(20)
        typed = {"name": name, "phone": phone, "email": email, "message": "Water heater is leaking"}
        sent = self.door.api({**typed, "token": told.json["token"]}, Origin=THEIR_SITE)
        assert (sent.status_code, sent.json and sent.json["state"]) == (201, "accepted")
        self.door.work()
        self.days.work()
        with self.days.business.open() as session:
            mine = select(Conversation.id).join(ContactPoint, ContactPoint.contact_id == Conversation.contact_id)
            talk = session.scalars(mine.where(ContactPoint.value == phone)).one()
        return Lead(Person(self.days, phone, talk), email)


@pytest.fixture
def house(office: PostOffice, plumber: Business, app: Flask, friday: time_machine.Traveller) -> House:
    makers.make_member(plumber, "Alice Romero", "owner")
    settle(plumber, postal_address="1120 Bluff Creek Dr, Austin, TX 78704")
    make_sequence(plumber, *STEPS)
    form = make_form(plumber, "Web site", sites=[THEIR_SITE])
    return House(Week(friday, make_client(), plumber), Door(app, plumber, form, friday))


def test_who_stays_silent_hears_of_us_at_their_hours_and_the_log_says_why(
    house: House, office: PostOffice, app: Flask
) -> None:
    dana = house.lead("Dana Kowalski")
    assert dana.went_out() == [("mail: answer", "Fri 14:00"), ("text: answer", "Fri 14:00")]
    house.days.until(on_the_clock("2027-03-17 12:00"))
    assert dana.went_out()[2:] == [
        ("text", "Sat 10:00"),
        ("text", "Sun 12:00"),  # due at ten of the new time; the state allows it at noon
        ("mail", "Mon 09:00"),
        ("text", "Tue 10:00"),
    ]
    assert [str(came.mail["Subject"]) for came in office.came][-1] == "Your request"
    log = dana.log()
    assert (log.state, [(line.step, line.became) for line in log.lines]) == (
        "finished", [("saturday", "sent"), ("sunday", "sent"), ("monday", "sent"), ("tuesday", "sent")],
    )  # fmt: skip
    alice = Visitor(app, house.days.business.slug)
    alice.log_in("alice@example.com")
    shown = words(alice.get(f"/inbox/{dana.person.talk}"))
    assert all(step in shown for step in ("saturday", "sunday", "monday", "tuesday"))


def by_mail(house: House, lead: Lead) -> None:
    business = house.days.business
    with business.open() as session:
        talk = session.get_one(Conversation, (business.id, lead.person.talk))
    mail = letter(reply_to(business, talk), "Can you come on Thursday?", sender=f"Ann <{lead.email}>")
    hand_in(business, mail, sender=lead.email, handle=False)
    intake.handle_new(business.id, jobs.EVENTS)


def by_booking(house: House, lead: Lead) -> None:
    with house.days.business.open() as session:
        talk = session.get_one(Conversation, (house.days.business.id, lead.person.talk))
        appointments.book(session, talk, on_the_clock("2027-03-25 10:00"), untold="Told on the phone.")


def by_stop(_house: House, lead: Lead) -> None:
    lead.person.says("STOP")


@pytest.mark.parametrize(
    ("ends", "event", "why"),
    [
        (by_mail, "reply", "They answered."),
        (by_booking, "booking", "They booked a visit."),
        (by_stop, "opt_out", "They asked to be left alone."),
    ],
)
def test_an_answer_by_mail_a_booking_or_stop_ends_it_at_once_with_what_is_queued(
    house: House, ends: Callable[[House, Lead], None], event: str, why: str
) -> None:
    ann, silent = house.lead("Ann Yazzie"), house.lead("Marcus Bell")
    house.days.until(on_the_clock("2027-03-14 11:00"))
    waiting = [one for one in ann.person._messages() if one.state == "held"]
    assert len(waiting) == 1, "Sunday's text waits for noon"
    ends(house, ann)
    house.days.until(on_the_clock("2027-03-17 12:00"))
    with house.days.business.open() as session:
        held = session.get_one(Message, (house.days.business.id, waiting[0].id))
        assert (held.state, bool(held.error)) == ("cancelled", True)
        enrollment = session.scalars(select(Enrollment).where(Enrollment.conversation_id == ann.person.talk)).one()
        assert (enrollment.state, enrollment.stopped_by, enrollment.stopped_why) == ("stopped", event, why)
    assert [what for what, _ in ann.went_out() if what in ("text", "mail")] == ["text"]
    assert [what for what, _ in silent.went_out()[2:]] == ["text", "text", "mail", "text"]
    assert ann.log().lines[-1].became == "stopped"


def _kind(message: Message) -> str:
    way = "mail" if message.channel == "email" else "text"
    return f"{way}: answer" if message.kind == "form_reply" else way
