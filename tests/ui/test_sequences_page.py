"""Follow-up: the list, the editor, and what a draft would have done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from groundwork import clock
from groundwork.database import Json
from hallway import consent, followup
from hallway.consent.models import GateDecision
from hallway.conversations import Message
from hallway.followup import Enrollment, Moment, Sequence, SequenceVersion, sequences, switching
from hallway.insight import what_if
from tenants.models import AuditEvent
from tests import makers
from tests.makers import DANA, MARCUS, World
from tests.ui.visitor import FRAGMENT, Visitor, words

HELLO: Json = {"id": "hello", "kind": "sms", "wait": {"minutes": 60}, "good_for_hours": 72,
               "body": "{{ business.name }} here. Hi {{ contact.first_name | default: 'there' }}, well?"}  # fmt: skip
CALL: Json = {"id": "call", "kind": "task", "wait": {"days": 1, "at": "09:00"}, "title": "Call them", "body": ""}


@pytest.fixture
def sequence(world: World) -> UUID:
    """Alice's sequence after a missed call, with Dana inside."""
    with world.plumber.open() as session:
        sequences.install(session, "missed_call")
        talk = makers.make_conversation(session, makers.make_contact(session))
        followup.moment(session, "missed_call", talk, "call-1")
        return session.scalars(select(Sequence.id)).one()


def form_of(plan: Json, **changed: Any) -> dict[str, Any]:
    """The plan as the editor's form sends it."""
    form: dict[str, Any] = {"purpose": plan.get("purpose", "informational"), "skip_live_minutes": "120", "base": "1"}
    form |= {"stop_on": list(plan.get("stop_on", ["reply", "booking", "opt_out", "takeover", "closed"]))}
    form["step"] = [step["id"] for step in plan["steps"]]
    for step in plan["steps"]:
        unit = next(name for name in step["wait"] if name != "at")
        form |= {f"unit:{step['id']}": unit, f"amount:{step['id']}": str(step["wait"][unit])}
        form |= {f"at:{step['id']}": step["wait"].get("at", "")}
        form |= {f"{name}:{step['id']}": str(value) for name, value in step.items() if name not in ("id", "wait")}
    return form | changed


def versions(world: World) -> list[SequenceVersion]:
    with world.plumber.open() as session:
        return list(session.scalars(select(SequenceVersion).order_by(SequenceVersion.number)))


