"""A call nobody answers: it is missed once, in plain words, and the caller gets one text."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, update

from groundwork import timers
from groundwork.tables import Timer
from hallway.calls import Call, Phone, Voicemail
from hallway.channels.models import Number
from hallway.contacts import ContactPoint, block
from hallway.conversations import Conversation, Message, Task
from hallway.leads import Lead, ensure_open
from hallway.routing import Routed
from tenants.models import Tenant
from tests.calls.conftest import WORKDAY
from tests.calls.door import Door, Ringing, run_events, run_timers, rung, said
from tests.inbound.door import text_in
from tests.makers import DANA, MARCUS, Business, World, make_contact
from workers import jobs

ANONYMOUS = "+266696687"
TOLL_FREE = "+18005550123"
LONDON = "+442079460123"


def only_call(business: Business) -> Call:
    with business.open() as session:
        return session.scalars(select(Call)).one()


def texts(business: Business) -> list[Message]:
    with business.open() as session:
        return list(session.scalars(select(Message).where(Message.kind == "text_back")))


def tasks(business: Business) -> list[Task]:
    with business.open() as session:
        return list(session.scalars(select(Task)))


def test_nobody_picks_up_and_the_caller_is_texted_before_voicemail_is_over(door: Door) -> None:
    ringing = Ringing(door)
    assert rung(ringing.arrive()) == [door.business.cell]

    document = ringing.dial_ends("no-answer")

    call = only_call(door.business)
    assert (call.outcome, call.state, call.missed_reason) == ("missed", "missed", "no_answer")
    assert call.text_back == "sent"
    (text,) = texts(door.business)
    assert (text.to_address, text.from_address, text.call_id) == (DANA, door.business.number, call.id)
    assert "Bluff Creek Plumbing" in text.body
    assert "STOP" in text.body
    assert text.expires_at is not None
    assert timedelta(minutes=9) < text.expires_at - text.at < timedelta(minutes=11)
    assert document.find("Record") is not None
    assert "recorded" in said(document)


def test_the_conversation_waits_for_a_person_and_holds_an_open_lead(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    timers.run_due(door.business.id, jobs.TIMERS, "soon")

    with door.business.open() as session:
        conversation = session.scalars(select(Conversation)).one()
        lead = session.scalars(select(Lead)).one()
    assert conversation.preview == "Missed call, texted back"
    assert conversation.waiting_since is not None
    assert (lead.conversation_id, lead.source, lead.status) == (conversation.id, "missed_call", "open")


def test_a_text_that_comes_before_a_worker_takes_the_call_up_does_not_take_its_place(door: Door, world: World) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    text_in(door.business, "Water heater is leaking")
    text_in(world.charlie, "Garage door is stuck")
    timers.run_due(door.business.id, jobs.TIMERS, "soon")
    with door.business.open() as session:
        assert session.scalars(select(Lead.source)).all() == ["missed_call"]
        assert session.scalars(select(Routed.step)).all() == ["lead"]
    with world.charlie.open() as session:
        assert session.scalars(select(Lead.source)).all() == ["text"]


def test_a_routing_that_an_older_version_left_is_still_done_and_ends(door: Door, world: World) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    with door.business.open() as session:
        talk = session.scalars(select(Conversation)).one()
        ensure_open(session, talk, "missed_call")
        session.execute(delete(Timer).where(Timer.kind == "missed_call"))
        timers.put(session, "route", talk.id, WORKDAY, queue="soon")
    timers.run_due(door.business.id, jobs.TIMERS, "soon")
    with door.business.open() as session:
        assert session.scalars(select(Timer.state).where(Timer.kind == "route")).one() == "done"
        assert session.scalars(select(Routed.conversation_id)).all() == [talk.id]
    with world.charlie.open() as session:
        assert session.scalars(select(Routed)).all() == []


def test_a_voicemail_that_picks_up_is_still_a_missed_call(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    leg, screen = ringing.pick_up()
    assert "Press 1" in said(screen)
    assert screen.find("Hangup") is not None

    ringing.dial_ends("completed", leg=leg, seconds=9)

    call = only_call(door.business)
    assert (call.outcome, call.missed_reason) == ("missed", "not_accepted")
    assert len(texts(door.business)) == 1


def test_any_other_key_than_1_does_not_take_the_call(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    leg, screen = ringing.pick_up()
    assert ringing.press(leg, screen, "2").find("Hangup") is not None

    ringing.dial_ends("completed", leg=leg)

    assert only_call(door.business).outcome == "missed"


def test_the_caller_hangs_up_while_it_rings_and_is_texted_once(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()

    ringing.ends("completed")
    ringing.dial_ends("canceled", call="completed")

    call = only_call(door.business)
    assert (call.outcome, call.missed_reason, call.state) == ("missed", "caller_hung_up", "ended")
    assert len(texts(door.business)) == 1


def test_after_hours_nothing_rings_and_the_text_says_when_the_doors_open(
    door: Door, workday: time_machine.Traveller
) -> None:
    workday.move_to(WORKDAY + timedelta(hours=9))
    document = Ringing(door).arrive()

    assert document.find("Dial") is None
    assert document.find("Record") is not None
    assert only_call(door.business).missed_reason == "after_hours"
    assert "tomorrow at 8 am" in texts(door.business)[0].body


@pytest.mark.parametrize(
    ("day", "columns", "situation"),
    [
        (WORKDAY, {"busy_until": WORKDAY + timedelta(hours=2)}, "busy"),
        (WORKDAY + timedelta(days=8), {"observe_federal_holidays": True}, "holiday"),  # Thanksgiving
        (WORKDAY, {"closed_days": [{"date": "2026-11-18", "name": "Family day"}]}, "holiday"),
    ],
)
def test_each_situation_has_its_own_words(
    door: Door, workday: time_machine.Traveller, day: datetime, columns: dict[str, object], situation: str
) -> None:
    with door.business.open() as session:
        session.execute(update(Tenant).values(**columns))
    workday.move_to(day)

    assert Ringing(door).arrive().find("Record") is not None

    assert only_call(door.business).situation == situation
    assert {"busy": "jobs", "holiday": "holiday"}[situation] in texts(door.business)[0].body


def test_no_phone_to_ring_means_missed_at_once(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(Phone).values(rings=False))
    assert Ringing(door).arrive().find("Record") is not None
    assert only_call(door.business).missed_reason == "no_phones"


def test_a_forwarded_call_is_missed_on_arrival_and_never_rings_the_phone_again(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(Number).values(mode="forwarded"))
    assert Ringing(door).arrive().find("Dial") is None
    assert only_call(door.business).missed_reason == "forwarded"
    assert len(texts(door.business)) == 1


def test_a_call_diverted_by_our_own_phone_is_recognized_by_its_diversion(door: Door) -> None:
    assert Ringing(door, ForwardedFrom=door.business.cell).arrive().find("Dial") is None
    assert only_call(door.business).missed_reason == "forwarded"


def test_our_own_call_coming_back_is_refused_and_goes_no_further(door: Door) -> None:
    document = Ringing(door, door.business.number).arrive()

    assert document.find("Reject") is not None
    assert only_call(door.business).outcome == "blocked"
    assert (texts(door.business), tasks(door.business)) == ([], [])


def test_the_owner_trying_the_number_is_never_texted_and_no_task_is_made(door: Door) -> None:
    assert Ringing(door, door.business.cell).arrive().find("Record") is not None
    call = only_call(door.business)
    assert (call.caller_kind, call.conversation_id, call.text_back) == ("own_phone", None, "skipped")
    assert (texts(door.business), tasks(door.business)) == ([], [])


@pytest.mark.parametrize(
    ("caller", "kind", "word"),
    [(ANONYMOUS, "anonymous", "hid"), ("anonymous", "anonymous", "hid"), ("", "anonymous", "hid"),
     (TOLL_FREE, "toll_free", "toll-free"), (LONDON, "foreign", "outside the US")],
)  # fmt: skip
def test_a_caller_who_cannot_be_texted_becomes_a_task_with_the_reason(
    door: Door, caller: str, kind: str, word: str
) -> None:
    ringing = Ringing(door, caller)
    ringing.arrive()
    ringing.dial_ends("no-answer")

    assert texts(door.business) == []
    call = only_call(door.business)
    assert (call.caller_kind, call.text_back) == (kind, "skipped")
    (task,) = tasks(door.business)
    assert (task.kind, task.rule) == ("call_back", kind)
    assert word in task.reason


def test_a_landline_becomes_a_task(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(ContactPoint).values(line_type="landline"))
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")

    assert texts(door.business) == []
    (task,) = tasks(door.business)
    assert (task.rule, task.phone) == ("landline", DANA)
    assert "landline" in task.reason


def test_a_forwarding_carrier_that_hides_the_caller_leaves_a_task_and_texts_nobody(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(Number).values(mode="forwarded"))
    Ringing(door, door.business.cell).arrive()

    assert texts(door.business) == []
    assert [task.rule for task in tasks(door.business)] == ["hidden"]


def test_a_blocked_caller_hears_busy_and_is_one_task_for_all_their_calls(door: Door) -> None:
    with door.business.open() as session:
        block(make_contact(session, "Robo", MARCUS), "spam")
    for _ in range(3):
        assert Ringing(door, MARCUS).arrive().find("Reject") is not None

    assert texts(door.business) == []
    assert [task.rule for task in tasks(door.business)] == ["blocked"]


def test_one_text_per_caller_and_day(door: Door, workday: time_machine.Traveller) -> None:
    for hours, expected in ((0, 1), (1, 1), (25, 2)):
        workday.move_to(WORKDAY + timedelta(hours=hours))
        ringing = Ringing(door)
        ringing.arrive()
        ringing.dial_ends("no-answer")
        assert len(texts(door.business)) == expected
    with door.business.open() as session:
        outcomes = list(session.scalars(select(Call.text_back).order_by(Call.started_at)))
    assert outcomes == ["sent", "skipped", "sent"]


def test_switched_off_text_backs_stay_off(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(Tenant).values(text_back_enabled=False))
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    assert texts(door.business) == []
    assert "switched off" in (only_call(door.business).text_back_reason or "")


def test_an_unknown_line_is_looked_up_first_and_then_texted(door: Door) -> None:
    stranger = "+15125550171"
    ringing = Ringing(door, stranger)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    assert texts(door.business) == []

    run_timers(door.business)

    assert [text.to_address for text in texts(door.business)] == [stranger]
    run_timers(door.business)
    assert len(texts(door.business)) == 1


def test_the_voicemail_stands_in_the_thread_with_its_words(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    ringing.leave_voicemail(34, "Hi, my water heater is leaking at 1120 Bluff Creek, I need someone today.")
    run_events(door.business)

    with door.business.open() as session:
        kept = session.scalars(select(Voicemail)).one()
        conversation = session.scalars(select(Conversation)).one()
    assert (kept.duration, kept.transcript_state) == (34, "done")
    assert "water heater" in (kept.transcript or "")
    assert conversation.preview.startswith("Voicemail: Hi, my water heater")
    assert conversation.urgent_reason


def test_an_empty_voicemail_leaves_nothing_but_the_missed_call(door: Door) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    ringing.leave_voicemail(0)
    run_events(door.business)
    with door.business.open() as session:
        assert session.scalars(select(Voicemail)).all() == []
    assert only_call(door.business).outcome == "missed"


def test_the_other_business_sees_none_of_it(door: Door, world: World) -> None:
    ringing = Ringing(door)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    with world.charlie.open() as session:
        assert session.scalars(select(Call)).all() == []
        assert session.scalars(select(Message)).all() == []
