"""C, R and words of their own: understood only where somebody was asked about a visit, and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from hallway import consent, sending
from hallway.appointments import rules
from hallway.calls import Alarm
from hallway.conversations import Conversation
from tests import makers
from tests.appointments.days import Days, Person, at, change, decisions, show


@pytest.fixture
def dana(days: Days) -> Person:
    return days.person()


@pytest.mark.parametrize("said", ["C", "c!", "yes", "Confirmed, thank you", "see you then"])
def test_c_or_yes_confirms_and_is_answered(days: Days, dana: Person, said: str) -> None:
    visit = dana.book(at("2026-11-19 08:00"))
    dana.says(said)
    assert show(days.business, visit).status == "confirmed"
    assert dana.last() == "Thanks, Dana! See you Thursday, Nov 19, between 8 and 10 am. - Bluff Creek Plumbing"
    assert not dana.waits()
    dana.says(said)
    assert [kind for kind, _ in dana.fate()].count("reply") == 1
    assert not dana.waits()


def test_a_confirmed_visit_is_reminded_without_asking_again(days: Days, dana: Person) -> None:
    dana.book(at("2026-11-19 10:00"))
    dana.says("C")
    days.until(at("2026-11-18 12:00"))
    assert dana.texts()[-1][0] == "day_before"
    assert "Reply C" not in dana.last()


@pytest.mark.parametrize("said", ["C", "R", "can we do Thursday?", "please cancel my appointment", "yes"])
def test_without_a_visit_the_words_are_an_ordinary_text(dana: Person, said: str) -> None:
    dana.says(said)
    assert dana.fate() == []
    assert dana.waits()


def test_a_visit_they_were_never_told_of_is_not_what_they_answer(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-19 10:00"), untold="You chose not to tell them.")
    dana.says("C")
    assert show(days.business, visit).status == "booked"
    assert dana.waits()


def test_another_time_in_their_own_words_waits_for_a_person_with_the_time_they_meant(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-18 10:00"))
    dana.says("can we do Thursday instead?")
    asked = show(days.business, visit)
    assert (asked.status, asked.wish_words) == ("reschedule_asked", "can we do Thursday instead?")
    assert (asked.wish_starts_at, asked.wish_arrive_by) == (at("2026-11-19 10:00"), at("2026-11-19 12:00"))
    assert "got it, you need another time than Wednesday, Nov 18" in dana.last()
    assert [task.title.startswith("Find another time") for task in dana.tasks()] == [True]
    assert dana.waits()
    days.until(at("2026-11-17 12:00"))
    assert decisions(days.business, visit)["day_before"] == ("skipped", "reminder.asked")
    change(days.business, visit, "reschedule", asked.wish_starts_at, arrive_by=asked.wish_arrive_by, by="Bob Tran")
    days.work()
    assert dana.tasks() == []
    assert "your visit is moved to Thursday, Nov 19, between 10 am and 12 pm" in dana.last()
    dana.says("C")
    assert show(days.business, visit).status == "confirmed"


def test_the_time_they_mean_is_on_the_property_s_clock(days: Days) -> None:
    ann = days.person("Ann Yazzie", state="AZ", zip="85004")
    visit = ann.book(at("2026-11-18 10:00", "America/Phoenix"))
    ann.says("Can you come Friday between 2 and 4 instead?")
    asked = show(days.business, visit)
    assert asked.wish_starts_at == at("2026-11-20 14:00", "America/Phoenix")
    assert asked.wish_arrive_by == at("2026-11-20 16:00", "America/Phoenix")


def test_r_alone_asks_a_person_without_a_proposal(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("R")
    asked = show(days.business, visit)
    assert (asked.status, asked.wish_starts_at) == ("reschedule_asked", None)
    change(days.business, visit, "keep", by="Bob Tran")
    assert show(days.business, visit).status == "booked"
    assert dana.tasks() == []


def test_a_wish_to_cancel_asks_a_person_and_never_stops_texts(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("I need to cancel my appointment")
    assert show(days.business, visit).status == "cancel_asked"
    assert "you'd like to call off Thursday, Nov 19" in dana.last()
    with days.business.open() as session:
        assert consent.is_suppressed(session, dana.phone) is None
    change(days.business, visit, "cancel", by="Bob Tran")
    days.work()
    assert dana.tasks() == []
    assert "is cancelled" in dana.last()


def test_where_customers_may_cancel_themselves_it_is_cancelled_and_told(days: Days, dana: Person) -> None:
    with days.business.open() as session:
        rules.to_change(session).leads_may_cancel = True
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("something came up, please cancel the appointment")
    assert show(days.business, visit).status == "cancelled"
    assert "is cancelled" in dana.last()
    assert not dana.waits()
    days.until(at("2026-11-20 10:00"))
    assert [kind for kind, _ in dana.texts()] == ["booked", "cancelled"]


def test_cancel_alone_stops_all_texts_as_the_carrier_takes_it_and_a_person_asks_about_the_visit(
    days: Days, dana: Person
) -> None:
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("CANCEL")
    assert show(days.business, visit).status == "booked"
    with days.business.open() as session:
        assert consent.is_suppressed(session, dana.phone)
    assert [task.title.startswith("Did they mean the visit?") for task in dana.tasks()] == [True]


def test_stop_is_never_about_the_visit(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("stop texting me")
    assert show(days.business, visit).status == "booked"
    assert dana.tasks() == []


def test_with_two_visits_they_are_asked_which_and_answer_by_number_or_day(days: Days, dana: Person) -> None:
    first, second = dana.book(at("2026-11-19 10:00")), dana.book(at("2026-11-24 13:00"))
    dana.says("C")
    assert "1) Thursday, Nov 19, between 10 am and 12 pm; 2) Tuesday, Nov 24, between 1 and 3 pm" in dana.last()
    assert {show(days.business, one).status for one in (first, second)} == {"booked"}
    dana.says("2")
    assert (show(days.business, first).status, show(days.business, second).status) == ("booked", "confirmed")
    days.clock.shift(900)  # four automatic texts in ten minutes would look like a loop
    dana.says("R")
    assert "which visit do you mean?" in dana.last()
    dana.says("the Thursday one")
    assert show(days.business, first).status == "reschedule_asked"


def test_a_day_they_name_says_which_visit_they_cancel(days: Days, dana: Person) -> None:
    first, second = dana.book(at("2026-11-19 10:00")), dana.book(at("2026-11-24 13:00"))
    dana.says("please cancel the appointment on Thursday")
    assert (show(days.business, first).status, show(days.business, second).status) == ("cancel_asked", "booked")


def test_a_yes_to_a_person_of_ours_confirms_no_visit(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-19 10:00"))
    with days.business.open() as session:
        bob = makers.make_member(days.business, "Bob Tran", email="bob@bluff.example").author
        talk = session.get_one(Conversation, (days.business.id, dana.talk))
        sending.queue(
            session, talk, "Is it the gas heater in the garage?", kind="person", purpose="reply", author=bob,
            shelf_life=timedelta(hours=1),
        )  # fmt: skip
    days.work()
    days.clock.shift(60)
    dana.says("yes")
    assert show(days.business, visit).status == "booked"
    assert dana.waits()
    dana.says("C")
    assert show(days.business, visit).status == "confirmed"


def test_a_spanish_speaker_is_told_and_answered_in_spanish(days: Days) -> None:
    rosa = days.person("Rosa Vega", language="es")
    visit = rosa.book(at("2026-11-19 13:00"))
    assert "tiene cita el jueves 19 de noviembre, entre la 1 y las 3 pm" in rosa.last()
    rosa.says("Confirmo")
    rosa.says("Confirmo")
    rosa.says("Confirmo")
    assert show(days.business, visit).status == "confirmed"
    assert rosa.last().startswith("Gracias, Rosa. Nos vemos el jueves 19 de noviembre")


def test_words_of_emergency_in_an_answer_about_a_visit_page_whoever_is_on_call(days: Days, dana: Person) -> None:
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("need to reschedule, I smell gas in the basement")
    assert show(days.business, visit).status == "reschedule_asked"
    with days.business.open() as session:
        assert session.scalars(select(Alarm.reason)).all() == ["emergency_words"]
    assert dana.waits()


def test_somebody_erased_leaves_no_words_about_their_visits(days: Days, dana: Person) -> None:
    dana.book(at("2026-11-18 10:00"), what="Boiler swap", address="7 Elm Court")
    dana.says("can we do Thursday instead, my mother is ill?")
    with days.business.open() as session:
        consent.erase(session, dana.phone)
    with days.business.open() as session:
        for table in (
            "appointment",
            "appointment_event",
            "appointment_question",
            "message",
            "task",
            "notice",
            "moment",
        ):
            rows = session.execute(text(f"select t::text from {table} t")).scalars().all()
            assert not [row for row in rows if "Boiler" in row or "Elm" in row or "mother" in row], table
