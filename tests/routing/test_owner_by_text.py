"""An owner without the app: the lead card comes by text, and the answer goes back through the same phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from hallway import consent
from hallway.appointments import Appointment
from hallway.calls import Alarm, Phone, raise_alarm
from hallway.conversations import Message, Task
from tests.inbound.door import text_in
from tests.makers import DANA, MARCUS, PRIYA, Business, World
from tests.routing.conftest import WORKDAY
from tests.routing.door import conversations, notices_of, texts_to, work

LEAK = "Water heater leaking at 1120 Bluff Creek Dr, Austin TX 78704, need someone today"


@pytest.fixture
def plumber(world: World) -> Business:
    return world.plumber


def told(business: Business) -> str:
    """What the owner's phone said last."""
    return texts_to(business, business.cell)[-1]


def code(card: str) -> str:
    found = re.search(r"#(\w\d)", card)
    assert found, card
    return found[1]


def lead(business: Business, body: str = LEAK, sender: str = DANA) -> str:
    """Somebody writes; returns the card on the owner's phone."""
    text_in(business, body, sender)
    work(business)
    return told(business)


def test_the_card_says_what_they_need_how_urgent_where_and_in_whose_words(plumber: Business) -> None:
    card = lead(plumber)
    assert card.startswith("Bluff Creek Plumbing: New lead: (512) 555-0148")
    for part in ("Water heater", "URGENT", "1120 Bluff Creek Dr", f'"{LEAK}"', f"#{code(card)}", "BOOK 2PM"):
        assert part in card
    assert texts_to(plumber, DANA) == []


def test_an_answer_to_the_card_reaches_the_customer_as_the_owners_own(world: World, plumber: Business) -> None:
    lead(plumber)
    text_in(plumber, "Shut the valve on top, I am there in an hour", plumber.cell)
    with plumber.open() as session:
        message = session.scalars(select(Message).where(Message.to_address == DANA)).one()
        assert (message.body, message.author_name) == ("Shut the valve on top, I am there in an hour", "Alice Romero")
        assert (message.from_address, message.kind, message.purpose) == (plumber.number, "person", "reply")
    assert conversations(plumber)[0].waiting_since is None
    assert texts_to(world.charlie, DANA) == []


def test_two_leads_at_once_are_asked_about_and_the_code_sends_what_was_written(plumber: Business) -> None:
    dana = code(lead(plumber))
    marcus = code(lead(plumber, "My toilet is clogged", MARCUS))
    assert dana != marcus
    text_in(plumber, "I can come at noon", plumber.cell)
    assert "Whom is that for?" in told(plumber)
    assert f"#{marcus} (512) 555-0162" in told(plumber)
    assert texts_to(plumber, MARCUS) == texts_to(plumber, DANA) == []
    text_in(plumber, f"#{marcus}", plumber.cell)
    assert texts_to(plumber, MARCUS) == ["I can come at noon"]
    text_in(plumber, f"#{dana} Tomorrow at 8?", plumber.cell)
    assert texts_to(plumber, DANA) == ["Tomorrow at 8?"]


def test_the_last_card_is_meant_when_the_others_are_long_past(
    plumber: Business, workday: time_machine.Traveller
) -> None:
    lead(plumber)
    workday.move_to(WORKDAY + timedelta(hours=2))
    lead(plumber, "My toilet is clogged", MARCUS)
    workday.move_to(WORKDAY + timedelta(hours=2, minutes=3))
    text_in(plumber, "On my way", plumber.cell)
    assert (texts_to(plumber, MARCUS), texts_to(plumber, DANA)) == (["On my way"], [])


def test_a_card_that_came_while_the_answer_was_typed_is_not_taken_for_the_one_meant(
    plumber: Business, workday: time_machine.Traveller
) -> None:
    lead(plumber)
    workday.move_to(WORKDAY + timedelta(hours=2))
    lead(plumber, "My toilet is clogged", MARCUS)
    text_in(plumber, "On my way", plumber.cell)
    assert "Whom is that for?" in told(plumber)


def test_a_refusal_of_the_gate_is_told_back_in_plain_words(plumber: Business) -> None:
    card = lead(plumber)
    text_in(plumber, "please stop texting me", DANA)
    text_in(plumber, f"#{code(card)} But we are cheap!", plumber.cell)
    assert "Not sent to (512) 555-0148: They asked for no more texts." in told(plumber)


