"""A stop stays a stop, whatever comes late, twice or in the wrong order."""

from __future__ import annotations

from datetime import datetime, timedelta

import time_machine
from sqlalchemy import select

from groundwork import clock, intake
from groundwork.database import new_id
from hallway import calls, consent
from hallway.conversations import Conversation, Message, Task
from tests.calls.door import Door, Ringing, run_events, run_timers
from tests.makers import DANA, Business
from workers import jobs


def _text(business: Business, body: str, written: datetime | None = None) -> None:
    """A text told by a webhook; or, `written` a while ago, found in the carrier's list."""
    sid = f"SM{new_id().hex}"
    told = {"MessageSid": sid, "From": DANA, "To": business.number, "Body": body, "NumMedia": "0"}
    with business.open() as session:
        context = {"made_at": written.isoformat()} if written else {}
        intake.store(session, "twilio", "text_in", f"text_in:{sid}", told, context)
    intake.handle_new(business.id, jobs.EVENTS)


def _sent(business: Business) -> list[tuple[str, str]]:
    with business.open() as session:
        rows = session.scalars(select(Message).where(Message.direction == "out").order_by(Message.id))
        return [(row.kind, row.state) for row in rows]


def test_a_start_that_was_lost_and_found_later_does_not_undo_a_stop_said_after_it(door: Door) -> None:
    business = door.business
    _text(business, "STOP")
    with business.open() as session:
        assert consent.is_suppressed(session, DANA)
    _text(business, "START", clock.now() - timedelta(minutes=5))
    with business.open() as session:
        assert consent.is_suppressed(session, DANA), "their last word was STOP"
        other = session.scalar(select(Task).where(Task.kind == "review_reply"))
    assert other is None


def test_a_start_after_the_stop_still_undoes_it(door: Door) -> None:
    business = door.business
    _text(business, "STOP")
    _text(business, "START", clock.now())
    with business.open() as session:
        assert consent.is_suppressed(session, DANA) is None


def test_a_text_found_later_stands_in_the_thread_at_the_time_it_was_written(door: Door) -> None:
    business, hour_ago = door.business, clock.now() - timedelta(hours=1)
    _text(business, "please stop texting me", hour_ago)
    with business.open() as session:
        heard = session.scalars(select(Message).where(Message.direction == "in")).one()
        assert abs(heard.at - hour_ago) < timedelta(seconds=2)
        assert consent.is_suppressed(session, DANA)
    assert _sent(business) == [("opt_out_confirmation", "refused")], "a confirmation goes within five minutes or never"


def test_welcome_back_is_not_said_to_somebody_who_stopped_again_meanwhile(door: Door) -> None:
    business = door.business
    _text(business, "please stop texting me")
    _text(business, "START")
    _text(business, "STOP")
    with business.open() as session:
        again = session.scalars(select(Message).where(Message.kind == "opt_in_confirmation")).one()
        ask = consent.Ask(
            address=DANA, purpose="compliance", kind=again.kind, at=clock.now(), body=again.body, phase="claim",
            sender=business.number, conversation_id=again.conversation_id, message_id=again.id,
        )  # fmt: skip
        assert consent.may_send(session, ask).answer == "refuse"


def test_a_voicemail_that_asks_for_no_more_texts_pauses_them_and_asks_a_person(door: Door) -> None:
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    call.leave_voicemail(9, "Hi this is Dana. Please stop texting me. Thank you.")
    run_events(door.business)
    with door.business.open() as session:
        task = session.scalars(select(Task).where(Task.kind == "review_reply")).one()
        conversation = session.scalars(select(Conversation)).one()
        assert conversation.automation_paused_reason
        assert task.phone == DANA
        assert task.conversation_id == conversation.id


def test_a_voicemail_that_asks_to_stop_by_pauses_nothing(door: Door) -> None:
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    call.leave_voicemail(9, "Hi, my water heater is leaking, could you stop by at noon? Call me back, bye.")
    run_events(door.business)
    with door.business.open() as session:
        assert session.scalar(select(Task).where(Task.kind == "review_reply")) is None
        assert session.scalars(select(Conversation)).one().automation_paused_reason is None


def test_a_call_found_out_at_night_an_hour_later_is_not_texted_then(
    door: Door, workday: time_machine.Traveller
) -> None:
    call = Ringing(door)
    workday.move_to("2026-11-19T08:45:00+00:00")  # 2:45 am in Austin
    began = clock.now() - timedelta(minutes=25)
    with door.business.open() as session:
        calls.find_out(session, call.params("completed"), began)
    run_timers(door.business)
    assert [kind for kind, state in _sent(door.business) if state == "queued"] == []
    with door.business.open() as session:
        assert session.scalars(select(Task).where(Task.kind == "call_back")).one().phone == DANA


def test_a_call_found_out_by_day_is_still_texted(door: Door) -> None:
    call = Ringing(door)
    with door.business.open() as session:
        calls.find_out(session, call.params("completed"), clock.now() - timedelta(minutes=25))
    run_timers(door.business)
    assert _sent(door.business) == [("text_back", "queued")]
