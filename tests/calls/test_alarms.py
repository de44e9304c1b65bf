"""A second missed call within ten minutes pages whoever is on call, until somebody takes care."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from groundwork import clock
from hallway import calls, sending
from hallway.calls import Alarm, Phone
from hallway.conversations import Conversation, Message, Task, note_answered_by_person
from hallway.notices import Notice, plans, slack
from hallway.notices.models import NoticeDelivery
from tests import makers
from tests.calls.conftest import WORKDAY
from tests.calls.door import Door, Ringing, run_timers
from tests.makers import DANA, MARCUS


def miss(door: Door, caller: str = DANA) -> None:
    ringing = Ringing(door, caller)
    ringing.arrive()
    ringing.dial_ends("no-answer")
    ringing.ends()


@pytest.fixture
def raised(door: Door, workday: time_machine.Traveller) -> Door:
    """Dana called twice, three minutes apart."""
    miss(door)
    workday.move_to(WORKDAY + timedelta(minutes=3))
    miss(door)
    return door


def alarms(door: Door) -> list[Alarm]:
    with door.business.open() as session:
        return list(session.scalars(select(Alarm)))


def pages(door: Door) -> list[Message]:
    with door.business.open() as session:
        return list(session.scalars(select(Message).where(Message.kind == "alert")))


def test_a_second_call_within_ten_minutes_raises_one_alarm_and_pages_the_on_call_phone(raised: Door) -> None:
    run_timers(raised.business)

    (alarm,) = alarms(raised)
    assert (alarm.reason, alarm.words) == ("repeat_call", "Called 2 times within 10 minutes")
    with raised.business.open() as session:
        talk = session.scalars(select(Conversation).where(Conversation.source != "staff")).one()
        assert talk.urgent_reason == alarm.words
    (page,) = pages(raised)
    assert (page.to_address, page.purpose, page.lane) == (raised.business.cell, "staff", "now")
    assert "Dana Kowalski" in page.body
    assert "(512) 555-0148" in page.body
    assert "OK" in page.body


def test_the_alarm_is_told_by_the_other_ways_too_once_even_when_the_text_cannot_go(door: Door) -> None:
    business = door.business
    owner, agent = business.people["owner"].member, business.people["agent"].member
    with business.open() as session:
        sending.stop_texting(session, business.cell, "opt_out")
        slack.connect(session, "https://hooks.slack.com/services/T/B/x", "#leads", ["alarm"])
        assert owner
        plans.carry(session, owner, business.phone_id)
        talk = makers.make_conversation(session, waiting_since=clock.now())
        calls.raise_alarm(session, talk, "emergency_words", "They said “flooding”")
    for _ in range(3):
        run_timers(business)
    assert [page.state for page in pages(door)] == ["refused"]
    with business.open() as session:
        told = session.scalars(select(Notice).where(Notice.event == "alarm").order_by(Notice.id)).all()
        ways = session.scalars(select(NoticeDelivery.way).order_by(NoticeDelivery.way)).all()
        mails = session.scalars(select(Message.to_address).where(Message.channel == "email")).all()
    assert {one.member_id for one in told} == {owner, None}, (agent, "carries no phone")
    assert all("flooding" in one.body and one.urgent for one in told if one.member_id)
    assert ways == ["email", "slack"]
    assert mails in ([], ["alice@example.com"])


def test_a_third_call_adds_no_second_alarm(raised: Door) -> None:
    miss(raised)
    assert len(alarms(raised)) == 1


def test_two_people_calling_once_each_raise_none(door: Door) -> None:
    miss(door, DANA)
    miss(door, MARCUS)
    assert alarms(door) == []


def test_a_call_eleven_minutes_later_raises_none(door: Door, workday: time_machine.Traveller) -> None:
    miss(door)
    workday.move_to(WORKDAY + timedelta(minutes=11))
    miss(door)
    assert alarms(door) == []


def test_pages_go_on_every_three_minutes_and_end_in_a_task(raised: Door, workday: time_machine.Traveller) -> None:
    for minute in range(3, 40, 4):
        workday.move_to(WORKDAY + timedelta(minutes=minute, seconds=30))
        run_timers(raised.business)
    assert len(pages(raised)) == 5
    with raised.business.open() as session:
        (task,) = session.scalars(select(Task)).all()
    assert task.title == "Urgent: call Dana Kowalski back"
    assert "Nobody acknowledged" in task.reason


@pytest.mark.parametrize("words", ["OK", "ok!", " Got it ", "👍"])
def test_an_ok_from_an_own_phone_stops_the_pages(raised: Door, workday: time_machine.Traveller, words: str) -> None:
    run_timers(raised.business)
    with raised.business.open() as session:
        assert calls.acknowledge_from(session, raised.business.cell, words)
    workday.move_to(WORKDAY + timedelta(minutes=20))
    run_timers(raised.business)
    assert len(pages(raised)) == 1
    assert alarms(raised)[0].acknowledged_by == "Alice's cell"


def test_an_ok_from_a_stranger_or_other_words_stop_nothing(raised: Door) -> None:
    with raised.business.open() as session:
        assert not calls.acknowledge_from(session, DANA, "OK")
        assert not calls.acknowledge_from(session, raised.business.cell, "who is this?")
    assert alarms(raised)[0].acknowledged_at is None


def test_an_answer_to_the_caller_acknowledges(raised: Door) -> None:
    with raised.business.open() as session:
        note_answered_by_person(session, session.scalars(select(Conversation)).one())
    run_timers(raised.business)
    assert (pages(raised), alarms(raised)[0].acknowledged_by) == ([], "an answer")


def test_calling_again_after_an_answer_raises_a_new_alarm(raised: Door) -> None:
    with raised.business.open() as session:
        note_answered_by_person(session, session.scalars(select(Conversation)).one())
    miss(raised)
    assert [alarm.acknowledged_at is None for alarm in alarms(raised)] == [False, True]


def test_without_any_phone_to_page_a_task_is_left_at_once(raised: Door) -> None:
    with raised.business.open() as session:
        session.execute(update(Phone).values(rings=False, on_call=False))
    run_timers(raised.business)
    with raised.business.open() as session:
        assert "No phone of yours" in session.scalars(select(Task.reason)).one()
