"""Labels on conversations, and deeds on many conversations at once with their undo."""

from __future__ import annotations

import html
import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from groundwork import clock
from hallway import appointments, followup
from hallway.conversations import Conversation, Label, labels
from tests import makers
from tests.followup.sequence import AGAIN, HELLO, at, begin, enrolled, logged, make_sequence, touches, work
from tests.makers import DANA, MARCUS, World
from tests.ui.visitor import FRAGMENT, Visitor, words


@pytest.fixture
def talks(world: World) -> list[UUID]:
    """Dana and Marcus both wrote to Alice's business and wait."""
    made = []
    with world.plumber.open() as session:
        for name, phone in (("Dana Kowalski", DANA), ("Marcus Webb", MARCUS)):
            talk = makers.make_conversation(session, makers.make_contact(session, name, phone), source="text")
            makers.make_text_in(session, talk, business=world.plumber, sender=phone)
            made.append(talk.id)
    return made


def make_label(world: World, name: str = "Warranty") -> UUID:
    with world.plumber.open() as session:
        return labels.keep(session, None, name, "teal").id


def talk_of(world: World, id_: UUID) -> Conversation:
    with world.plumber.open() as session:
        return session.get_one(Conversation, (world.plumber.id, id_))


def many(visitor: Visitor, deed: str, ids: list[UUID], **form: str) -> TestResponse:
    return visitor.send(f"/inbox/many/{deed}", {"ids": ",".join(map(str, ids)), **form}, **FRAGMENT)


def undo(visitor: Visitor, answer: TestResponse) -> str:
    token = re.search(r'name="undo" value="([^"]+)"', answer.get_data(as_text=True))
    assert token, words(answer)
    return words(visitor.send("/inbox/many/undo", {"undo": html.unescape(token[1])}, **FRAGMENT))


def test_a_label_is_made_once_renamed_and_removed_from_everything(
    world: World, alice: Visitor, bob: Visitor, talks: list[UUID]
) -> None:
    alice.send("/settings/labels", {"name": " Warranty ", "color": "teal"})
    assert alice.send("/settings/labels", {"name": "warranty", "color": "red"}).status_code == 422
    assert alice.send("/settings/labels", {"name": "Parts", "color": "#ff0000"}).status_code == 422
    assert bob.send("/settings/labels", {"name": "Mine", "color": "red"}).status_code == 403
    with world.plumber.open() as session:
        (label,) = labels.every(session)
    bob.send(f"/inbox/{talks[0]}/labels/{label.id}", **FRAGMENT)
    assert "1 conversation" in words(alice.get("/settings/labels"))
    alice.send(f"/settings/labels/{label.id}", {"name": "Under warranty", "color": "purple"})
    assert "Under warranty" in words(bob.get("/inbox/list"))
    assert "Under warranty" in words(bob.get(f"/inbox/{talks[0]}"))
    alice.send(f"/settings/labels/{label.id}/remove")
    assert "Under warranty" not in words(bob.get("/inbox/list"))


def test_the_inbox_narrows_to_a_label_and_another_business_knows_none_of_it(
    world: World, bob: Visitor, charlie: Visitor, talks: list[UUID]
) -> None:
    label = make_label(world)
    bob.send(f"/inbox/{talks[0]}/labels/{label}", **FRAGMENT)
    narrowed = words(bob.get(f"/inbox?label={label}"))
    assert "Dana Kowalski" in narrowed
    assert "Marcus Webb" not in narrowed
    assert "Nothing here has this label" in words(bob.get(f"/inbox/list?label={label}&view=closed"))
    assert charlie.get(f"/inbox?label={label}").status_code == 404
    assert bob.get("/inbox?label=nonsense").status_code == 400
    bob.send(f"/inbox/{talks[0]}/labels/{label}", {"off": "1"}, **FRAGMENT)
    assert "Dana Kowalski" not in words(bob.get(f"/inbox/list?label={label}"))


def test_many_are_closed_with_their_sequences_and_opened_again_by_undo(
    world: World, bob: Visitor, talks: list[UUID]
) -> None:
    with world.plumber.open() as session:
        followup.moment(session, "estimate", session.get_one(Conversation, (world.plumber.id, talks[0])), "1042")
    since = talk_of(world, talks[0]).waiting_since
    answer = many(bob, "close", talks)
    assert "2 conversations closed." in words(answer)
    assert {talk_of(world, one).status for one in talks} == {"closed"}
    with world.plumber.open() as session:
        assert [one.state for one in followup.of_conversation(session, talks[0])] == ["stopped"]
    assert "Nothing to change" in words(many(bob, "close", talks))
    assert "Undone for 2 conversations." in undo(bob, answer)
    again = talk_of(world, talks[0])
    assert (again.status, again.waiting_since) == ("open", since)


