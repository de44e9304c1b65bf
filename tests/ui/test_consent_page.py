"""The consent file of a phone: shown, handed out, erased; and a person's details."""

from __future__ import annotations

import csv
import io
import json
from uuid import UUID

import pytest
from sqlalchemy import select

from groundwork import phones
from hallway import consent, contacts, followup, sending
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message
from hallway.followup import Enrollment
from tenants.models import AuditEvent
from tests import makers
from tests.makers import DANA, World
from tests.ui.visitor import FRAGMENT, Visitor, words


@pytest.fixture
def dana(world: World) -> UUID:
    """Dana called, was texted, answered, and then asked us to stop; her id as a contact."""
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        makers.make_call(session, talk, business=world.plumber)
        makers.make_text_out(session, talk, business=world.plumber)
        said = makers.make_text_in(session, talk, "please stop texting me", business=world.plumber)
        consent.record(session, DANA, "granted", "conversational", "inbound_call")
        sending.stop_texting(session, DANA, "opt_out", words=said.body, message_id=said.id)
        return talk.contact_id


def test_the_file_shows_everything_about_a_phone(alice: Visitor, dana: UUID) -> None:
    page = words(alice.get(f"/contacts/{dana}/consent"))
    assert "No texts may be sent to this number" in page
    assert "Consent given: conversational, inbound call" in page
    assert "Texting switched off (opt out)" in page
    assert "“please stop texting me”" in page
    assert "They called" in page


def test_the_file_is_handed_out_as_json_and_as_a_table(alice: Visitor, dana: UUID) -> None:
    as_json = alice.get(f"/consent/{DANA}.json")
    assert json.loads(as_json.data)["address"] == DANA
    assert "attachment" in as_json.headers["Content-Disposition"]
    as_csv = alice.get(f"/consent/{DANA}.csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.get_data(as_text=True))))
    assert {"consent", "suppressed", "text received"} <= {row["what"] for row in rows}


def test_a_phone_we_never_met_has_an_empty_file_and_a_non_phone_none(alice: Visitor, dana: UUID) -> None:
    assert "Nothing is kept about this number" in words(alice.get("/consent/+15125550999"))
    assert alice.get("/consent/hello").status_code == 404


def test_another_business_finds_nothing_about_the_same_phone(charlie: Visitor, dana: UUID) -> None:
    assert "Nothing is kept about this number" in words(charlie.get(f"/consent/{DANA}"))
    assert charlie.get(f"/contacts/{dana}/consent").status_code == 404


def test_an_owner_erases_and_the_stop_stays(world: World, alice: Visitor, dana: UUID) -> None:
    alice.get(f"/contacts/{dana}/consent")
    assert "Nothing was erased" in words(alice.follow(alice.send(f"/consent/{DANA}/erase", {"confirm": "yes"})))
    alice.send(f"/consent/{DANA}/erase", {"confirm": "erase"})
    with world.plumber.open() as session:
        assert session.get_one(Contact, (world.plumber.id, dana)).name is None
        assert set(session.scalars(select(Message.body))) == {""}
        assert consent.is_suppressed(session, DANA)
    assert "No texts may be sent to this number" in words(alice.get(f"/consent/{DANA}"))


def test_handing_out_and_erasing_is_written_down(world: World, alice: Visitor, dana: UUID) -> None:
    alice.get(f"/consent/{DANA}.csv")
    alice.get(f"/consent/{DANA}")
    alice.send(f"/consent/{DANA}/erase", {"confirm": "ERASE"})
    with world.plumber.open() as session:
        notes = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        told = [(one.action, one.actor_name, one.detail["phone"]) for one in notes]
    masked = phones.masked(DANA)
    assert told == [("Downloaded a consent file", "Alice Romero", masked),
                    ("Erased a person's data at their request", "Alice Romero", masked)]  # fmt: skip


def test_a_stop_is_lifted_with_evidence_which_is_kept(world: World, alice: Visitor, dana: UUID) -> None:
    page = words(alice.get(f"/contacts/{dana}/consent"))
    assert "ask them to text START" in page
    refused = alice.follow(alice.send(f"/consent/{DANA}/lift", {"evidence": "ok"}))
    assert "Say how and when they asked" in words(refused)
    with world.plumber.open() as session:
        assert consent.is_suppressed(session, DANA)
    evidence = "She asked me on the phone on Tuesday"
    lifted = words(alice.follow(alice.send(f"/consent/{DANA}/lift", {"evidence": evidence})))
    assert "Marketing stays off" in lifted
    assert evidence in lifted
    with world.plumber.open() as session:
        assert consent.is_suppressed(session, DANA) is None
        assert "Lifted a stop" in session.scalars(select(AuditEvent.action)).all()


def test_a_stop_lifted_in_the_thread_opens_the_composer(world: World, alice: Visitor, dana: UUID) -> None:
    with world.plumber.open() as session:
        talk = session.scalars(select(Conversation.id)).one()
    assert "They want texts again" in words(alice.get(f"/inbox/{talk}"))
    form = {"evidence": "She asked me on the phone", "conversation": str(talk), "composer": "stopped"}
    answer = alice.send(f"/consent/{DANA}/lift", form, **FRAGMENT)
    assert 'id="compose"' in answer.get_data(as_text=True)
    assert "Marketing stays off" in answer.headers["HX-Trigger"]


def test_a_stop_told_to_one_of_us_ends_what_waits_and_their_follow_up_at_once(world: World, bob: Visitor) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        followup.moment(session, "missed_call", talk, "call-1")
        talk_id = talk.id
    assert "They asked one of you to stop" in words(bob.get(f"/consent/{DANA}"))
    assert "Say how and when" in words(bob.follow(bob.send(f"/consent/{DANA}/stop", {"said": "yes"})))
    said = "Told me on the phone today that she found somebody"
    page = words(bob.follow(bob.send(f"/consent/{DANA}/stop", {"said": said})))
    assert "No texts may be sent to this number" in page
    assert said in page
    with world.plumber.open() as session:
        ended = session.scalars(select(Enrollment).where(Enrollment.conversation_id == talk_id)).one()
        assert (ended.state, ended.stopped_by) == ("stopped", "opt_out")
        assert "Stopped an address at their request" in session.scalars(select(AuditEvent.action)).all()
    with world.charlie.open() as session:
        assert not consent.is_suppressed(session, DANA)


def test_somebody_known_by_e_mail_alone_has_a_file_and_a_stop_that_is_lifted(
    world: World, alice: Visitor, bob: Visitor
) -> None:
    address = "dana@example.com"
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, contacts.reach(session, address, "email"), source="email").id
    page = words(alice.get(f"/inbox/{talk}"))
    assert "hidden number" not in page
    assert "We have no phone number of theirs" in page
    with world.plumber.open() as session:
        sending.stop_texting(session, address, "opt_out", channel="email", method="mail_link")
    assert f"E-mails to {address} are stopped" in words(alice.get(f"/inbox/{talk}"))
    assert "No e-mails may be sent to this address" in words(alice.get(f"/consent/{address}"))
    form = {"evidence": "She asked for the invoice by e-mail again", "conversation": str(talk), "composer": "no_phone"}
    bob.get(f"/inbox/{talk}")
    assert bob.send(f"/consent/{address}/lift", form).status_code == 403
    assert 'id="compose"' in alice.send(f"/consent/{address}/lift", form, **FRAGMENT).get_data(as_text=True)
    with world.plumber.open() as session:
        assert consent.is_suppressed(session, address, channel="email") is None
        lifted = session.scalars(select(AuditEvent).where(AuditEvent.action == "Lifted a stop")).one()
        assert lifted.detail["phone"] == "d…@example.com"


