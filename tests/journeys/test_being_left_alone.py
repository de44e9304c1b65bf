"""Somebody does not want to be texted: it is heard at once, everywhere, and can be proved later."""

from __future__ import annotations

import json

from sqlalchemy import select

from groundwork.database import new_id
from hallway.conversations import Conversation
from tests.journeys.installation import Story
from tests.ui.visitor import FRAGMENT, words


def contact_and_thread(story: Story) -> tuple[str, str]:
    with story.business.open() as session:
        conversation = session.scalars(select(Conversation)).one()
        return f"/contacts/{conversation.contact_id}", f"/inbox/{conversation.id}"


def test_plain_words_stop_every_text_with_one_confirmation_and_stand_in_the_file(story: Story) -> None:
    story.miss_a_call()
    story.say("please stop texting me")
    story.until(lambda: len(story.texts()) == 2, "the stop was not confirmed")
    contact, thread = contact_and_thread(story)
    assert 'id="compose"' not in story.bob.get(thread).text
    forced = story.bob.send(f"{thread}/send", {"body": "One more thing", "token": str(new_id())}, **FRAGMENT)
    assert "They asked us to stop" in words(forced)
    story.carrier.call(story.caller, story.business.number, says="And do not call either")
    story.until(lambda: words(story.bob.get(thread)).count("Missed call") >= 2, "the second call never came in")
    assert len(story.texts()) == 2

    file = words(story.bob.get(f"{contact}/consent"))
    assert "“please stop texting me”" in file
    assert "No texts may be sent to this number" in file
    handed_out = json.loads(story.bob.get(f"/consent/{story.caller}.json").data)
    assert handed_out["address"] == story.caller


def test_stop_is_confirmed_by_the_carrier_alone_and_start_opens_the_way_again(story: Story) -> None:
    story.miss_a_call()
    story.say("STOP")
    _, thread = contact_and_thread(story)
    story.until(lambda: "asked us to stop" in words(story.bob.get(thread)), "the stop was not heard")
    assert len(story.texts()) == 1
    story.say("START")
    story.until(lambda: 'id="compose"' in story.bob.get(thread).text, "the way was not opened again")


def test_help_says_who_we_are(story: Story) -> None:
    story.say("what company is this? who is texting me")
    (answer,) = story.until(story.texts, "nobody answered who we are")
    assert "Bluff Creek Plumbing" in answer
