"""Saved replies: written under Settings, offered by a slash in a thread, filled in for whoever it is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hallway.playbooks.models import SavedReply
from tests import makers
from tests.makers import World
from tests.ui.visitor import FRAGMENT, Visitor, words

SOURCE = "Hi {{ contact.first_name | default: 'there' }}, {{ member.first_name }} of {{ business.name }} is on the way."


def add(visitor: Visitor, name: str = "On the way", source: str = SOURCE) -> Any:
    visitor.get("/settings/replies/new")
    return visitor.send("/settings/replies/new", {"name": name, "source": source})


def kept(world: World) -> list[SavedReply]:
    with world.plumber.open() as session:
        return list(session.scalars(select(SavedReply).order_by(SavedReply.id)))


def test_a_slash_offers_what_was_saved_with_their_name_and_ours(world: World, alice: Visitor, bob: Visitor) -> None:
    assert "On the way: saved." in words(alice.follow(add(alice)))
    with world.plumber.open() as session:
        talk = makers.make_conversation(session).id
        nameless = makers.make_conversation(session, makers.make_contact(session, "", makers.MARCUS)).id
    assert "Hi Dana, Bob of Bluff Creek Plumbing is on the way." in words(bob.get(f"/inbox/{talk}/replies", **FRAGMENT))
    assert "Hi there, Bob of" in words(bob.get(f"/inbox/{nameless}/replies", **FRAGMENT))


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("", SOURCE, "Give it a name"),
        ("x" * 41, SOURCE, "Give it a name"),
        ("Broken", "Hi {{ contact.nickname }}", "There is no {{ contact.nickname }} here"),
        ("Short link", "See bit.ly/abc", "Carriers block shared link shorteners"),
        ("Empty", "  ", "There are no words here."),
    ],
)
def test_what_would_break_is_not_saved_and_comes_back_with_the_reason(
    world: World, alice: Visitor, name: str, source: str, told: str
) -> None:
    answer = add(alice, name, source)
    assert answer.status_code == 422
    assert told in words(answer)
    assert kept(world) == []


def test_a_name_is_taken_once_whatever_its_case(world: World, alice: Visitor) -> None:
    add(alice)
    assert "with this name already" in words(add(alice, "ON THE WAY"))
    assert len(kept(world)) == 1


def test_a_reply_is_changed_and_removed_by_managers_alone(world: World, alice: Visitor, bob: Visitor) -> None:
    add(alice)
    (reply,) = kept(world)
    address = f"/settings/replies/{reply.id}"
    assert bob.send(address, {"name": "Mine", "source": "Mine now."}).status_code == 403
    assert alice.send(address, {"name": "On the way", "source": "Coming."}).status_code == 303
    assert [one.source for one in kept(world)] == ["Coming."]
    assert bob.send(f"{address}/remove").status_code == 403
    alice.send(f"{address}/remove")
    assert kept(world) == []
    assert "Removed a saved reply" in words(alice.get("/settings/activity"))


def test_the_preview_follows_the_typing(alice: Visitor) -> None:
    alice.get("/settings/replies/new")
    page = words(alice.send("/settings/replies/preview", {"source": SOURCE}, **FRAGMENT))
    assert "Hi Dana, Alice of Bluff Creek Plumbing is on the way." in page


def test_another_business_has_its_own(world: World, alice: Visitor, charlie: Visitor) -> None:
    add(alice)
    assert "On the way" not in words(charlie.get("/settings/replies"))
    assert "No saved replies yet" in words(charlie.get("/settings/replies"))
    assert "On the way: saved." in words(charlie.follow(add(charlie))), "a name is free in every business"