def test_undo_lets_the_sequences_that_closing_stopped_go_on_where_they_were(app: Flask, world: World) -> None:
    make_sequence(world.plumber, HELLO, AGAIN, moment="form")
    make_sequence(world.plumber, HELLO, moment="chat")
    with at("2026-11-24T22:30:00-06:00") as now:  # night in Austin: what is due is held until morning
        bob = Visitor(app, world.plumber.slug)
        bob.log_in(world.bob.email)
        for kind, phone in (("form", DANA), ("chat", DANA), ("form", MARCUS)):
            begin(world.plumber, kind=kind, phone=phone)
        talks = [one.conversation_id for one in enrolled(world.plumber)][1:]
        now.jump(minutes=6)
        work(world.plumber)
        before = [(one.state, one.step, one.due_at) for one in enrolled(world.plumber)]
        held = [(one.id, one.due_at) for one in touches(world.plumber)]
        assert [state for state, _, _ in before] == ["running", "finished", "running"]
        assert {one.state for one in touches(world.plumber)} == {"held"}
        many(bob, "close", talks[1:])  # for good
        answer = many(bob, "close", talks)
        assert {one.state for one in enrolled(world.plumber)} == {"stopped"}
        assert "Follow-up goes on where it was." in undo(bob, answer)
        assert [(one.state, one.step, one.due_at) for one in enrolled(world.plumber)][:2] == before[:2]
        assert [one.state for one in enrolled(world.plumber)][2] == "stopped"
        again = [one for one in touches(world.plumber) if one.conversation_id == talks[0]]
        assert [(one.id, one.due_at) for one in again] == [one for one in held if one[0] in {each.id for each in again}]
        assert {one.state for one in again} == {"held"}
        now.to("2026-11-26T12:00:00-06:00", world.plumber)
    assert [(line.step, line.outcome) for line in logged(world.plumber)] == [
        ("hello", "queued"), ("hello", "queued"), ("hello", "queued"), ("again", "queued")
    ]  # fmt: skip


def test_undo_restarts_nothing_where_a_visit_was_booked_since(world: World, bob: Visitor, talks: list[UUID]) -> None:
    make_sequence(world.plumber, AGAIN, moment="form")
    with world.plumber.open() as session:
        followup.moment(session, "form", session.get_one(Conversation, (world.plumber.id, talks[0])), "one")
    answer = many(bob, "close", talks)
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, talks[0]))
        appointments.book(session, talk, clock.in_(days=2), untold="They were told by phone.")
    assert "goes on" not in undo(bob, answer)
    assert [one.state for one in enrolled(world.plumber)] == ["stopped"]


def test_an_undo_leaves_alone_what_was_said_since_and_what_somebody_else_did(
    world: World, alice: Visitor, bob: Visitor, talks: list[UUID]
) -> None:
    answer = many(bob, "close", talks)
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, talks[0]))
        makers.make_text_in(session, talk, "One more thing", business=world.plumber)
    unread = talk_of(world, talks[0]).unread
    assert "too late" in undo(alice, answer), "Alice did not do it"
    assert "Undone for 1 conversation. 1 stayed" in undo(bob, answer)
    assert (talk_of(world, talks[0]).unread, talk_of(world, talks[1]).status) == (unread, "open")


def test_many_are_assigned_labelled_put_aside_and_marked_as_waiting(
    world: World, bob: Visitor, talks: list[UUID]
) -> None:
    label = make_label(world)
    assigned = many(bob, "assign", talks, member=str(world.bob.member))
    assert {talk_of(world, one).assigned_to for one in talks} == {world.bob.member}
    assert "Undone for 2" in undo(bob, assigned)
    assert {talk_of(world, one).assigned_to for one in talks} == {None}
    many(bob, "label", talks[:1], label=str(label))
    both = many(bob, "label", talks, label=str(label))
    assert "1 conversation labelled “Warranty”. 1 already." in words(both)
    undo(bob, both)
    assert "Marcus" not in words(bob.get(f"/inbox/list?label={label}"))
    assert "no longer labelled" in words(many(bob, "unlabel", talks, label=str(label)))
    assert "put aside until tomorrow 8:00 AM" in words(many(bob, "snooze", talks, until="tomorrow"))
    assert {talk_of(world, one).status for one in talks} == {"snoozed"}
    many(bob, "waiting", talks)
    assert all(talk_of(world, one).waiting_since and talk_of(world, one).status == "open" for one in talks)


def test_nothing_happens_when_one_of_many_is_not_ours_or_nothing_makes_sense(
    world: World, bob: Visitor, charlie: Visitor, talks: list[UUID]
) -> None:
    assert many(charlie, "close", talks).status_code == 404
    assert many(bob, "close", [*talks, uuid4()]).status_code == 404
    assert {talk_of(world, one).status for one in talks} == {"open"}
    assert "Select at least one" in words(many(bob, "close", []))
    assert "no longer a member" in words(many(bob, "assign", talks, member=str(world.charles.member)))
    assert "Choose a day" in words(many(bob, "snooze", talks, at="never"))
    assert many(bob, "label", talks, label=str(uuid4())).status_code == 404
    assert many(bob, "close", [uuid4() for _ in range(201)]).status_code == 200
    makers.make_member(world.plumber, "Rita Vance", "read_only")
    assert "data-pick" in bob.get("/inbox/list").get_data(as_text=True)


def test_one_conversation_waits_again_when_somebody_of_ours_says_so(
    world: World, bob: Visitor, talks: list[UUID]
) -> None:
    bob.send(f"/inbox/{talks[0]}/close")
    assert talk_of(world, talks[0]).waiting_since is None
    bob.send(f"/inbox/{talks[0]}/waiting")
    waits = talk_of(world, talks[0])
    assert waits.status == "open"
    assert waits.waiting_since
    assert waits.waiting_since <= clock.now()


def test_a_business_keeps_a_bounded_number_of_labels(world: World) -> None:
    with world.plumber.open() as session:
        session.add_all(Label(name=f"Label {n}", color="gray") for n in range(labels.MOST))
        session.flush()
        with pytest.raises(labels.LabelError, match="Remove some"):
            labels.keep(session, None, "One more", "gray")
