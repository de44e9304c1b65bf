"""Phones ring in turn or at once; a human presses 1, a voicemail does not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, update

from groundwork.database import new_id
from groundwork.tables import Timer
from hallway.calls import Call, CallLeg, Phone, voice_twilio
from hallway.channels.models import Number
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message, Task, add_task
from tests.calls.door import Door, Ringing, run_timers, rung, said
from tests.makers import DANA, Business

BOBS_CELL = "+15125550178"
OFFICE = "+15125550179"


def add_phones(business: Business, **columns: object) -> tuple[UUID, UUID]:
    """Two more phones after Alice's cell: Bob's, then the office."""
    bob = Phone(id=new_id(), label="Bob's cell", e164=BOBS_CELL, position=1, rings=True)
    office = Phone(id=new_id(), label="Office", e164=OFFICE, position=2, rings=True)
    with business.open() as session:
        session.add_all([bob, office])
        if columns:
            session.execute(update(Number).values(**columns))
    return bob.id, office.id


def call_of(ringing: Ringing) -> Call:
    with ringing.door.business.open() as session:
        return session.scalars(select(Call).where(Call.provider_sid == ringing.sid)).one()


def test_phones_in_turn_each_get_their_ring_time_and_then_it_is_missed(door: Door) -> None:
    add_phones(door.business, ring_seconds=15)
    ringing = Ringing(door)
    order = [rung(ringing.arrive()), rung(ringing.dial_ends("no-answer")), rung(ringing.dial_ends("busy"))]
    assert order == [[door.business.cell], [BOBS_CELL], [OFFICE]]
    assert ringing.dial().attrib["timeout"] == "15"
    assert call_of(ringing).outcome is None

    assert ringing.dial_ends("no-answer").find("Record") is not None
    assert call_of(ringing).outcome == "missed"


def test_ringing_keeps_the_caller_unbilled_and_shows_the_business_number(door: Door) -> None:
    dial = Ringing(door).arrive().find("Dial")
    assert dial is not None
    assert (dial.attrib["answerOnBridge"], dial.attrib["callerId"]) == ("true", door.business.number)
    assert dial.attrib["action"].endswith("#rc=3&rp=all")


def test_at_once_all_ring_and_when_a_voicemail_steals_the_call_the_others_ring_in_turn(door: Door) -> None:
    add_phones(door.business, ring_order="at_once")
    ringing = Ringing(door)
    assert rung(ringing.arrive()) == [door.business.cell, BOBS_CELL, OFFICE]

    leg, _screen = ringing.pick_up(1)
    assert rung(ringing.dial_ends("completed", leg=leg)) == [door.business.cell]
    assert rung(ringing.dial_ends("no-answer")) == [OFFICE]
    leg, screen = ringing.pick_up()
    ringing.press(leg, screen)
    ringing.dial_ends("completed", leg=leg, seconds=30)
    assert call_of(ringing).outcome == "answered"


def test_at_once_with_nobody_picking_up_is_missed_at_once(door: Door) -> None:
    add_phones(door.business, ring_order="at_once")
    ringing = Ringing(door)
    ringing.arrive()
    assert ringing.dial_ends("no-answer").find("Record") is not None


def test_a_pressed_1_connects_and_ends_the_wait_at_once(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(Contact).where(Contact.name == "Dana Kowalski").values(name="Dana Kowalski"))
    ringing = Ringing(door)
    ringing.arrive()
    leg, screen = ringing.pick_up()
    assert said(screen) == "Call for Bluff Creek Plumbing from Dana Kowalski. Press 1 to accept."

    accepted = ringing.press(leg, screen)

    assert list(accepted) == []
    call = call_of(ringing)
    assert (call.state, call.answered_by) == ("connected", door.business.phone_id)
    with door.business.open() as session:
        assert session.scalars(select(Conversation)).one().waiting_since is None
        kept = session.scalars(select(CallLeg)).one()
    assert (kept.provider_sid, kept.digits) == (leg, "1")
    assert kept.accepted_at is not None

    assert ringing.dial_ends("completed", leg=leg, seconds=75).find("Hangup") is not None
    ringing.ends()
    call = call_of(ringing)
    assert (call.outcome, call.duration, call.state, call.text_back) == ("answered", 75, "ended", None)
    with door.business.open() as session:
        assert session.scalars(select(Conversation)).one().preview == "Call · 1:15"
        assert session.scalars(select(Message)).all() == []


def test_bridged_without_an_accepted_leg_is_missed(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("completed", leg="CA" + "9" * 32, seconds=12)
    assert call_of(ringing).outcome == "missed"


def test_accepted_but_gone_before_the_bridge_is_missed_and_waits_again(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    leg, screen = ringing.pick_up()
    ringing.press(leg, screen)
    ringing.dial_ends("completed", leg=leg, call="completed")

    call = call_of(ringing)
    assert (call.outcome, call.answered_at, call.text_back) == ("missed", None, "sent")
    with door.business.open() as session:
        assert session.scalars(select(Conversation)).one().waiting_since is not None


def test_a_phone_that_picks_up_after_the_caller_left_hears_so(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.ends("completed")
    _leg, screen = ringing.pick_up()
    assert "hung up" in said(screen)
    assert screen.find("Gather") is None


def test_the_number_is_read_digit_by_digit_when_there_is_no_name(door: Door) -> None:
    ringing = Ringing(door, "+15125550171")
    ringing.arrive()
    _leg, screen = ringing.pick_up()
    assert "from 5 1 2, 5 5 5, 0 1 7 1." in said(screen)


def test_a_callers_own_phone_does_not_ring(door: Door) -> None:
    add_phones(door.business)
    assert rung(Ringing(door, BOBS_CELL).arrive()) == [door.business.cell]


def test_a_call_that_was_answered_finishes_the_callers_call_back_tasks(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    call = call_of(ringing)
    with door.business.open() as session:
        add_task(session, "call_back", "x", title="t", reason="r", rule="landline", phone=DANA,
                 conversation_id=call.conversation_id)  # fmt: skip
    leg, screen = ringing.pick_up()
    ringing.press(leg, screen)
    ringing.dial_ends("completed", leg=leg, seconds=5)
    with door.business.open() as session:
        assert session.scalars(select(Task.done_at)).one() is not None


def test_every_call_in_progress_has_a_deadline_beyond_its_ring_plan_and_once_all_is_told_it_asks_nobody(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    with door.business.open() as session:
        deadline = session.scalars(select(Timer).where(Timer.kind == "call_deadline")).one()
    call = call_of(ringing)
    assert deadline.key == str(call.id)
    assert timedelta(minutes=2) < deadline.due_at - call.started_at < timedelta(minutes=5)

    ringing.dial_ends("no-answer")
    ringing.ends()
    asked: list[object] = []
    monkeypatch.setattr(voice_twilio, "fetch_call", lambda *told: asked.append(told))
    with time_machine.travel(deadline.due_at + timedelta(minutes=10)):
        run_timers(door.business)
    with door.business.open() as session:
        assert session.scalars(select(Timer.state).where(Timer.kind == "call_deadline")).one() == "done"
    assert asked == []


def test_a_call_whose_first_request_never_arrived_is_missed_when_its_end_is_told(door: Door) -> None:
    ringing = Ringing(door)
    ringing.ends("completed")
    call = call_of(ringing)
    assert (call.outcome, call.missed_reason, call.state, call.text_back) == ("missed", "not_reached", "ended", "sent")
    assert ringing.arrive().find("Hangup") is not None
