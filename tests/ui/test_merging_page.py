"""Merging two entries of a person, and splitting them, through the pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from hallway.contacts import Contact, ContactMerge
from hallway.conversations import Conversation
from tests import makers
from tests.makers import DANA, MARCUS, World
from tests.ui.visitor import Visitor, words


@pytest.fixture
def two(world: World) -> list[Conversation]:
    """Dana is known by her cell and once more by the office's line."""
    talks = []
    with world.plumber.open() as session:
        for phone in (DANA, MARCUS):
            contact = makers.make_contact(session, "Dana Kowalski", phone)
            talk = makers.make_conversation(session, contact, source="text")
            makers.make_text_in(session, talk, f"Hello from {phone[-4:]}", business=world.plumber, sender=phone)
            talks.append(talk)
    return talks


def test_a_look_first_then_one_thread_then_two_again(
    world: World, alice: Visitor, bob: Visitor, charlie: Visitor, two: list[Conversation]
) -> None:
    kept, gone = (talk.contact_id for talk in two)
    assert "The same name" in words(bob.get(f"/contacts/{kept}/alike"))
    assert "Dana Kowalski" in words(bob.get(f"/contacts/{kept}/merge?q=0162"))
    look = words(bob.get(f"/contacts/{kept}/merge/{gone}"))
    assert "1 text or e-mail" in look
    assert "An opt-out stays with its number" in look
    with world.plumber.open() as session:
        assert len(session.scalars(select(Contact)).all()) == 2, "looking changes nothing"
    assert charlie.send(f"/contacts/{kept}/merge/{gone}").status_code == 404
    bob.send(f"/contacts/{kept}/merge/{gone}")
    thread = words(bob.get(f"/inbox/{two[0].id}"))
    assert "Hello from 0148" in thread
    assert "Hello from 0162" in thread
    assert "Merged with Dana Kowalski" in thread
    moved = bob.get(f"/inbox/{two[1].id}")
    assert moved.headers["Location"].endswith(f"/inbox/{two[0].id}"), "an old link finds them"
    assert charlie.get(f"/inbox/{two[1].id}").status_code == 404
    assert "same person" in words(bob.follow(bob.send(f"/contacts/{kept}/merge/{kept}")))
    with world.plumber.open() as session:
        merge = session.scalars(select(ContactMerge)).one().id
    assert charlie.send(f"/merges/{merge}/split").status_code == 404
    assert re.search(f"/merges/{merge}/split", bob.get(f"/contacts/{kept}").get_data(as_text=True))
    bob.send(f"/merges/{merge}/split")
    assert "Hello from 0162" in words(bob.get(f"/inbox/{two[1].id}"))
    assert "Hello from 0162" not in words(bob.get(f"/inbox/{two[0].id}/entries"))
    lines = words(bob.get("/inbox/list"))
    assert (lines.count("Hello from 0148"), lines.count("Hello from 0162")) == (1, 1)
    log = words(alice.get("/settings/activity"))
    assert "Merged two entries of a person" in log
    assert "Split two entries of a person" in log
