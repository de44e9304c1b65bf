"""Whole stories, from a missed call to an answered lead or to being left alone, with every part alive or one dead."""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from groundwork.database import new_id
from hallway.calls.outcomes import MISSED_REASONS
from hallway.channels import Number
from hallway.conversations import Conversation
from tests.journeys.installation import Story, fresh
from tests.ui.visitor import FRAGMENT, words

PIXEL = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
CODE = "K4711-QRVW"  # no id, time or number of a log can hold these letters by chance
SAID = f"The kitchen sink overflows at 1120 Bluff Creek Dr, gate code {CODE}"


def thread_of(story: Story) -> str:
    with story.business.open() as session:
        return f"/inbox/{session.scalars(select(Conversation.id)).one()}"


def consent_file_of(story: Story) -> str:
    with story.business.open() as session:
        return f"/contacts/{session.scalars(select(Conversation.contact_id)).one()}/consent"


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


def test_plain_words_stop_every_text_with_one_confirmation_and_stand_in_the_file(story: Story) -> None:
    story.miss_a_call()
    story.say("please stop texting me")
    story.until(lambda: len(story.texts()) == 2, "the stop was not confirmed")
    thread = thread_of(story)
    assert 'id="compose"' not in story.bob.get(thread).text
    forced = story.bob.send(f"{thread}/send", {"body": "One more thing", "token": str(new_id())}, **FRAGMENT)
    assert "They asked us to stop" in words(forced)
    story.carrier.call(story.caller, story.business.number, says="And do not call either")
    story.until(lambda: words(story.bob.get(thread)).count("Missed call") >= 2, "the second call never came in")
    assert len(story.texts()) == 2

    file = words(story.bob.get(consent_file_of(story)))
    assert "“please stop texting me”" in file
    assert "No texts may be sent to this number" in file
    handed_out = json.loads(story.bob.get(f"/consent/{story.caller}.json").data)
    assert handed_out["address"] == story.caller


def test_stop_is_confirmed_by_the_carrier_alone_and_start_opens_the_way_again(story: Story) -> None:
    story.miss_a_call()
    story.say("STOP")
    thread = thread_of(story)
    story.until(lambda: "asked us to stop" in words(story.bob.get(thread)), "the stop was not heard")
    assert len(story.texts()) == 1
    story.say("START")
    story.until(lambda: 'id="compose"' in story.bob.get(thread).text, "the way was not opened again")


def test_help_says_who_we_are(story: Story) -> None:
    story.say("what company is this? who is texting me")
    (answer,) = story.until(story.texts, "nobody answered who we are")
    assert "Bluff Creek Plumbing" in answer


def test_with_redis_dead_the_caller_is_texted_once_and_pages_still_open(story: Story) -> None:
    story.house.redis.kill()
    try:
        story.miss_a_call()
        assert "Home" in words(story.bob.get("/home"))
        assert story.bob.get("/readyz").get_json()["status"] == "degraded"
    finally:
        story.house.redis.start()
    story.say("Are you there?")
    story.until(lambda: "Are you there?" in words(story.bob.get("/inbox?view=waiting")), "nothing came in afterwards")
    assert len(story.texts()) == 1


def test_with_the_worker_killed_the_next_one_sends_the_text_once(story: Story) -> None:
    story.house.kill("worker")
    call_sid = story.carrier.call(story.caller, story.business.number)
    story.carrier.ringing(story.business.cell)
    story.carrier.hang_up(call_sid)
    story.house.start("worker")
    story.until(story.texts, "the caller was not texted")
    story.say("Thanks")
    story.until(lambda: "Thanks" in words(story.bob.get("/inbox?view=waiting")), "nothing came in afterwards")
    assert len(story.texts()) == 1


def test_no_words_and_no_numbers_of_anybody_are_in_any_log(story: Story) -> None:
    story.carrier.fault("too_many", "POST /2010-04-01", remaining=1)
    story.miss_a_call(says=f"My heater leaks and my door code is {CODE}")
    story.say(SAID)
    story.until(lambda: "gate code" in words(story.bob.get("/inbox?view=waiting")), "the text never came in")
    story.bob.get(f"/search?q=sink+{story.caller[1:]}")
    story.bob.get("/no/such/page")
    story.say("STOP")
    written = story.house.log()
    assert "gunicorn" in written
    for secret in (SAID, "kitchen sink", "gate code", CODE, "QRVW", "door code", *story.texts()):
        assert secret.lower() not in written.lower(), f"{secret!r} stands in a log"
    for number in (story.caller, story.business.cell, story.business.number):
        assert number[2:] not in re.sub(r"\D(?=\d)", "", written), "a full phone number stands in a log"