def test_a_wrong_code_sends_nothing(plumber: Business) -> None:
    lead(plumber)
    text_in(plumber, "#Z9 Hello", plumber.cell)
    assert "There is no lead with that code" in told(plumber)
    assert texts_to(plumber, DANA) == []


@pytest.mark.parametrize(
    ("words", "starts"),
    [("book 2pm", "2026-11-18T14:00:00-06:00"), ("Book tomorrow 9am", "2026-11-19T09:00:00-06:00")],
)
def test_a_visit_is_booked_by_text_on_the_propertys_clock(plumber: Business, words: str, starts: str) -> None:
    lead(plumber)
    text_in(plumber, words, plumber.cell)
    with plumber.open() as session:
        visit = session.scalars(select(Appointment)).one()
        assert visit.starts_at.astimezone(WORKDAY.tzinfo).isoformat() != ""
        assert (
            visit.starts_at.isoformat() == visit.starts_at.fromisoformat(starts).astimezone(WORKDAY.tzinfo).isoformat()
        )
        assert visit.booked_by == "Alice Romero"
    assert "Booked: (512) 555-0148" in told(plumber)
    assert any("Bluff Creek Plumbing" in text for text in texts_to(plumber, DANA))


def test_a_booking_without_a_time_asks_for_one(plumber: Business) -> None:
    lead(plumber)
    text_in(plumber, "book it", plumber.cell)
    assert "say when, such as BOOK TOMORROW 9AM" in told(plumber)


def test_an_ok_takes_the_alarm_and_never_goes_to_a_customer(plumber: Business) -> None:
    lead(plumber)
    with plumber.open() as session:
        raise_alarm(session, session.merge(conversations(plumber)[0]), "repeat_call", "Called 2 times")
    text_in(plumber, "OK", plumber.cell)
    with plumber.open() as session:
        assert session.scalars(select(Alarm)).one().acknowledged_by == "Alice's cell"
    text_in(plumber, "OK", plumber.cell)
    assert "No alarm is open" in told(plumber)
    assert texts_to(plumber, DANA) == []


def test_the_owners_stop_ends_only_their_own_notices_and_is_loud_in_the_app(plumber: Business) -> None:
    lead(plumber)
    text_in(plumber, "STOP", plumber.cell)
    with plumber.open() as session:
        assert session.scalars(select(Task.title)).all() == ["Alice's cell gets no more texts from Hallway"]
    assert [one.member_id for one in notices_of(plumber, "trouble")] == [plumber.people["owner"].member]
    before = len(texts_to(plumber, plumber.cell))
    text_in(plumber, "Anybody there?", MARCUS)
    work(plumber)
    assert len(texts_to(plumber, plumber.cell)) == before
    text_in(plumber, "START", plumber.cell)
    text_in(plumber, "My drain is clogged", PRIYA)
    work(plumber)
    assert "My drain is clogged" in told(plumber)


def test_words_of_stopping_meant_for_a_customer_are_an_answer(plumber: Business) -> None:
    lead(plumber)
    text_in(plumber, "Please do not text me anymore, call me instead", plumber.cell)
    assert texts_to(plumber, DANA) == ["Please do not text me anymore, call me instead"]


def test_a_phone_that_is_nobodys_answers_no_customer(world: World) -> None:
    lead(world.plumber)
    with world.plumber.open() as session:
        crew = Phone(label="Van", e164="+15125550199", position=1, rings=True, on_call=False)
        session.add(crew)
    text_in(world.plumber, "On my way", "+15125550199")
    assert texts_to(world.plumber, DANA) == []
    assert "Customers are answered in the inbox" in texts_to(world.plumber, "+15125550199")[-1]


def test_somebody_erased_is_erased_from_the_cards_on_the_crews_phones_too(plumber: Business) -> None:
    lead(plumber)
    with plumber.open() as session:
        consent.erase(session, DANA)
    with plumber.open() as session:
        for table in ("message", "notice", "lead_field", "task", "conversation"):
            rows = session.execute(text(f"select t::text from {table} t")).scalars().all()
            assert not [row for row in rows if "1120" in row or "leaking" in row], table