def test_an_agent_lifts_no_stop(bob: Visitor, dana: UUID) -> None:
    assert "ask them to text START" not in words(bob.get(f"/contacts/{dana}/consent"))
    assert bob.send(f"/consent/{DANA}/lift", {"evidence": "She asked me on the phone"}).status_code == 403


def test_only_an_owner_erases(bob: Visitor, dana: UUID) -> None:
    page = bob.get(f"/contacts/{dana}/consent")
    assert "Erase for good" not in words(page)
    assert bob.send(f"/consent/{DANA}/erase", {"confirm": "ERASE"}).status_code == 403


def test_details_are_kept_when_they_make_sense(world: World, bob: Visitor, dana: UUID) -> None:
    form = {"name": " Dana Kowalski-Reyes ", "address": "1120 Bluff Creek Dr", "state": "tx", "zip_code": "78704",
            "timezone": "America/Chicago"}  # fmt: skip
    assert bob.send(f"/contacts/{dana}", form).status_code == 303
    with world.plumber.open() as session:
        kept = session.get_one(Contact, (world.plumber.id, dana))
        assert (kept.name, kept.state, kept.zip) == ("Dana Kowalski-Reyes", "TX", "78704")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("state", "Texas", "two letters"),
        ("zip_code", "787", "five digits"),
        ("timezone", "Mars/Olympus", "from the list"),
        ("name", "x" * 200, "Up to 120 characters"),
    ],
)
def test_details_that_make_no_sense_come_back_with_the_reason(
    world: World, bob: Visitor, dana: UUID, field: str, value: str, told: str
) -> None:
    form = {"name": "D", "address": "", "state": "", "zip_code": "", "timezone": "", field: value}
    answer = bob.send(f"/contacts/{dana}", form)
    assert answer.status_code == 422
    assert told in words(answer)
    with world.plumber.open() as session:
        assert session.get_one(Contact, (world.plumber.id, dana)).name == "Dana Kowalski"
