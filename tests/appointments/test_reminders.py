"""Confirmations and reminders leave at the tenant's hours on the property's clock, once, and only while true."""

from __future__ import annotations

from hallway import appointments
from hallway.appointments import Appointment, AppointmentRules
from hallway.conversations import Conversation
from tests.appointments.days import Days, at, change, decisions, show
from tests.makers import Business


def test_a_visit_is_confirmed_at_once_and_reminded_the_day_before_and_in_the_morning(days: Days) -> None:
    dana = days.person(address="1804 Kinney Ave", state="TX", zip="78704")
    dana.book(at("2026-11-19 10:00"), technician="Luis")  # Texans are not texted before nine
    assert dana.texts() == [("booked", "Mon 10:00")]
    assert "Thursday, Nov 19, between 10 am and 12 pm: Water heater repair, 1804 Kinney Ave" in dana.last()
    days.until(at("2026-11-19 09:00"))
    assert dana.texts() == [("booked", "Mon 10:00"), ("day_before", "Wed 10:00"), ("morning_of", "Thu 09:00")]
    assert "we come today between 10 am and 12 pm. Luis will be there." in dana.last()


def test_moved_twice_and_cancelled_sends_exactly_the_right_ones(days: Days) -> None:
    dana, marcus = days.person(), days.person("Marcus Bell")
    visit = dana.book(at("2026-11-19 10:00"))
    other = marcus.book(at("2026-11-19 13:00"))
    days.until(at("2026-11-18 11:00"))  # the first reminder has left
    change(days.business, visit, "reschedule", at("2026-11-20 14:00"), by="Bob Tran")
    days.until(at("2026-11-19 12:00"))  # and the one of the new day before
    change(days.business, visit, "reschedule", at("2026-11-24 09:00"), by="Bob Tran")
    days.until(at("2026-11-23 12:00"))
    change(days.business, visit, "cancel", by="Bob Tran")
    days.until(at("2026-11-30 12:00"))
    assert dana.texts() == [
        ("booked", "Mon 10:00"),
        ("day_before", "Wed 10:00"),
        ("moved", "Wed 11:00"),
        ("day_before", "Thu 10:00"),
        ("moved", "Thu 12:00"),
        ("day_before", "Mon 10:00"),
        ("cancelled", "Mon 12:00"),
    ]
    assert [kind for kind, _ in marcus.texts()] == ["booked", "day_before", "morning_of"]
    assert (show(days.business, visit).version, show(days.business, other).version) == (4, 1)


def test_moved_within_the_same_minute_only_the_last_time_is_told(days: Days) -> None:
    dana = days.person()
    with days.business.open() as session:
        talk = session.get_one(Conversation, (days.business.id, dana.talk))
        visit = appointments.book(session, talk, at("2026-11-19 10:00"))
        appointments.reschedule(session, visit, at("2026-11-20 10:00"))
    days.until(at("2026-11-18 12:00"))
    assert dana.fate() == [("booked", "cancelled"), ("moved", "accepted")]


def test_one_in_arizona_and_one_in_indiana_are_told_on_their_own_clocks(days: Days) -> None:
    phoenix = days.person("Ann Yazzie", state="AZ", zip="85004")
    gary, indianapolis = days.person(state="IN", zip="46402"), days.person(state="IN", zip="46204")
    visits = [
        phoenix.book(at("2027-03-16 13:00", "America/Phoenix")),  # daylight saving has begun elsewhere
        gary.book(at("2027-03-16 13:00", "America/Chicago")),
        indianapolis.book(at("2027-03-16 13:00", "America/New_York")),
    ]
    zones = [show(days.business, visit).zone for visit in visits]
    assert zones == ["America/Phoenix", "America/Chicago", "America/New_York"]
    days.until(at("2027-03-16 12:00", "America/Phoenix"))
    for person in (phoenix, gary, indianapolis):
        assert "today between 1 and 3 pm" in person.last()
    # 10:00 and 8:00 of each place, on Austin's clock; a Texan phone gets no text before nine, here or there.
    assert phoenix.texts()[1:] == [("day_before", "Mon 12:00"), ("morning_of", "Tue 11:00")]
    assert gary.texts()[1:] == [("day_before", "Mon 10:00"), ("morning_of", "Tue 09:00")]
    assert indianapolis.texts()[1:] == [("day_before", "Mon 09:00"), ("morning_of", "Tue 09:00")]


def test_the_night_the_clocks_change_moves_no_reminder(days: Days) -> None:
    days.until(at("2027-03-12 09:00"))
    dana = days.person(state="TX", zip="78704")
    dana.book(at("2027-03-14 15:00"))  # the Sunday on which an hour is missing; Texas rests until noon
    days.until(at("2027-03-14 14:00"))
    assert dana.texts()[1:] == [("day_before", "Sat 10:00"), ("morning_of", "Sun 12:00")]
    days.until(at("2027-11-05 09:00"))
    dana.book(at("2027-11-07 15:00"))  # the Sunday on which an hour comes twice
    days.until(at("2027-11-07 14:00"))
    assert dana.texts()[4:] == [("day_before", "Sat 10:00"), ("morning_of", "Sun 12:00")]


