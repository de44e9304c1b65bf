"""People in sequences: each step at its time, once, and never after a reply, a booking, STOP or a takeover."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from groundwork.database import Json, ScopedSession
from groundwork.tables import Timer
from hallway import followup, sending
from hallway.calls import following_up
from hallway.contacts import ContactPoint
from hallway.conversations import Task
from hallway.followup import moving
from tests.followup.sequence import AGAIN, CALL, HELLO, at, begin, enrolled, logged, make_sequence, stop, touches, work
from tests.inbound.door import text_in
from tests.makers import DANA, World, make_call, make_conversation

TUESDAY = "2026-11-24T14:00:00-06:00"  # in Austin


def test_steps_go_out_at_their_times_until_the_end(world: World) -> None:
    make_sequence(world.plumber, HELLO, AGAIN, CALL)
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.to("2026-11-27T12:00:00-06:00", world.plumber)
    first, second = touches(world.plumber)
    assert first.at == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # looked at every hour
    assert second.at.astimezone(UTC) == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)  # ten in the morning in Austin
    assert [line.outcome for line in logged(world.plumber)] == ["queued", "queued", "done"]
    assert [one.state for one in enrolled(world.plumber)] == ["finished"]
    with world.plumber.open() as session:
        assert session.scalars(select(Task.title)).one() == "Call Dana Kowalski"
    assert touches(world.charlie) == []


def test_a_moment_told_twice_enrolls_once(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    for _ in range(2):
        begin(world.plumber)
    begin(world.plumber, key="another")  # still inside: nobody is chased twice about the same
    assert len(enrolled(world.plumber)) == 1


def test_the_trade_s_own_sequence_is_there_without_set_up(world: World) -> None:
    for kind in followup.MOMENTS:
        begin(world.plumber, kind=kind)
    with world.plumber.open() as session:
        there = {one.moment: one.enabled for one in session.scalars(select(followup.Sequence))}
    assert set(there) == set(followup.MOMENTS)
    assert len(enrolled(world.plumber)) == sum(there.values())
    assert not there["past_customer"]  # offers wait until the business says so


@pytest.mark.parametrize("event", ["reply", "booking", "opt_out", "takeover", "closed"])
def test_each_event_stops_it_at_once_with_what_it_has_queued(world: World, event: str) -> None:
    make_sequence(world.plumber, HELLO, AGAIN)
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(minutes=6)
        work(world.plumber)
        assert [one.state for one in touches(world.plumber)] == ["queued"]
        assert stop(world.plumber, event, "Because.") == 1
        assert [(one.state, one.error) for one in touches(world.plumber)] == [("cancelled", "Because.")]
        now.to("2026-11-27T12:00:00-06:00", world.plumber)
    assert [(one.state, one.stopped_by) for one in enrolled(world.plumber)] == [("stopped", event)]
    assert len(touches(world.plumber)) == 1


def test_a_sequence_that_does_not_stop_on_a_takeover_goes_on(world: World) -> None:
    make_sequence(world.plumber, HELLO, stop_on=["reply", "opt_out"])
    begin(world.plumber)
    assert stop(world.plumber, "takeover") == 0
    assert [one.state for one in enrolled(world.plumber)] == ["running"]


def test_a_text_of_theirs_stops_what_is_held_until_morning(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    with at("2026-11-24T22:30:00-06:00") as now:
        begin(world.plumber)
        now.jump(minutes=6)
        work(world.plumber)
        assert [(one.state, one.held_rule is not None) for one in touches(world.plumber)] == [("held", True)]
        assert [one.state for one in enrolled(world.plumber)] == ["finished"]
        text_in(world.plumber, "Yes please, Thursday?")
    assert [one.state for one in touches(world.plumber)] == ["cancelled"]
    assert [one.stopped_by for one in enrolled(world.plumber)] == ["reply"]


def test_stop_ends_every_sequence_of_theirs(world: World) -> None:
    make_sequence(world.plumber, HELLO, AGAIN)
    make_sequence(world.plumber, AGAIN, moment="estimate", stop_on=["opt_out"])
    begin(world.plumber)
    begin(world.plumber, kind="estimate")
    begin(world.charlie)
    text_in(world.plumber, "STOP")
    assert {one.stopped_by for one in enrolled(world.plumber)} == {"opt_out"}
    assert [one.state for one in enrolled(world.charlie)] == ["running"]


def test_an_automatic_answer_is_no_reply(world: World) -> None:
    make_sequence(world.plumber, HELLO, AGAIN)
    begin(world.plumber)
    text_in(world.plumber, "Liked “Need a hand?”")
    assert [one.state for one in enrolled(world.plumber)] == ["running"]


def test_the_gate_refuses_at_claim_what_was_stopped_behind_its_back(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(minutes=6)
        work(world.plumber)
        with world.plumber.open() as session:
            session.execute(update(followup.Enrollment).values(state="stopped"))
        sending.deliver(world.plumber.id, "soon")
    assert [(one.state, one.held_rule) for one in touches(world.plumber)] == [("refused", "sequence.stopped")]


def test_a_step_not_done_within_its_life_is_missed_and_the_next_one_keeps_its_day(world: World) -> None:
    make_sequence(world.plumber, HELLO, AGAIN, {**AGAIN, "id": "later"})
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(minutes=6)
        work(world.plumber)
        now.jump(hours=43)  # Thursday morning; Wednesday's ten o'clock was good for ten hours
        work(world.plumber)
        assert logged(world.plumber)[-1][:2] == ("again", "missed")
        now.to("2026-11-26T11:00:00-06:00", world.plumber)
    assert [line[:2] for line in logged(world.plumber)][2:] == [("later", "queued")]
    with world.plumber.open() as session:
        assert session.scalars(select(Timer.state).where(Timer.key.like("%:again"))).one() == "missed"


def test_somebody_who_wrote_to_them_a_moment_ago_is_not_talked_over(world: World) -> None:
    make_sequence(world.plumber, HELLO, stop_on=["opt_out"])
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(minutes=5)
        text_in(world.plumber, "hello?")
        work(world.plumber)
    assert logged(world.plumber) == [("hello", "skipped", "live.they_wrote")]


def test_nobody_without_a_number_is_texted(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    with at(TUESDAY) as now:
        begin(world.plumber)
        with world.plumber.open() as session:
            session.execute(delete(ContactPoint))
        now.jump(minutes=6)
        work(world.plumber)
    assert logged(world.plumber) == [("hello", "skipped", "no_address")]


def test_offers_need_written_consent(world: World) -> None:
    make_sequence(world.plumber, HELLO, moment="past_customer", purpose="marketing")
    with at(TUESDAY) as now:
        begin(world.plumber, kind="past_customer")
        now.jump(minutes=6)
        work(world.plumber)
    assert logged(world.plumber) == [("hello", "skipped", "consent.missing")]


def test_a_branch_follows_the_reply_and_a_wait_ends_when_it_happens(world: World) -> None:
    wait: Json = {"id": "wait", "kind": "wait_for", "wait": {"days": 2}, "event": "reply", "otherwise": "end"}
    ask: Json = {"id": "ask", "kind": "branch", "when": "replied", "then": "call", "otherwise": "again"}
    make_sequence(world.plumber, wait, ask, AGAIN, CALL, stop_on=["opt_out"])
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(hours=1)
        text_in(world.plumber, "Call me tomorrow")
        now.to("2026-11-25T09:00:00-06:00", world.plumber)
    assert [line[:2] for line in logged(world.plumber)] == [("wait", "done"), ("ask", "done"), ("call", "done")]
    assert touches(world.plumber) == []


@pytest.mark.parametrize("moves", [True, False])
def test_a_new_version_moves_the_people_inside_or_leaves_them(world: World, moves: bool) -> None:
    make_sequence(world.plumber, HELLO, AGAIN)
    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(minutes=6)
        work(world.plumber)
        with world.plumber.open() as session:
            sequence = session.scalars(select(followup.Sequence)).one()
            plan = followup.Plan.from_json({"steps": [HELLO, CALL]})
            assert followup.publish(session, sequence, plan, "Alice Romero", moves=moves) == 2
        work(world.plumber)
        assert [(one.version, one.step) for one in enrolled(world.plumber)] == [(2, "call") if moves else (1, "again")]
        now.to("2026-11-26T12:00:00-06:00", world.plumber)
    assert [line.step for line in logged(world.plumber)] == ["hello", "call" if moves else "again"]


def test_words_that_must_not_go_out_are_never_put_in_force_whoever_publishes_them(world: World) -> None:
    make_sequence(world.plumber, HELLO)
    nameless = {**HELLO, "body": "Reply CANCEL to stop, or see bit.ly/x"}
    with world.plumber.open() as session:
        sequence = session.scalars(select(followup.Sequence)).one()
        with pytest.raises(followup.PlanError, match="never says who is speaking") as refused:
            followup.publish(session, sequence, followup.Plan.from_json({"steps": [nameless]}), None, moves=True)
        assert {(problem.step, problem.field) for problem in refused.value.problems} == {("hello", "body")}
        assert sequence.version == 1


def test_a_worker_killed_in_the_middle_of_a_step_leaves_one_touch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sequence(world.plumber, HELLO, AGAIN)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with at(TUESDAY) as now:
        begin(world.plumber)
        now.jump(minutes=6)
        with monkeypatch.context() as patch:
            patch.setattr(moving, "go_on_all", die)
            with pytest.raises(KeyboardInterrupt):
                work(world.plumber)
        assert touches(world.plumber) == []
        work(world.plumber)
    assert [line.step for line in logged(world.plumber)] == ["hello"]
    assert len(touches(world.plumber)) == 1


def test_one_broken_step_does_not_keep_the_others_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    make_sequence(world.plumber, HELLO)
    queue_all = sending.queue_all

    def broken(session: ScopedSession, drafts: list[sending.Draft]) -> list[sending.Queued]:
        if any(draft.to == DANA for draft in drafts):
            raise RuntimeError("broken")
        return queue_all(session, drafts)

    with at(TUESDAY) as now:
        begin(world.plumber)
        begin(world.plumber, phone="+15125550162")
        now.jump(minutes=6)
        monkeypatch.setattr(sending, "queue_all", broken)
        work(world.plumber)
        assert [one.to_address for one in touches(world.plumber)] == ["+15125550162"]
        monkeypatch.undo()
        now.jump(minutes=1)
        work(world.plumber)
    assert len(touches(world.plumber)) == 2


def test_a_missed_call_is_followed_the_next_day_and_a_talk_ends_it(world: World) -> None:
    with at(TUESDAY) as now:
        with world.plumber.open() as session:
            call = make_call(session, make_conversation(session), business=world.plumber, caller_kind="ordinary")
            following_up.arrange(session, call)
        now.to("2026-11-25T10:00:00-06:00", world.plumber)
        assert [one.kind for one in touches(world.plumber)] == ["sequence"]
        with world.plumber.open() as session:
            following_up.talked(session, make_conversation(session))
    assert [(one.state, one.stopped_by) for one in enrolled(world.plumber)] == [("stopped", "reply")]


def test_who_writes_spanish_is_written_to_in_spanish(world: World) -> None:
    make_sequence(
        world.plumber, {**HELLO, "body_es": "Le escribe {{ business.name }}."}, {**AGAIN, "wait": {"minutes": 9}}
    )
    with at(TUESDAY) as now:
        begin(world.plumber, language="es")
        now.to("2026-11-24T18:00:00-06:00", world.plumber)
    first, second = touches(world.plumber)
    assert first.body.startswith("Le escribe Bluff Creek Plumbing.")
    assert second.body.startswith("Bluff Creek Plumbing again?")  # no Spanish was written for it
