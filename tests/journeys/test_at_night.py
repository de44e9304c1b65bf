"""A text by hand at night waits for the morning, and then goes out by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from blueprints_ui.app import create_app
from groundwork.config import Settings
from groundwork.database import new_id
from hallway.conversations import Message
from tests import makers
from tests.carrier import Carrier
from tests.journeys.installation import fresh
from tests.sending.at_carrier import carrier, carrier_process, charlie, ear, plumber
from tests.ui.visitor import FRAGMENT, Visitor, words
from workers import clock, jobs

__all__ = ["carrier", "carrier_process", "charlie", "ear", "plumber"]
EVENING = datetime(2026, 11, 19, 4, 30, tzinfo=UTC)  # half past ten at night in Austin
MORNING = datetime(2026, 11, 19, 15, 5, tzinfo=UTC)  # a little after nine


@pytest.fixture(scope="module")
def app(settings: Settings) -> Flask:
    return create_app(settings)


def test_a_text_written_at_night_is_held_with_its_hour_and_leaves_in_the_morning(
    app: Flask, carrier: Carrier, plumber: makers.Business
) -> None:
    makers.make_member(plumber, "Bob Tran", "agent")
    caller = fresh("737")
    with time_machine.travel(EVENING, tick=True) as traveller:
        with plumber.open() as session:
            contact = makers.make_contact(session, phone=caller, line_type="mobile", line_checked_at=EVENING)
            talk = makers.make_conversation(session, contact)
            earlier = EVENING - timedelta(hours=5)
            makers.make_text_in(session, talk, business=plumber, sender=caller, at=earlier)
            thread = f"/inbox/{talk.id}"
        bob = Visitor(app, plumber.slug)
        bob.log_in("bob@example.com")
        bob.get(thread)
        token = new_id()
        bob.send(f"{thread}/send", {"body": "We can come on Friday.", "token": str(token)}, **FRAGMENT)
        page = words(bob.get(thread))
        assert "9:00" in page
        work(plumber)
        assert carrier.received(caller) == []

        traveller.move_to(MORNING)
        assert clock.tick() >= 1
        work(plumber)
        carrier.wait(lambda: carrier.received(caller) == ["We can come on Friday."], "it never left in the morning")
    with plumber.open() as session:
        assert session.scalars(select(Message.state).where(Message.id == token)).one() == "accepted"


def work(business: makers.Business) -> None:
    for kind in jobs.BELLS:
        jobs.answer(str(business.id), kind)
