"""Parts die in the middle of the work: the caller is texted all the same, once; and the logs tell nobody's words."""

from __future__ import annotations

import re

from tests.journeys.installation import Story
from tests.ui.visitor import words

SAID = "The kitchen sink overflows at 1120 Bluff Creek Dr, gate code 4711"


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
    story.miss_a_call(says="My heater leaks and my door code is 4711")
    story.say(SAID)
    story.until(lambda: "gate code" in words(story.bob.get("/inbox?view=waiting")), "the text never came in")
    story.bob.get(f"/search?q=sink+{story.caller[1:]}")
    story.bob.get("/no/such/page")
    story.say("STOP")
    written = story.house.log()
    assert "gunicorn" in written
    for secret in (SAID, "kitchen sink", "gate code", "4711", "door code", *story.texts()):
        assert secret not in written
    for number in (story.caller, story.business.cell, story.business.number):
        assert number[2:] not in re.sub(r"\D(?=\d)", "", written), "a full phone number stands in a log"
