"""What one does in a thread, through the forms a browser sends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from groundwork.database import ScopedSession, new_id
from hallway import sending
from hallway.calls.models import Alarm, Voicemail
from hallway.consent.models import GateDecision
from hallway.contacts import Contact
from hallway.conversations import Attachment, Conversation, Message, add_task
from hallway.leads.models import LeadField
from tenants.models import AuditEvent
from tests import makers
from tests.makers import DANA, World
from tests.ui.visitor import FRAGMENT, Visitor, words


@pytest.fixture
def talk(world: World) -> UUID:
    """Dana's conversation; she texted just now."""
    with world.plumber.open() as session:
        conversation = makers.make_conversation(session, source="text")
        makers.make_text_in(session, conversation, business=world.plumber)
        return conversation.id


def texts_out(world: World) -> list[Message]:
    with world.plumber.open() as session:
        return list(session.scalars(select(Message).where(Message.direction == "out").order_by(Message.id)))


def conversation(session: ScopedSession, world: World, talk: UUID) -> Conversation:
    return session.get_one(Conversation, (world.plumber.id, talk))


def send(visitor: Visitor, talk: UUID, body: str, **more: Any) -> Any:
    form = {"body": body, "token": str(new_id()), **more}
    return visitor.send(f"/inbox/{talk}/send", form, **FRAGMENT)


def test_an_answer_is_queued_and_ends_the_wait(world: World, bob: Visitor, talk: UUID) -> None:
    answer = send(bob, talk, "On our way")
    (text,) = texts_out(world)
    assert (text.state, text.body, text.author_name, text.to_address) == ("queued", "On our way", "Bob Tran", DANA)
    assert "On our way" in words(answer)
    with world.plumber.open() as session:
        assert conversation(session, world, talk).waiting_since is None


def test_the_same_form_sent_twice_is_one_text(world: World, bob: Visitor, talk: UUID) -> None:
    token = str(new_id())
    for _ in range(2):
        assert send(bob, talk, "On our way", token=token).status_code == 200
    assert len(texts_out(world)) == 1


def test_without_a_script_the_form_leads_back_to_the_thread(world: World, bob: Visitor, talk: UUID) -> None:
    answer = bob.send(f"/inbox/{talk}/send", {"body": "On our way", "token": str(new_id())})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/inbox/{talk}")
    assert "On our way" in words(bob.follow(answer))


@pytest.mark.parametrize(("body", "told"), [("   ", "Write something first."), ("x" * 1601, "1,600 characters")])
def test_a_text_that_cannot_be_sent_comes_back_with_the_reason(
    world: World, bob: Visitor, talk: UUID, body: str, told: str
) -> None:
    answer = send(bob, talk, body)
    assert told in words(answer)
    assert body.strip() in answer.get_data(as_text=True)
    assert texts_out(world) == []


def test_after_an_opt_out_the_composer_is_closed_and_a_forced_text_is_refused(
    world: World, bob: Visitor, talk: UUID
) -> None:
    with world.plumber.open() as session:
        sending.stop_texting(session, DANA, "opt_out", words="please stop texting me")
    page = bob.get(f"/inbox/{talk}")
    assert "They asked us to stop on" in words(page)
    assert "please stop texting me" in words(page)
    assert 'id="compose"' not in page.get_data(as_text=True)
    answer = words(send(bob, talk, "One more thing"))
    (text,) = texts_out(world)
    assert text.state == "refused"
    assert text.error
    assert text.error in answer
    with world.plumber.open() as session:
        assert session.scalar(select(func.count(GateDecision.id)).where(GateDecision.answer == "refuse")) == 1


def test_the_reason_of_a_refusal_can_be_read(world: World, bob: Visitor, talk: UUID) -> None:
    with world.plumber.open() as session:
        sending.stop_texting(session, DANA, "opt_out", words="stop")
    send(bob, talk, "One more thing")
    (text,) = texts_out(world)
    page = words(bob.get(f"/messages/{text.id}/why", **FRAGMENT))
    assert "Refused when queued" in page
    assert text.error
    assert text.error in page


