"""Who else has a thread before them, and who is writing there."""

from __future__ import annotations

from uuid import UUID

import pytest

from groundwork import redis
from tests import makers
from tests.makers import World
from tests.ui.visitor import FRAGMENT, Visitor, words


@pytest.fixture
def talk(world: World) -> UUID:
    with world.plumber.open() as session:
        return makers.make_conversation(session, source="text").id


def be(visitor: Visitor, talk: UUID, doing: str) -> str:
    return words(visitor.send(f"/inbox/{talk}/here", {"doing": doing}, **FRAGMENT))


def test_who_writes_is_shown_to_the_others_before_they_answer_too(
    world: World, alice: Visitor, bob: Visitor, charlie: Visitor, talk: UUID
) -> None:
    assert "Bob" not in be(bob, talk, "reading"), "one needs no telling of oneself"
    assert "Bob Tran looks at this too" in be(alice, talk, "reading")
    be(bob, talk, "writing")
    assert "Bob Tran is writing here" in words(alice.get(f"/inbox/{talk}/here"))
    be(bob, talk, "gone")
    assert "Bob" not in words(alice.get(f"/inbox/{talk}/here"))
    assert charlie.get(f"/inbox/{talk}/here").status_code == 404
    assert charlie.send(f"/inbox/{talk}/here", {"doing": "writing"}).status_code == 404


def test_others_hear_of_news_alone_and_whoever_is_silent_is_forgotten(
    world: World, alice: Visitor, bob: Visitor, talk: UUID
) -> None:
    with redis.client().pubsub() as heard:  # type: ignore[no-untyped-call]  # the client has no type for it
        heard.subscribe(f"live:{world.plumber.id}")
        for doing in ("reading", "reading", "writing", "writing", "gone", "gone"):
            be(bob, talk, doing)
        events = []
        while (event := heard.get_message(timeout=0.5)) is not None:
            events += [event["data"]] if event["type"] == "message" else []
    assert len([one for one in events if b"presence" in one]) == 3
    be(bob, talk, "writing")
    keys = list(redis.client().scan_iter(f"present:{world.plumber.id}:*"))
    assert len(keys) == 2
    assert all(0 < redis.client().ttl(key) <= 25 for key in keys)
    redis.client().delete(f"present:{world.plumber.id}:{talk}:{world.bob.id}")
    assert "Bob" not in words(alice.get(f"/inbox/{talk}/here"))
