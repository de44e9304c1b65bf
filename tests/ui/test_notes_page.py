"""Notes among members: written, read, handed over with, and never sent to anybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from groundwork.database import new_id
from hallway.conversations import Conversation, Mention, Message, Note, notes
from hallway.notices import Notice
from tests import makers
from tests.makers import World
from tests.ui.visitor import FRAGMENT, Visitor, words


@pytest.fixture
def talk(world: World) -> UUID:
    """Dana's conversation; she texted just now."""
    with world.plumber.open() as session:
        conversation = makers.make_conversation(session, source="text")
        makers.make_text_in(session, conversation, business=world.plumber)
        return conversation.id


def note(visitor: Visitor, talk: UUID, body: str, **more: Any) -> Any:
    return visitor.send(f"/inbox/{talk}/notes", {"note": body, "token": str(new_id()), **more}, **FRAGMENT)


def notes_of(world: World) -> list[Note]:
    with world.plumber.open() as session:
        return list(session.scalars(select(Note).order_by(Note.id)))


def test_a_note_stands_in_the_thread_and_goes_to_nobody(world: World, bob: Visitor, talk: UUID) -> None:
    answer = note(bob, talk, "Gate code is 4411")
    assert "Gate code is 4411" in words(answer)
    assert "Only your crew reads this" in words(answer)
    with world.plumber.open() as session:
        conversation = session.get_one(Conversation, (world.plumber.id, talk))
        assert list(session.scalars(select(Message).where(Message.direction == "out"))) == []
        assert conversation.waiting_since, "a note is no answer: she still waits"
        assert conversation.preview == "My water heater is leaking"


def test_the_same_note_sent_twice_is_one(world: World, bob: Visitor, talk: UUID) -> None:
    token = str(new_id())
    for _ in range(2):
        assert note(bob, talk, "Gate code is 4411", token=token).status_code == 200
    assert len(notes_of(world)) == 1


@pytest.mark.parametrize(("body", "told"), [("  ", "Write something first."), ("x" * 4001, "4,000 characters")])
def test_a_note_that_cannot_be_kept_comes_back_with_the_reason(
    world: World, bob: Visitor, talk: UUID, body: str, told: str
) -> None:
    answer = note(bob, talk, body)
    assert told in words(answer)
    assert body.strip() in answer.get_data(as_text=True)
    assert notes_of(world) == []


def test_whoever_is_named_sees_it_in_the_inbox_until_they_open_the_thread(
    alice: Visitor, bob: Visitor, talk: UUID
) -> None:
    note(bob, talk, "@alice can you price this?")
    page = words(alice.get("/inbox"))
    assert "A note mentions you" in page
    assert "Mentions you" in page
    assert "Dana Kowalski" in words(alice.get("/inbox?view=mentioned"))
    assert "can you price this?" in words(alice.get(f"/inbox/{talk}"))
    assert "A note mentions you" not in words(alice.get("/inbox"))
    assert "Dana Kowalski" in words(alice.get("/inbox?view=mentioned")), "what named me stays findable"
    assert "A note mentions you" not in words(bob.get("/inbox"))


def test_a_member_is_told_by_their_ways_and_nobody_of_their_own_note(world: World, bob: Visitor, talk: UUID) -> None:
    note(bob, talk, "@Alice can you price this? I am @Bob")
    with world.plumber.open() as session:
        (told,) = session.scalars(select(Notice)).all()
    assert (told.member_id, told.event, told.url_path) == (world.alice.member, "mention", f"/inbox/{talk}")


def test_handing_over_assigns_opens_again_and_tells_with_words(
    world: World, alice: Visitor, bob: Visitor, talk: UUID
) -> None:
    bob.send(f"/inbox/{talk}/close")
    form = {"member": str(world.alice.member), "note": "She wants a second opinion"}
    page = words(bob.send(f"/inbox/{talk}/hand-over", form, **FRAGMENT))
    assert "Handed over to Alice Romero" in page
    assert "She wants a second opinion" in page
    with world.plumber.open() as session:
        conversation = session.get_one(Conversation, (world.plumber.id, talk))
        assert (conversation.assigned_to, conversation.status) == (world.alice.member, "open")
    assert "A note mentions you" in words(alice.get("/inbox"))
    with world.plumber.open() as session:
        (told,) = session.scalars(select(Notice)).all()
    assert (told.member_id, told.event, told.body) == (world.alice.member, "handed_over", "She wants a second opinion")


@pytest.mark.parametrize("member", ["", "nonsense", "stranger"])
def test_nothing_is_handed_to_somebody_who_does_not_work_here(
    world: World, bob: Visitor, talk: UUID, member: str
) -> None:
    chosen = str(world.charles.member) if member == "stranger" else member
    answer = bob.send(f"/inbox/{talk}/hand-over", {"member": chosen, "note": "Yours"}, **FRAGMENT)
    assert '"tone": "bad"' in answer.headers["HX-Trigger"]
    assert notes_of(world) == []


def test_a_note_is_removed_by_its_author_or_a_manager_and_takes_its_mentions_along(
    world: World, app: Flask, alice: Visitor, bob: Visitor, talk: UUID
) -> None:
    makers.make_member(world.plumber, "Cleo Park", "agent")
    cleo = Visitor(app, world.plumber.slug)
    cleo.log_in("cleo@example.com")
    note(bob, talk, "@Alice Romero look")
    (written,) = notes_of(world)
    assert cleo.send(f"/notes/{written.id}/take-back").status_code == 403
    assert "look" not in words(alice.send(f"/notes/{written.id}/take-back", **FRAGMENT))
    with world.plumber.open() as session:
        assert session.scalars(select(Mention)).all() == []


def test_another_business_reads_no_note(world: World, charlie: Visitor, bob: Visitor, talk: UUID) -> None:
    note(bob, talk, "Gate code is 4411")
    assert charlie.send(f"/inbox/{talk}/notes", {"note": "x", "token": str(new_id())}).status_code == 404
    with world.charlie.open() as session:
        assert session.scalars(select(Note)).all() == []


BOB, BOBBY, ALICE = (notes.Named(new_id(), name) for name in ("Bob Tran", "Bob Ruiz", "Alice Romero"))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@Alice please", {ALICE.id}),
        ("ask @alice romero, and @BOB TRAN.", {ALICE.id, BOB.id}),
        ("@Bob who of them?", set()),
        ("alice@example.com wrote", set()),
        ("@Alicent is somebody else", set()),
        ("@@Alice", set()),
    ],
)
def test_an_at_names_a_member_by_whole_name_or_by_a_first_name_of_one(body: str, named: set[UUID]) -> None:
    assert notes.named_in(body, [BOB, BOBBY, ALICE]) == named


@given(st.text(max_size=80))
def test_no_words_break_the_naming(body: str) -> None:
    assert notes.named_in(body, [BOB, ALICE]) <= {BOB.id, ALICE.id}
