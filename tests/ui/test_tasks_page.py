"""Tasks that a person decides, and the bar over every page while no texts go out."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from hallway import consent, followup, sending
from hallway.conversations import Conversation, Message, Task, add_task
from hallway.followup import Enrollment
from tenants.models import AuditEvent, Tenant
from tests import makers
from tests.makers import DANA, World
from tests.ui.visitor import FRAGMENT, Visitor, words

SAID = "you people again??"


@pytest.fixture
def task(world: World) -> UUID:
    """Dana wrote something that may be a wish to stop; automatic texts pause until a person has read it."""
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, automation_paused_reason="A reply may have asked for no more texts.")
        text = makers.make_text_in(session, talk, SAID, business=world.plumber, label="doubtful")
        add_task(session, "review_reply", text.id, title="Read a doubtful reply", reason="Read it and decide.",
                 rule="doubtful.hostile", phone=DANA, conversation_id=talk.id)  # fmt: skip
        return session.scalars(select(Task.id)).one()


def talk_of(world: World) -> Conversation:
    with world.plumber.open() as session:
        return session.scalars(select(Conversation)).one()


def test_a_doubtful_reply_is_shown_with_its_words_and_two_answers(world: World, bob: Visitor, task: UUID) -> None:
    for page in (words(bob.get("/tasks")), words(bob.get(f"/inbox/{talk_of(world).id}"))):
        assert SAID in page
        assert "They want us to stop Keep texting" in page


def test_they_want_us_to_stop_ends_all_texts(world: World, bob: Visitor, task: UUID) -> None:
    with world.plumber.open() as session:
        followup.moment(session, "missed_call", session.scalars(select(Conversation)).one(), "call-1")
    bob.get("/tasks")
    assert bob.send(f"/tasks/{task}/decide", {"opted_out": "yes"}).headers["Location"] == "/tasks"
    with world.plumber.open() as session:
        assert session.scalars(select(Enrollment.state)).all() == ["stopped"]
        stop = consent.is_suppressed(session, DANA)
        assert stop
        assert session.get_one(Task, (world.plumber.id, task)).done_by == "Bob Tran"
    assert "Keep texting" not in words(bob.get("/tasks"))


def test_keep_texting_lets_automatic_texts_go_on(world: World, bob: Visitor, task: UUID) -> None:
    talk = talk_of(world)
    bob.get(f"/inbox/{talk.id}")
    form = {"opted_out": "no", "from": "thread", "composer": "open"}
    page = words(bob.send(f"/tasks/{task}/decide", form, **FRAGMENT))
    assert "Bob Tran did this" in page
    assert "Automatic texts are paused" not in page
    assert talk_of(world).automation_paused_reason is None
    with world.plumber.open() as session:
        assert consent.is_suppressed(session, DANA) is None


def test_the_composer_closes_with_the_decision_to_stop(world: World, bob: Visitor, task: UUID) -> None:
    bob.get(f"/inbox/{talk_of(world).id}")
    form = {"opted_out": "yes", "from": "thread", "composer": "open"}
    page = words(bob.send(f"/tasks/{task}/decide", form, **FRAGMENT))
    assert "No text can be sent here" in page


def test_a_second_decision_about_the_same_reply_changes_nothing(world: World, bob: Visitor, task: UUID) -> None:
    bob.get("/tasks")
    bob.send(f"/tasks/{task}/decide", {"opted_out": "no"})
    bob.send(f"/tasks/{task}/decide", {"opted_out": "yes"})
    with world.plumber.open() as session:
        assert consent.is_suppressed(session, DANA) is None


def test_a_decision_without_an_answer_is_none(world: World, bob: Visitor, task: UUID) -> None:
    bob.get("/tasks")
    assert bob.send(f"/tasks/{task}/decide", {"opted_out": "maybe"}).status_code == 400


def stop(world: World) -> None:
    with world.plumber.open() as session:
        sending.stop_tenant(session, "The carrier suspended the account.")
        add_task(session, "fix_sending", "20005:today", title="Texts are not going out", reason="Suspended.", rule="x")


@pytest.mark.parametrize("path", ["/home", "/inbox", "/tasks", "/search", "/settings/business"])
def test_every_page_says_that_no_texts_go_out(world: World, bob: Visitor, path: str) -> None:
    assert "No texts go out" not in words(bob.get(path))
    stop(world)
    page = words(bob.get(path))
    assert page.count("No texts go out. The carrier suspended the account.") == 1
    assert "Resume sending" not in page


def test_an_owner_starts_sending_again_and_what_was_held_goes(world: World, alice: Visitor) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        makers.make_text_out(session, talk, business=world.plumber, state="held", held_rule="tenant.stopped")
    stop(world)
    assert "Resume sending" in words(alice.get("/standing"))
    answer = alice.send("/standing/resume", **FRAGMENT)
    assert "No texts go out" not in words(answer)
    assert "Texts go out again." in answer.headers["HX-Trigger"]
    with world.plumber.open() as session:
        assert session.get_one(Tenant, world.plumber.id).sending_stopped_reason is None
        assert session.scalars(select(Message.due_at)).one()
        assert session.scalars(select(Task.done_by)).one() == "Alice Romero"
        assert session.scalars(select(AuditEvent.action)).all() == ["Resumed sending"]


def test_an_agent_does_not_start_sending_again(world: World, bob: Visitor) -> None:
    stop(world)
    bob.get("/home")
    assert bob.send("/standing/resume").status_code == 403
    with world.plumber.open() as session:
        assert session.get_one(Tenant, world.plumber.id).sending_stopped_reason
