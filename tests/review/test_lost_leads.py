"""Nobody who called is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from groundwork import clock
from hallway import contacts, sending
from hallway.calls.models import Call, Voicemail
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, Message, Task, finish_task
from hallway.insight import thread
from hallway.playbooks import own_wording
from hallway.sending import consequences
from tenants.models import Tenant
from tests.calls.door import Door, Ringing, run_events, run_timers, sid
from tests.makers import DANA, Author


def _miss(door: Door, caller: str = DANA) -> Ringing:
    call = Ringing(door, caller)
    call.arrive()
    call.dial_ends("no-answer")
    call.ends()
    run_timers(door.business)
    return call


def _landline(door: Door) -> None:
    with door.business.open() as session:
        session.execute(update(ContactPoint).values(line_type="landline", line_checked_at=clock.now()))


def test_a_landline_that_rings_again_after_it_was_called_back_is_to_be_called_back_again(
    door: Door, workday: time_machine.Traveller
) -> None:
    _landline(door)
    _miss(door)
    with door.business.open() as session:
        finish_task(session, session.scalars(select(Task)).one(), "Alice")
    workday.shift(timedelta(hours=2))
    second = _miss(door)
    with door.business.open() as session:
        task = session.scalars(select(Task)).one()
        assert task.done_at is None
        assert task.done_by is None
        assert task.call_id == session.scalars(select(Call.id).where(Call.provider_sid == second.sid)).one()


def test_a_task_ticked_off_stays_done_when_news_of_the_same_call_comes_later(
    door: Door, workday: time_machine.Traveller
) -> None:
    _miss(door)
    with door.business.open() as session:
        message = session.scalars(select(Message)).one()
        sending.apply_status(session, message.id, "SM1", "undelivered", "30007")
    with door.business.open() as session:
        task = session.scalars(select(Task).where(Task.kind == "call_back")).one()
        finish_task(session, task, "Alice")
    workday.shift(timedelta(minutes=5))
    with door.business.open() as session:
        message = session.scalars(select(Message)).one()
        consequences.of_failure(session, message, "30007")
    with door.business.open() as session:
        assert session.scalars(select(Task).where(Task.kind == "call_back")).one().done_at


def test_a_blocked_caller_who_was_ticked_off_does_not_come_back(door: Door) -> None:
    with door.business.open() as session:
        person = contacts.find(session, DANA)
        assert person
        contacts.block(person, "spam")
    Ringing(door).arrive()
    with door.business.open() as session:
        finish_task(session, session.scalars(select(Task)).one(), "Alice")
    Ringing(door).arrive()
    with door.business.open() as session:
        assert session.scalars(select(Task)).one().done_at


@pytest.mark.parametrize("state", ["expired", "undelivered", "cancelled"])
def test_a_text_back_that_never_arrived_does_not_use_up_the_window(
    door: Door, workday: time_machine.Traveller, state: str
) -> None:
    _miss(door)
    with door.business.open() as session:
        session.execute(update(Message).values(state=state, due_at=None))
    workday.shift(timedelta(hours=2))
    _miss(door)
    with door.business.open() as session:
        assert [one.state for one in session.scalars(select(Message).order_by(Message.id))] == [state, "queued"]


def test_a_text_back_on_its_way_uses_up_the_window(door: Door, workday: time_machine.Traveller) -> None:
    _miss(door)
    with door.business.open() as session:
        session.execute(update(Message).values(state="accepted", due_at=None))
    workday.shift(timedelta(hours=2))
    _miss(door)
    with door.business.open() as session:
        assert len(session.scalars(select(Message)).all()) == 1


def test_own_words_that_come_out_empty_leave_the_text_to_the_trade_s(door: Door) -> None:
    with door.business.open() as session:
        tenant = session.get_one(Tenant, door.business.id)
        own_wording.save(session, tenant, "text_back.open", "{% if contact.last_name %}Hi{% endif %}", "Alice")
    _miss(door)
    with door.business.open() as session:
        assert session.scalars(select(Message)).one().state == "queued"


def test_a_caller_who_said_nothing_after_the_tone_leaves_no_voicemail(door: Door) -> None:
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    verb, recording = call.record(), sid("RE")
    told = {"CallSid": call.sid, "RecordingSid": recording, "RecordingUrl": f"https://api.twilio.com/{recording}"}
    door.ask(verb.attrib["recordingStatusCallback"], told | {"RecordingStatus": "absent", "RecordingDuration": "0"})
    door.ask(verb.attrib["transcribeCallback"], told | {"TranscriptionSid": sid("TR"), "TranscriptionStatus": "failed"})
    run_events(door.business)
    with door.business.open() as session:
        kept = session.scalars(select(Call)).one()
        assert kept.conversation_id
        entries = thread.newest(session, kept.conversation_id).entries
        assert [entry.voicemail for entry in entries if isinstance(entry, thread.Rang)] == [None]


def test_a_transcript_that_failed_before_its_recording_came_still_says_so(door: Door) -> None:
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    verb, recording = call.record(), sid("RE")
    told = {"CallSid": call.sid, "RecordingSid": recording, "RecordingUrl": f"https://api.twilio.com/{recording}"}
    door.ask(verb.attrib["transcribeCallback"], told | {"TranscriptionSid": sid("TR"), "TranscriptionStatus": "failed"})
    door.ask(verb.attrib["recordingStatusCallback"], told | {"RecordingStatus": "completed", "RecordingDuration": "7"})
    run_events(door.business)
    with door.business.open() as session:
        kept = session.scalars(select(Voicemail)).one()
        assert kept.duration == 7


def test_a_failed_alarm_text_is_not_sent_again_as_an_answer_to_the_customer(door: Door) -> None:
    _miss(door)
    _miss(door)
    run_timers(door.business)
    with door.business.open() as session:
        alert = session.scalars(select(Message).where(Message.kind == "alert", Message.channel == "sms")).one()
        alert.state = "failed"
        again = sending.retry(session, alert, Author(alert.id, "Alice"))
        assert again.purpose == "staff"
        assert (
            session.scalars(select(Conversation).where(Conversation.id == alert.conversation_id)).one().waiting_since
        ), "nobody answered the customer"