def test_a_failed_text_is_tried_again_and_keeps_the_link(world: World, bob: Visitor, talk: UUID) -> None:
    with world.plumber.open() as session:
        lost = makers.make_text_out(session, conversation(session, world, talk), "On our way", business=world.plumber,
                                    kind="person", state="undelivered", error="The phone is switched off.")  # fmt: skip
        lost_id = lost.id
    page = words(bob.get(f"/inbox/{talk}"))
    assert "Not delivered" in page
    assert "The phone is switched off. Retry" in page
    assert "second try" in words(bob.send(f"/messages/{lost_id}/retry", **FRAGMENT))
    first, second = texts_out(world)
    assert (second.retry_of, second.body, second.state) == (first.id, first.body, "queued")
    assert "Retry" not in words(bob.get(f"/inbox/{talk}"))


def test_a_thread_is_assigned_closed_and_opened_again(world: World, bob: Visitor, talk: UUID) -> None:
    bob.send(f"/inbox/{talk}/assign", {"member": str(world.alice.member)})
    bob.send(f"/inbox/{talk}/close")
    with world.plumber.open() as session:
        row = conversation(session, world, talk)
        assert (row.assigned_to, row.status) == (world.alice.member, "closed")
    bob.send(f"/inbox/{talk}/reopen")
    bob.send(f"/inbox/{talk}/assign", {"member": ""})
    with world.plumber.open() as session:
        row = conversation(session, world, talk)
        assert (row.assigned_to, row.status) == (None, "open")


@pytest.mark.parametrize("member", ["nonsense", "00000000-0000-7000-8000-000000000000"])
def test_a_thread_is_not_given_to_nobody_we_know(world: World, bob: Visitor, talk: UUID, member: str) -> None:
    answer = bob.send(f"/inbox/{talk}/assign", {"member": member}, **FRAGMENT)
    assert answer.status_code == 200
    assert '"tone": "bad"' in answer.headers["HX-Trigger"]


def test_a_blocked_caller_is_marked_and_the_deed_written_down(world: World, bob: Visitor, talk: UUID) -> None:
    bob.send(f"/inbox/{talk}/block")
    assert "This caller is blocked" in words(bob.get(f"/inbox/{talk}"))
    with world.plumber.open() as session:
        assert session.scalars(select(Contact)).one().blocked_reason == "Blocked by Bob Tran"
        assert session.scalars(select(AuditEvent.action)).all() == ["Blocked a caller"]
    bob.send(f"/inbox/{talk}/unblock")
    assert "This caller is blocked" not in words(bob.get(f"/inbox/{talk}"))


def test_an_alarm_stands_over_the_thread_until_somebody_takes_it(world: World, bob: Visitor, talk: UUID) -> None:
    alarm = Alarm(id=new_id(), conversation_id=talk, reason="repeat_call", words="Called twice within 10 minutes")
    with world.plumber.open() as session:
        session.add(alarm)
    assert "Acknowledge" in words(bob.get(f"/inbox/{talk}"))
    page = words(bob.send(f"/alarms/{alarm.id}/acknowledge", **FRAGMENT))
    assert "Acknowledge" not in page
    assert "Bob Tran took it at" in page


def test_a_task_is_ticked_off_in_its_thread_and_on_the_list(world: World, bob: Visitor, talk: UUID) -> None:
    with world.plumber.open() as session:
        for key in ("a", "b"):
            why = "A landline cannot get texts."
            add_task(session, "call_back", key, title=f"Call {key} back", reason=why, rule="l", conversation_id=talk)
    assert "A landline cannot get texts." in words(bob.get(f"/inbox/{talk}"))
    listed = bob.get("/tasks").get_data(as_text=True)
    first, second = [part.split("/done")[0] for part in listed.split('action="/tasks/')[1:]]
    assert "Bob Tran did this" in words(bob.send(f"/tasks/{first}/done", {"from": "thread"}, **FRAGMENT))
    assert bob.send(f"/tasks/{second}/done").headers["Location"] == "/tasks"
    assert "Nothing to do" in words(bob.get("/tasks"))


def test_a_lead_field_shows_its_words_and_can_be_corrected(world: World, bob: Visitor, talk: UUID) -> None:
    bob.send(f"/inbox/{talk}/fields/address", {"value": "1120 Bluff Creek Dr"})
    page = words(bob.get(f"/inbox/{talk}"))
    assert "1120 Bluff Creek Dr" in page
    assert "Corrected by Bob Tran" in page
    with world.plumber.open() as session:
        assert session.scalars(select(LeadField.corrected_by)).all() == ["Bob Tran"]
    assert bob.send(f"/inbox/{talk}/fields/shoe_size", {"value": "9"}).status_code == 404


