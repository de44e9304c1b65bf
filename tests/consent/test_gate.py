"""The gate on a real database: what it gathers, what it adds to the words, what it keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from groundwork import clock
from groundwork.database import ScopedSession, engine, new_id
from hallway import consent
from hallway.consent import Ask, Decision, Facts, may_send, may_send_all, replay
from hallway.consent.models import GateDecision
from hallway.contacts import block
from hallway.conversations import Conversation
from tenants.models import Tenant
from tests import makers
from tests.makers import DANA, MARCUS, Business, World

pytestmark = pytest.mark.usefixtures("clean")
WORDS = "Sorry we missed you! Bluff Creek Plumbing here. What do you need? Reply STOP to opt out."


@pytest.fixture
def world() -> World:
    return makers.make_world()


def missed_call(session: ScopedSession, business: Business, caller: str = DANA) -> tuple[Conversation, Ask]:
    """A call missed just now, and the text-back it calls for."""
    contact = makers.make_contact(session, phone=caller)
    conversation = makers.make_conversation(session, contact)
    call = makers.make_call(session, conversation, business=business, caller=caller)
    ask = Ask(
        caller,
        "reply",
        "text_back",
        clock.now(),
        WORDS,
        sender=business.number,
        expires_at=clock.now() + timedelta(minutes=20),
        conversation_id=conversation.id,
        message_id=new_id(),
        call_id=call.id,
    )
    return conversation, ask


def asked(session: ScopedSession, ask: Ask, **changes: Any) -> Decision:
    return may_send(session, Ask(**{**ask.__dict__, **changes}))


def test_a_missed_caller_may_be_texted_back_and_the_answer_is_kept_with_what_it_saw(world: World) -> None:
    with world.plumber.open() as session:
        _, ask = missed_call(session, world.plumber)
        decision = may_send(session, ask)
        stored = session.scalars(select(GateDecision)).one()
    assert (decision.answer, decision.rule) == ("allow", "allow.reply")
    assert (stored.answer, stored.rule, stored.message_id) == ("allow", "allow.reply", ask.message_id)
    again = replay(stored)
    assert (again.answer, again.rule, again.until) == (decision.answer, decision.rule, decision.until)
    assert WORDS not in str(stored.saw)


def test_what_is_known_of_the_person_reaches_the_rules(world: World) -> None:
    with world.plumber.open() as session:
        conversation, ask = missed_call(session, world.plumber)
        makers.make_contact(session, line_type="landline")
        assert may_send(session, ask).rule == "number.landline"
        contact = makers.make_contact(session, line_type="mobile")
        conversation.automation_paused_reason = "A reply may have been an opt-out."
        session.flush()
        assert may_send(session, ask).rule == "automation.paused"
        block(contact, "spam")
        session.flush()
        assert may_send(session, ask).rule == "contact.blocked"
        consent.suppress(session, DANA, "opt_out", words="stop texting me")
        assert may_send(session, ask).rule == "suppressed.opt_out"
        session.get_one(Tenant, world.plumber.id).sending_stopped_reason = "the account is suspended."
        session.flush()
        assert asked(session, ask, expires_at=None).rule == "tenant.stopped"


def test_what_is_known_of_the_call_reaches_the_rules(world: World) -> None:
    with world.plumber.open() as session:
        conversation, ask = missed_call(session, world.plumber)
        assert asked(session, ask, call_id=None).rule == "text_back.no_missed_call"
        answered = makers.make_call(session, conversation, business=world.plumber, missed=False)
        assert asked(session, ask, call_id=answered.id).rule == "text_back.no_missed_call"
        others = makers.make_call(session, business=world.plumber, caller=MARCUS)
        assert asked(session, ask, call_id=others.id).rule == "text_back.no_missed_call"
        makers.make_text_out(session, conversation, business=world.plumber, call_id=new_id())
        assert may_send(session, ask).rule == "text_back.already"


def test_our_own_number_and_our_own_phones_are_known(world: World) -> None:
    with world.plumber.open() as session:
        _, ask = missed_call(session, world.plumber)
        assert asked(session, ask, address=world.plumber.number).rule == "number.our_own"
        alarm: dict[str, Any] = {"purpose": "staff", "kind": "alert"}
        assert asked(session, ask, address=world.plumber.cell, **alarm).rule == "allow.staff"
        assert asked(session, ask, address=world.charlie.cell, **alarm).rule == "staff.not_ours"


def test_marketing_goes_by_the_last_word_in_the_ledger(world: World) -> None:
    wording = "I agree to get offers by text from Bluff Creek Plumbing. Consent is not a condition of purchase."
    at = clock.now().replace(year=2026, month=11, day=24, hour=18)
    with world.plumber.open() as session:
        makers.make_contact(session)
        ask = Ask(DANA, "marketing", "campaign", at, WORDS, sender=world.plumber.number)
        assert may_send(session, ask).rule == "consent.missing"
        consent.record(session, DANA, "granted", "marketing", "web_form", wording, {"page": "/quote"})
        assert may_send(session, ask).rule == "allow.hours.TX"
        consent.record(session, DANA, "granted", "informational", "verbal")
        assert may_send(session, ask).rule == "allow.hours.TX"
        consent.suppress(session, DANA, "opt_out", words="STOP")
        consent.release_by_person(session, DANA, "START", new_id())
        assert may_send(session, ask).rule == "consent.revoked"


def test_the_first_automatic_text_names_the_sender_and_says_how_to_opt_out(world: World) -> None:
    with world.plumber.open() as session:
        conversation, ask = missed_call(session, world.plumber)
        first = asked(session, ask, body="Sorry we missed you!")
        assert first.body == "Bluff Creek Plumbing: Sorry we missed you! Reply STOP to opt out."
        assert may_send(session, ask).body == WORDS
        makers.make_contact(session, language="es")
        spanish = asked(session, ask, body="Bluff Creek Plumbing: ¿en qué le ayudamos?")
        assert spanish.body == "Bluff Creek Plumbing: ¿en qué le ayudamos? Responda STOP para cancelar."
        assert asked(session, ask, kind="person", by_person=True, body="On my way").body == "On my way"
        makers.make_text_out(session, conversation, WORDS, business=world.plumber, kind="person")
        assert asked(session, ask, body="Still there?").body == "Still there?"


def test_a_text_about_stopping_by_is_no_opt_out_line(world: World) -> None:
    with world.plumber.open() as session:
        _, ask = missed_call(session, world.plumber)
        decision = asked(session, ask, body="Bluff Creek Plumbing: we can stop by at noon.")
        assert decision.body == "Bluff Creek Plumbing: we can stop by at noon. Reply STOP to opt out."


def test_many_are_asked_in_two_round_trips_and_answered_in_order(world: World) -> None:
    statements: list[str] = []
    callers = [f"+151255501{i:02}" for i in range(20, 40)]
    with world.plumber.open() as session:
        asks = [missed_call(session, world.plumber, caller)[1] for caller in callers]
        consent.suppress(session, callers[3], "opt_out")
        session.flush()
        event.listen(engine("web"), "before_cursor_execute", lambda *args: statements.append(args[2]))
        decisions = may_send_all(session, asks)
    assert [decision.answer for decision in decisions] == ["allow"] * 3 + ["refuse"] + ["allow"] * 16
    assert len(statements) == 2


def test_the_facts_of_one_business_never_show_in_another(world: World) -> None:
    with world.charlie.open() as session:
        consent.suppress(session, DANA, "opt_out", words="STOP")
    with world.plumber.open() as session:
        _, ask = missed_call(session, world.plumber)
        assert may_send(session, ask).answer == "allow"


def test_a_stored_decision_reads_back_as_the_same_facts(world: World) -> None:
    with world.plumber.open() as session:
        _, ask = missed_call(session, world.plumber)
        may_send(session, ask)
    with world.plumber.open() as session:
        stored = session.scalars(select(GateDecision)).one()
        assert Facts.from_json(stored.saw).as_json() == stored.saw
