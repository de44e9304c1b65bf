"""A thread: everything that happened, in order, in pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork import clock
from hallway.calls.models import Alarm, Voicemail
from hallway.conversations import Attachment, add_task, inbox
from hallway.insight import panel, thread
from tests import makers
from tests.makers import World

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def world() -> World:
    return makers.make_world()


def test_texts_calls_voicemails_alarms_and_tasks_stand_in_the_order_they_happened(world: World) -> None:
    start = clock.now() - timedelta(hours=1)
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        call = makers.make_call(session, talk, business=world.plumber, at=start)
        session.add(Voicemail(call_id=call.id, duration=34, transcript="It is leaking", transcript_state="done"))
        makers.make_text_out(session, talk, business=world.plumber, at=start + timedelta(seconds=28), call_id=call.id,
                             accepted_at=start + timedelta(seconds=28))  # fmt: skip
        makers.make_text_in(session, talk, business=world.plumber, at=start + timedelta(minutes=2))
        alarm = Alarm(conversation_id=talk.id, reason="repeat_call", words="Called twice")
        session.add(alarm)
        add_task(session, "call_back", "x", title="Call back", reason="A landline", rule="l", conversation_id=talk.id)
        session.flush()
        read = thread.newest(session, talk.id)
    assert [entry.kind for entry in read.entries[:3]] == ["call", "message", "message"]
    assert {entry.kind for entry in read.entries[3:]} == {"alarm", "task"}
    called, texted, *_ = read.entries
    assert isinstance(called, thread.Rang)
    assert called.voicemail
    assert called.rang_seconds == 20
    assert isinstance(texted, thread.Said)
    assert texted.after_call == timedelta(seconds=8)


def test_earlier_entries_come_in_pages_without_gap_or_repeat(world: World) -> None:
    start = clock.now() - timedelta(hours=5)
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        for n in range(23):
            at = start + timedelta(minutes=n // 2)
            makers.make_text_in(session, talk, f"Text {n}", business=world.plumber, at=at)
        read = thread.newest(session, talk.id, limit=10)
        bodies = _bodies(read.entries)
        while read.earlier:
            read = thread.newest(session, talk.id, before=read.earlier, limit=10)
            bodies = _bodies(read.entries) + bodies
    assert bodies == [f"Text {n}" for n in range(23)]


def test_an_open_thread_fetched_again_holds_what_it_held_and_what_is_new(world: World) -> None:
    start = clock.now() - timedelta(hours=5)
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        for n in range(12):
            makers.make_text_in(session, talk, f"Text {n}", business=world.plumber, at=start + timedelta(minutes=n))
        first = thread.newest(session, talk.id, limit=10).first
        makers.make_text_in(session, talk, "New", business=world.plumber)
        assert _bodies(thread.since(session, talk.id, first)) == [*(f"Text {n}" for n in range(2, 12)), "New"]


def test_a_photo_comes_with_its_text(world: World) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        text = makers.make_text_in(session, talk, business=world.plumber)
        photo = Attachment(message_id=text.id, source_url="https://x", content_type="image/jpeg", state="stored")
        session.add(photo)
        session.flush()
        (said,) = thread.newest(session, talk.id).entries
    assert isinstance(said, thread.Said)
    assert [(shown.id, shown.content_type) for shown in said.photos] == [(photo.id, "image/jpeg")]


def test_a_made_up_place_in_a_thread_is_refused(world: World) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        with pytest.raises(inbox.BadCursorError, match="Open it again"):
            thread.newest(session, talk.id, before="nonsense")


def test_another_business_reads_neither_thread_nor_person(world: World) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        makers.make_text_in(session, talk, business=world.plumber)
    with world.charlie.open() as session:
        assert thread.newest(session, talk.id).entries == []
        assert panel.head(session, talk.id) is None


def test_the_story_tells_what_became_of_the_latest_missed_call(world: World) -> None:
    start = clock.now() - timedelta(minutes=30)
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        call = makers.make_call(session, talk, business=world.plumber, at=start)
        makers.make_text_out(session, talk, business=world.plumber, at=start + timedelta(seconds=26), call_id=call.id,
                             accepted_at=start + timedelta(seconds=26))  # fmt: skip
        makers.make_text_in(session, talk, business=world.plumber, at=start + timedelta(minutes=3))
        steps = panel.story(thread.newest(session, talk.id).entries)
    assert [(step.words, step.tone) for step in steps] == [
        ("Missed call", "plain"),
        ("Texted back", "good"),
        ("They replied", "good"),
        ("A person has not answered yet", "waiting"),
    ]
    assert steps[1].detail == "in 6 seconds"


def _bodies(entries: list[thread.Entry]) -> list[str]:
    return [entry.message.body for entry in entries if isinstance(entry, thread.Said)]