def attachment(world: World, talk: UUID, content_type: str, data: bytes = b"data") -> UUID:
    with world.plumber.open() as session:
        text = makers.make_text_in(session, conversation(session, world, talk), business=world.plumber)
        row = Attachment(id=new_id(), message_id=text.id, source_url=str(new_id()), content_type=content_type,
                         data=data, state="stored")  # fmt: skip
        session.add(row)
        return row.id


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "audio/mpeg", "IMAGE/PNG; charset=x"])
def test_a_photo_and_a_recording_are_shown_in_place(world: World, bob: Visitor, talk: UUID, kind: str) -> None:
    answer = bob.get(f"/attachments/{attachment(world, talk, kind)}")
    assert answer.data == b"data"
    assert answer.mimetype == kind.split(";")[0].lower()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "text/xml", ""])
def test_whatever_could_carry_a_script_is_only_ever_downloaded(
    world: World, bob: Visitor, talk: UUID, kind: str
) -> None:
    answer = bob.get(f"/attachments/{attachment(world, talk, kind, b'<script>')}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_recording_is_served_in_ranges_as_players_ask(world: World, bob: Visitor, talk: UUID) -> None:
    answer = bob.get(f"/attachments/{attachment(world, talk, 'audio/mpeg', bytes(range(100)))}", Range="bytes=10-19")
    assert (answer.status_code, answer.data) == (206, bytes(range(10, 20)))


def test_a_voicemail_is_played_and_read(world: World, bob: Visitor, talk: UUID) -> None:
    with world.plumber.open() as session:
        call = makers.make_call(session, conversation(session, world, talk), business=world.plumber)
        sound = Attachment(id=new_id(), call_id=call.id, source_url="x", content_type="audio/mpeg", state="stored")
        session.add(sound)
        session.flush()
        session.add(Voicemail(call_id=call.id, duration=34, attachment_id=sound.id, transcript="It leaks",
                              transcript_state="done"))  # fmt: skip
    page = bob.get(f"/inbox/{talk}")
    assert f'src="/attachments/{sound.id}"' in page.get_data(as_text=True)
    assert "Voicemail · 0:34" in words(page)
    assert "“It leaks”" in words(page)


def test_what_they_wrote_is_shown_as_words_and_never_as_markup(world: World, bob: Visitor, talk: UUID) -> None:
    with world.plumber.open() as session:
        makers.make_text_in(session, conversation(session, world, talk), "<img src=x onerror=alert(1)> zebra",
                            business=world.plumber)  # fmt: skip
    for path in (f"/inbox/{talk}", "/search?q=zebra", "/search?q=<b>zebra", "/inbox"):
        assert "<img src=x" not in bob.get(path).get_data(as_text=True)
        assert "<b>zebra" not in bob.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Hello", "SMS · 1 segment"),
        ("x" * 161, "SMS · 2 segments"),
        ("We’ll come", "“’” costs extra Make it plain"),
        ("Great 😀", "“😀” costs extra"),
        ("", "SMS"),
    ],
)
def test_segments_are_told_while_one_types(bob: Visitor, typed: str, told: str) -> None:
    assert told in words(bob.send("/inbox/segments", {"body": typed}, **FRAGMENT))


def test_opening_a_thread_marks_it_read_for_those_who_may_write(world: World, bob: Visitor, talk: UUID) -> None:
    bob.get(f"/inbox/{talk}")
    with world.plumber.open() as session:
        assert conversation(session, world, talk).unread is False


def test_reading_alone_marks_nothing_read_and_offers_no_composer(app: Flask, world: World, talk: UUID) -> None:
    rita = makers.make_member(world.plumber, "Rita Vance", "read_only")
    visitor = Visitor(app, world.plumber.slug)
    visitor.log_in(rita.email)
    page = visitor.get(f"/inbox/{talk}")
    assert "Your role here is to read" in words(page)
    assert 'id="compose"' not in page.get_data(as_text=True)
    with world.plumber.open() as session:
        assert conversation(session, world, talk).unread is True
