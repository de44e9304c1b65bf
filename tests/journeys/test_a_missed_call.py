"""From a missed call to an answered lead, through the doors that carrier, lead and office use."""

from __future__ import annotations

import re

from sqlalchemy import select

from hallway.calls.outcomes import MISSED_REASONS
from hallway.channels import Number
from hallway.conversations import Conversation
from tests.journeys.installation import Story, fresh
from tests.ui.visitor import FRAGMENT, words

PIXEL = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def thread_of(story: Story) -> str:
    with story.business.open() as session:
        return f"/inbox/{session.scalars(select(Conversation.id)).one()}"


def test_a_missed_call_becomes_a_conversation_that_a_person_answers(story: Story) -> None:
    story.miss_a_call(says="My water heater is leaking, please call me back")
    (text_back,) = story.texts()
    assert "Bluff Creek Plumbing" in text_back
    assert "STOP" in text_back

    story.say("It is at 1120 Bluff Creek Dr, I need someone today", PIXEL)
    thread = thread_of(story)
    story.until(lambda: "1120 Bluff Creek" in words(story.bob.get(thread)), "the answer never came in")
    story.until(lambda: "water heater is leaking" in words(story.bob.get(thread)), "the voicemail was not read")
    story.until(lambda: re.search(r'src="(/attachments/[^"]+)"', story.bob.get(thread).text), "no photo came in")
    page = words(story.bob.get(thread))
    assert "Missed call" in page
    assert text_back[:40] in page
    assert thread in story.bob.get("/inbox/list?view=waiting").text

    token = re.search(r'name="token" value="([^"]+)"', story.bob.get(thread).text)
    assert token
    story.bob.send(f"{thread}/send", {"body": "Bob here, on my way at two.", "token": token[1]}, **FRAGMENT)
    story.until(lambda: "Bob here, on my way at two." in story.texts(), "the answer never reached the caller")
    story.until(lambda: "Delivered" in words(story.bob.get(thread)), "its delivery was never shown")
    assert thread not in story.bob.get("/inbox/list?view=waiting").text
    home = words(story.bob.get("/home"))
    for step in ("Missed callers 1", "Texted back 1", "Replied 1", "Answered by you 1"):
        assert step in home
    assert re.search(r"to the carrier's yes \d", home)


def test_a_call_their_own_carrier_forwards_is_missed_on_arrival(story: Story) -> None:
    old_number = fresh("830")
    story.carrier.set_behaviour(old_number, role="crew", forward_to=story.business.number, forward_after=5)
    with story.business.open() as session:
        session.scalars(select(Number)).one().mode = "forwarded"
    story.carrier.call(story.caller, old_number, says="Calling about the drain")
    story.until(story.texts, "the forwarded caller was not texted")
    assert not [call for call in story.carrier.calls_on(story.business.cell) if not call["mine"]]
    assert MISSED_REASONS["forwarded"].lower() in words(story.bob.get(thread_of(story))).lower()


def test_calling_back_from_the_thread_rings_the_member_and_then_the_customer(story: Story) -> None:
    story.miss_a_call()
    story.carrier.set_behaviour(story.business.cell, behaviour="accepts", after=2, talk=60)
    story.carrier.set_behaviour(story.caller, behaviour="accepts", after=2, talk=20)
    thread = thread_of(story)
    assert story.bob.send(f"{thread}/call-back", {"phone": str(story.business.phone_id)}, **FRAGMENT).status_code == 200
    rung = story.until(
        lambda: [call for call in story.carrier.calls_on(story.caller) if not call["mine"]], "the customer never rang"
    )
    assert rung[0]["from"] == story.business.number
    story.until(lambda: thread not in story.bob.get("/inbox/list?view=waiting").text, "they still wait after the call")


def test_a_blocked_caller_hears_busy_and_nobody_is_rung(story: Story) -> None:
    story.miss_a_call()
    story.bob.send(f"{thread_of(story)}/block", {}, **FRAGMENT)
    rung_before = len(story.carrier.calls_on(story.business.cell))
    call_sid = story.carrier.call(story.caller, story.business.number)
    story.until(lambda: story.carrier.show_call(call_sid)["status"] == "busy", "the call was not refused")
    assert len(story.carrier.calls_on(story.business.cell)) == rung_before
    assert "tried to reach you" in words(story.bob.get("/tasks"))