def test_booked_too_short_before_skips_with_the_reason(days: Days) -> None:
    dana = days.person()
    tomorrow = dana.book(at("2026-11-17 15:00"))  # at ten, when tomorrow's reminders go out
    early = dana.book(at("2026-11-18 08:00"))
    noon = dana.book(at("2026-11-16 13:00"))
    assert decisions(days.business, tomorrow)["day_before"] == ("skipped", "reminder.too_short")
    assert decisions(days.business, early)["morning_of"] == ("skipped", "reminder.begins_early")
    assert decisions(days.business, noon)["morning_of"] == ("skipped", "reminder.too_short")
    late = days.person()
    days.until(at("2026-11-17 09:00"))
    soon = late.book(at("2026-11-18 13:00"))
    assert decisions(days.business, soon)["day_before"] == ("skipped", "reminder.just_told")
    days.until(at("2026-11-18 12:00"))
    assert [kind for kind, _ in late.texts()] == ["booked", "morning_of"]


def test_after_a_day_s_halt_what_still_makes_sense_goes_and_the_rest_is_skipped_with_its_reason(days: Days) -> None:
    dana, marcus = days.person(), days.person("Marcus Bell")
    stale = dana.book(at("2026-11-18 14:00"))
    fresh = marcus.book(at("2026-11-19 14:00"))
    days.asleep_until(at("2026-11-18 13:00"))  # everything was down since Monday
    assert decisions(days.business, stale)["day_before"] == ("skipped", "reminder.late")
    assert decisions(days.business, stale)["morning_of"][0] == "sent"
    assert dana.texts()[-1] == ("morning_of", "Wed 13:00")
    assert decisions(days.business, fresh)["day_before"][0] == "sent"
    assert marcus.texts()[-1] == ("day_before", "Wed 13:00")


def test_a_reminder_that_waits_for_the_morning_is_refused_once_the_visit_was_moved(days: Days) -> None:
    """The gate reads the visit again in the transaction that claims, even where nobody could cancel the text."""
    dana = days.person()
    days.until(at("2026-11-17 22:30"))  # too late in the evening to text
    visit = dana.book(at("2026-11-19 10:00"))
    assert dana.fate() == [("booked", "held")]
    with days.business.open() as session:
        session.get_one(Appointment, (days.business.id, visit)).version += 1
    days.until(at("2026-11-18 09:00"))
    assert dana.fate()[0] == ("booked", "refused")
    assert dana.texts() == []


def test_changing_who_comes_keeps_what_was_said_and_rewrites_what_is_to_come(days: Days) -> None:
    dana = days.person()
    visit = dana.book(at("2026-11-19 10:00"), technician="Luis")
    days.until(at("2026-11-18 11:00"))
    change(days.business, visit, "amend", technician="Rosa", by="Bob Tran")
    days.until(at("2026-11-19 09:00"))
    assert [kind for kind, _ in dana.texts()] == ["booked", "day_before", "morning_of"]
    assert "Rosa will be there" in dana.last()


def test_what_the_dispatch_software_sends_we_do_not(days: Days, charlie: Business) -> None:
    with days.business.open() as session:
        session.add(
            AppointmentRules(
                confirmation_by="hallway", day_before_by="dispatch", morning_of_by="nobody",
                day_before_at="10:00", morning_of_at="08:00", leads_may_cancel=False,
            )
        )  # fmt: skip
    dana = days.person()
    visit = dana.book(at("2026-11-19 10:00"))
    days.until(at("2026-11-19 09:00"))
    assert [kind for kind, _ in dana.texts()] == ["booked"]
    said = decisions(days.business, visit)
    assert (said["day_before"][1], said["morning_of"][1]) == ("reminder.dispatch", "reminder.off")
    other = Days(days.clock, days.client, charlie).person()
    other.book(at("2026-11-24 14:00"))
    Days(days.clock, days.client, charlie).until(at("2026-11-24 14:00"))
    assert [kind for kind, _ in other.texts()] == ["booked", "day_before", "morning_of"]


def test_somebody_who_stopped_all_texts_gets_no_reminder_and_the_page_says_why(days: Days) -> None:
    dana = days.person()
    visit = dana.book(at("2026-11-19 10:00"))
    dana.says("STOP")
    days.until(at("2026-11-19 12:00"))
    assert [kind for kind, _ in dana.texts()] == ["booked"]
    assert decisions(days.business, visit)["day_before"] == ("skipped", "suppressed.opt_out")


def test_a_business_s_visits_are_not_another_s(days: Days, charlie: Business) -> None:
    visit = days.person().book(at("2026-11-19 10:00"))
    with charlie.open() as session:
        assert session.get(Appointment, (charlie.id, visit)) is None