def order(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="step" value="')[1:]]


def test_a_business_starts_from_the_playbook_of_its_trade(world: World, alice: Visitor, charlie: Visitor) -> None:
    assert "Start from the playbook" in words(alice.get("/sequences"))
    assert alice.send("/sequences/install").status_code == 303
    page = words(alice.get("/sequences"))
    for name in ("After a missed call", "After an estimate", "After a missed appointment", "Past customers gone quiet"):
        assert name in page
    assert "Past customers gone quiet Off" in page
    assert "After an estimate" not in words(charlie.get("/sequences"))
    alice.send("/sequences/install")
    assert {version.number for version in versions(world)} == {1}


def test_the_list_tells_who_is_inside_and_what_came_of_it(world: World, alice: Visitor, sequence: UUID) -> None:
    assert "1 inside now 0 sent 0 replied" in words(alice.get("/sequences"))
    with world.plumber.open() as session:
        followup.stop(session, session.scalars(select(Enrollment.conversation_id)).one(), "reply", "They answered.")
    assert "0 inside now 0 sent 1 replied 0 booked 0 opted out" in words(alice.get("/sequences"))


def test_the_words_are_read_as_a_real_person_would_with_their_segments(alice: Visitor, sequence: UUID) -> None:
    page = words(alice.get(f"/sequences/{sequence}"))
    assert "Hi Dana, Bluff Creek Plumbing again about your call yesterday" in page
    assert "Call Dana Kowalski back" in page
    assert "characters · 1 segment" in page
    assert "Hola Dana, le escribe Bluff Creek Plumbing" in page


def test_saving_makes_a_version_and_people_inside_stay_or_move(world: World, alice: Visitor, sequence: UUID) -> None:
    alice.get(f"/sequences/{sequence}")
    assert alice.send(f"/sequences/{sequence}", form_of({"steps": [HELLO]})).status_code == 303
    moved = form_of({"steps": [HELLO, CALL]}, base="2", inside="move")
    assert alice.send(f"/sequences/{sequence}", moved).status_code == 303
    assert [(one.number, one.moves, len(one.plan["steps"])) for one in versions(world)][1:] == [
        (2, False, 1),
        (3, True, 2),
    ]
    with world.plumber.open() as session:
        assert "Changed a sequence" in session.scalars(select(AuditEvent.action)).all()
    same = form_of({"steps": [HELLO, CALL]}, base="3")
    assert "Nothing was changed." in words(alice.follow(alice.send(f"/sequences/{sequence}", same)))
    assert len(versions(world)) == 3


def test_what_is_wrong_is_said_at_its_card_and_nothing_is_saved(world: World, alice: Visitor, sequence: UUID) -> None:
    alice.get(f"/sequences/{sequence}")
    bad = {**HELLO, "body": "20% off, call {{ contact.nickname }}", "wait": {"minutes": "soon"}}
    answer = alice.send(f"/sequences/{sequence}", form_of({"steps": [bad]}))
    assert answer.status_code == 422
    page = words(answer)
    assert "Not saved yet" in page
    assert "Wait a whole number of minutes" in page
    assert "There is no {{ contact.nickname }} here" in page
    offer = words(
        alice.send(f"/sequences/{sequence}", form_of({"steps": [{**HELLO, "body": "{{ business.name }}: 20% off"}]}))
    )
    assert "This makes it an advertisement" in offer
    assert "20% off" in offer  # what was typed is still there
    assert "has between one and" in words(alice.send(f"/sequences/{sequence}", form_of({"steps": []})))
    assert len(versions(world)) == 1


def test_a_version_saved_meanwhile_is_not_overwritten(world: World, alice: Visitor, sequence: UUID) -> None:
    alice.get(f"/sequences/{sequence}")
    alice.send(f"/sequences/{sequence}", form_of({"steps": [HELLO]}))
    answer = alice.send(f"/sequences/{sequence}", form_of({"steps": [HELLO, CALL]}))
    assert answer.status_code == 409
    assert "Version 2 was saved meanwhile" in words(answer)
    assert len(versions(world)) == 2


def test_steps_are_added_moved_and_removed_by_buttons_and_nothing_is_kept(
    world: World, alice: Visitor, sequence: UUID
) -> None:
    alice.get(f"/sequences/{sequence}")
    address, plan = f"/sequences/{sequence}/draft", {"steps": [HELLO, CALL]}

    def do(deed: str) -> list[str]:
        return order(alice.send(address, form_of(plan, do=deed), **FRAGMENT).get_data(as_text=True))

    assert do("down:hello") == ["call", "hello"]
    assert do("up:hello") == ["hello", "call"]
    assert do("remove:hello") == ["call"]
    assert do("add:sms") == ["hello", "call", "sms-1"]
    assert do("add:nonsense") == ["hello", "call"]
    typed = alice.send(address, form_of(plan), **FRAGMENT).get_data(as_text=True)
    assert "hx-partial" in typed
    assert "<textarea" not in typed
    assert order(alice.send(address, form_of(plan, do="playbook")).get_data(as_text=True))[0] == "call-them"
    assert len(versions(world)) == 1


def test_switching_off_asks_what_happens_to_who_is_inside(world: World, alice: Visitor, sequence: UUID) -> None:
    assert "1 person is inside now. What happens to them?" in words(alice.get("/sequences"))
    alice.send(f"/sequences/{sequence}/switch", {"to": "finish"})
    with world.plumber.open() as session:
        assert session.scalars(select(Enrollment.state)).one() == "running"
    alice.get("/sequences")
    alice.send(f"/sequences/{sequence}/switch", {"to": "on"})
    alice.send(f"/sequences/{sequence}/switch", {"to": "stop"})
    with world.plumber.open() as session:
        one = session.scalars(select(Enrollment)).one()
        assert (one.state, one.stopped_why) == ("stopped", "The sequence was switched off.")
        assert session.scalars(select(Sequence.enabled)).one() is False
    assert alice.send(f"/sequences/{sequence}/switch", {"to": "maybe"}).status_code == 400


def test_an_agent_reads_and_changes_nothing(bob: Visitor, sequence: UUID) -> None:
    assert "Save" not in words(bob.get(f"/sequences/{sequence}")).replace("Saved", "")
    assert bob.send(f"/sequences/{sequence}", form_of({"steps": [HELLO]})).status_code == 403
    assert bob.send(f"/sequences/{sequence}/switch", {"to": "stop"}).status_code == 403


@pytest.fixture
def past(world: World, sequence: UUID, workday: object) -> None:
    """Three people missed at noon on a working day a week ago: one answered soon, one opted out, one said nothing."""
    noon = clock.now().replace(hour=18, minute=0) - timedelta(days=7)
    with world.plumber.open() as session:
        session.query(Moment).delete()
        for phone, name, said in (
            (DANA, "Dana", "still leaking"),
            (MARCUS, "Marcus Reed", "STOP"),
            ("+15125550163", "Ines Roy", ""),
        ):
            talk = makers.make_conversation(session, makers.make_contact(session, name, phone))
            session.add(Moment(kind="missed_call", conversation_id=talk.id, key=phone, facts={}, at=noon))
            session.flush()
            if said:
                label = "opt_out" if said == "STOP" else "other"
                when = noon + timedelta(minutes=30)
                makers.make_text_in(session, talk, said, business=world.plumber, at=when, label=label, sender=phone)


def told(world: World, *steps: Json, kind: Any = "missed_call", **plan: Any) -> list[tuple[str, str, str]]:
    with world.plumber.open() as session:
        one = session.scalars(select(Sequence)).one()
        draft = followup.Plan.from_json({"steps": list(steps), **plan})
        found = what_if.replay(session, draft, kind, sequence_id=one.id)
        return [(line.who, line.outcome, line.rule) for line in found.lines]


def test_what_if_tells_to_whom_it_would_have_gone_and_what_would_have_stopped_it(world: World, past: None) -> None:
    assert sorted(told(world, HELLO)) == [
        ("Dana", "stopped", "reply"),
        ("Ines Roy", "sent", "allow.hours.TX"),
        ("Marcus Reed", "stopped", "reply"),
    ]
    lines = told(world, HELLO, stop_on=["opt_out"])
    assert ("Marcus Reed", "stopped", "opt_out") in lines
    assert ("Dana", "skipped", "live") in lines


def test_what_if_holds_through_the_night_and_refuses_offers_without_written_consent(world: World, past: None) -> None:
    late = {**HELLO, "wait": {"minutes": 60 * 11}}  # eleven at night in Austin
    outcomes = {who: (outcome, rule) for who, outcome, rule in told(world, late)}
    assert outcomes["Ines Roy"][0] == "held"
    assert ("Ines Roy", "refused", "consent.missing") in told(world, HELLO, purpose="marketing")


def test_what_if_texts_about_an_estimate_only_who_had_agreed_to_be_asked(world: World, past: None) -> None:
    with world.plumber.open() as session:
        session.execute(update(Moment).values(kind="estimate"))
    assert ("Ines Roy", "refused", "follow_up.not_agreed") in told(world, HELLO, kind="estimate")
    for agreed, outcome in ((timedelta(days=1), "refused"), (timedelta(days=9), "sent")):
        with world.plumber.open() as session:
            at = clock.now() - agreed
            consent.record(session, "+15125550163", "granted", "follow_up", "verbal", "By phone", occurred_at=at)
        assert [one for who, one, _ in told(world, HELLO, kind="estimate") if who == "Ines Roy"] == [outcome]


def test_what_if_counts_the_drafts_own_touches_toward_the_cap(world: World, past: None) -> None:
    many = [{**HELLO, "id": f"hello-{n}", "wait": {"minutes": 20}} for n in range(5)]
    found = [(outcome, rule) for who, outcome, rule in told(world, *many) if who == "Ines Roy"]
    assert [outcome for outcome, _ in found] == ["sent", "sent", "sent", "held", "sent"]
    assert found[3] == ("held", "cap.day")


def test_what_if_shows_a_draft_and_keeps_and_sends_nothing(
    world: World, sequence: UUID, past: None, alice: Visitor
) -> None:
    def kept() -> list[int | None]:
        with world.plumber.open() as session:
            return [
                session.scalar(select(func.count()).select_from(table)) for table in (Message, GateDecision, Enrollment)
            ]

    alice.get(f"/sequences/{sequence}")
    before = kept()
    page = words(alice.send(f"/sequences/{sequence}/what-if", form_of({"steps": [HELLO, CALL]})))
    assert "What if: your draft" in page
    assert "Missed call: 3 times" in page
    assert "1 would have gone" in page
    assert "replies (2)" in page
    assert "Bluff Creek Plumbing here. Hi Ines, well?" in page
    assert kept() == before
    assert len(versions(world)) == 1


def test_what_if_of_another_business_sees_nothing_of_this(world: World, past: None, charlie: Visitor) -> None:
    charlie.send("/sequences/install")
    with world.charlie.open() as session:
        theirs = session.scalars(select(Sequence.id).where(Sequence.moment == "missed_call")).one()
        assert switching.plan_of(session, session.get_one(Sequence, (world.charlie.id, theirs))).steps
    assert "Nothing started it in the last 30 days" in words(charlie.get(f"/sequences/{theirs}/what-if"))
