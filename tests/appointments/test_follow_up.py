"""A booking ends follow-up at once, and a no-show begins its own."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from groundwork import clock
from groundwork.database import new_id
from hallway.appointments import AppointmentError
from hallway.conversations import Conversation
from hallway.followup.models import Enrollment, Moment, Sequence, SequenceVersion
from tests.appointments.days import Days, Person, at, change


def test_nobody_was_there_starts_the_follow_up_of_no_shows_once(days: Days) -> None:
    dana = days.person()
    visit = dana.book(at("2026-11-17 13:00"))
    with pytest.raises(AppointmentError, match="has not begun"):
        change(days.business, visit, "no_show", by="Bob Tran")
    days.until(at("2026-11-17 16:00"))
    change(days.business, visit, "no_show", by="Bob Tran")
    change(days.business, visit, "no_show", by="Bob Tran")
    with days.business.open() as session:
        moment = session.scalars(select(Moment).where(Moment.kind == "no_show")).one()
    assert (moment.key, moment.facts["what"]) == (str(visit), "Water heater repair")


def test_a_booking_stops_what_still_chases_them(days: Days) -> None:
    dana = days.person()
    enrolled = _chase(days, dana)
    dana.book(at("2026-11-19 13:00"))
    with days.business.open() as session:
        assert session.get_one(Enrollment, (days.business.id, enrolled)).state == "stopped"


def _chase(days: Days, dana: Person) -> object:
    """A sequence that stops on bookings runs for her."""
    steps = [{"id": "a", "kind": "sms", "wait": {"minutes": 60}, "body": "Still need a hand?"}]
    with days.business.open() as session:
        contact_id = session.get_one(Conversation, (days.business.id, dana.talk)).contact_id
        sequence = Sequence(id=new_id(), key="chase", name="Chase", moment="estimate")
        session.add(sequence)
        session.flush()
        plan = {"steps": steps, "stop_on": ["opt_out", "booking"]}
        session.add(SequenceVersion(id=new_id(), sequence_id=sequence.id, number=1, plan=plan))
        row = {"version": 1, "key": "1", "state": "running", "step": "a", "started_at": clock.now(), "facts": {}}
        enrollment = Enrollment(
            id=new_id(), sequence_id=sequence.id, contact_id=contact_id, conversation_id=dana.talk, **row
        )
        session.add(enrollment)
        return enrollment.id
