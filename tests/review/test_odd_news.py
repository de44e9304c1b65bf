"""What a carrier may tell: odd senders, callers and words. Nothing breaks or is lost, and nobody odd is texted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from groundwork import clock
from groundwork.database import new_id
from groundwork.tables import InboundEvent
from hallway.calls.models import Call
from hallway.conversations import Message
from tests.calls.door import Door, Ringing, run_events, run_timers, sid
from tests.makers import DANA, World, make_conversation, make_text_out

SENDERS = ("72975", "+266696687", "+18005550100", "+19005550100", "+442071234567", "+14165550100", "VERIZON", "+1", "")
BODIES = (
    *("", " ", "😀" * 400, "é" * 1600, "\u200d\ufe0f", "a" * 6000, "STOP\n\nSTOP", "\x07bell", "\u202eSTOP\u202c"),
    *("no\u0301 mas", "%s {{x}} {% y %}"),
)
CALLERS = (
    *("", "anonymous", "Restricted", "client:bob", "sip:bob@example.com", "+1", "911", "+18005550100", "+19005550100"),
    *("+266696687", "+442071234567", "+15125550148;ext=1", "\u0661\u0662\u0663", "+0000000000", "x" * 300),
)


def _text(door: Door, sender: str, body: str, **more: str) -> None:
    told = {"MessageSid": sid("SM"), "From": sender, "To": door.business.number, "Body": body, "NumMedia": "0"} | more
    assert door.post("message", told).status_code == 200
    run_events(door.business)
    run_timers(door.business)


def _unhandled(door: Door) -> list[str]:
    with door.business.open() as session:
        return [f"{one.kind} {one.error}" for one in session.scalars(select(InboundEvent)) if one.state != "done"]


@pytest.mark.parametrize("sender", SENDERS)
def test_a_text_from_any_sender_is_taken_and_answered_only_where_one_can(door: Door, sender: str) -> None:
    _text(door, sender, "HELP ME with my water heater")
    _text(door, sender, "help")
    assert _unhandled(door) == []
    with door.business.open() as session:
        assert session.scalars(select(Message).where(Message.direction == "in")).all()
        sent = session.scalars(select(Message).where(Message.direction == "out", Message.state == "queued")).all()
    assert sent == []


def test_a_text_from_our_own_number_starts_no_talk_with_ourselves(door: Door) -> None:
    for body in ("help", "please stop texting me", "START", "hello"):
        _text(door, door.business.number, body)
    assert _unhandled(door) == []
    with door.business.open() as session:
        sent = session.scalars(select(Message).where(Message.direction == "out", Message.state == "queued")).all()
    assert sent == []


@pytest.mark.parametrize("body", BODIES)
def test_a_text_of_any_words_is_taken(door: Door, body: str) -> None:
    _text(door, DANA, body)
    assert _unhandled(door) == []


@pytest.mark.parametrize("caller", CALLERS)
def test_a_call_from_anybody_is_answered_and_missed_without_a_text(door: Door, caller: str) -> None:
    call = Ringing(door, caller)
    call.arrive()
    call.dial_ends("no-answer")
    call.leave_voicemail(5, "hello")
    call.ends()
    run_events(door.business)
    run_timers(door.business)
    assert _unhandled(door) == []
    with door.business.open() as session:
        assert session.scalars(select(Call)).one().outcome == "missed"
        assert session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("kind", ["voice", "call-status", "message", "message-status", "recording", "transcription"])
def test_a_signed_request_with_nothing_in_it_is_refused_in_plain_words(door: Door, kind: str) -> None:
    answer = door.post(kind, {})
    assert answer.status_code == 400
    assert "missing" in answer.text


def test_a_call_without_from_and_to_is_still_a_missed_call(door: Door) -> None:
    assert door.post("voice", {"CallSid": sid("CA")}).status_code == 200


def test_news_signed_by_one_business_move_no_text_of_another(door: Door, world: World) -> None:
    with world.charlie.open() as session:
        theirs = make_text_out(session, make_conversation(session), business=world.charlie, state="accepted")
        theirs_id = theirs.id
    told = {"MessageSid": sid("SM"), "MessageStatus": "failed", "ErrorCode": "21610"}
    assert door.post("message-status", told, m=theirs_id).status_code == 200
    run_events(door.business)
    with world.charlie.open() as session:
        assert session.scalars(select(Message)).one().state == "accepted"


DOCUMENTS = ("dial", "screen", "screen-result", "leg-status", "bridge", "bridge-accepted", "bridge-done")


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_about_another_business_s_call_is_not_given(door: Door, world: World, kind: str) -> None:
    with world.charlie.open() as session:
        call = Call(id=new_id(), provider_sid=sid("CA"), from_address=DANA, to_address=world.charlie.number)
        call.started_at = clock.now()
        session.add(call)
        session.flush()
        call_id = call.id
    told = {"CallSid": sid("CA"), "Digits": "1", "CallStatus": "in-progress", "DialBridged": "true"}
    answer = door.post(kind, told, call=call_id, phone=world.charlie.phone_id, n=0)
    assert answer.status_code == 200
    assert "Dial" not in answer.text
    assert "Say" not in answer.text
    with world.charlie.open() as session:
        untouched = session.get_one(Call, (world.charlie.id, call_id))
        assert (untouched.outcome, untouched.answered_at, untouched.state) == (None, None, "ringing")


def test_the_same_caller_of_two_businesses_is_two_people(door: Door, world: World) -> None:
    _text(door, DANA, "STOP")
    with world.charlie.open() as session:
        assert session.scalars(select(Message)).all() == []
