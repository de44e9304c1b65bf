"""Follow-up beside the thread: each step with the reason of whatever decided, and a way out."""

from __future__ import annotations

import pytest

from groundwork import clock
from tests.followup.sequence import AGAIN, HELLO, begin, enrolled, make_sequence, touches, work
from tests.makers import World
from tests.ui.visitor import Visitor, words


@pytest.mark.usefixtures("workday")
def test_the_thread_shows_each_step_and_a_member_ends_it(world: World, alice: Visitor, charlie: Visitor) -> None:
    mail = {"id": "mail", "kind": "email", "wait": {"minutes": 0}, "subject": "Hello", "body": "Hello"}
    make_sequence(world.plumber, {**HELLO, "wait": {"minutes": 0}}, mail, AGAIN)
    begin(world.plumber)
    work(world.plumber)
    (one,) = enrolled(world.plumber)
    address = f"/inbox/{one.conversation_id}"
    shown = words(alice.get(address))
    assert "After a form Running" in shown
    assert "Next: again" in shown
    assert "E-mail mail Skipped" in shown
    assert "They have no e-mail address on file." in shown
    charlie.get("/inbox")
    assert charlie.send(f"{address}/follow-up/{one.id}/stop").status_code == 404
    alice.send(f"{address}/follow-up/{one.id}/stop")
    assert "Alice Romero stopped it." in words(alice.get(address))
    (ended,) = enrolled(world.plumber)
    assert (ended.state, ended.stopped_by) == ("stopped", "person")
    assert {text.state for text in touches(world.plumber)} <= {"cancelled", "claimed", "accepted"}
    assert ended.ended_at is not None
    assert ended.ended_at <= clock.now()
