"""The consent ledger, suppression, and the consent file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, LiteralString

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from groundwork import clock
from groundwork.database import new_id
from hallway import consent
from hallway.consent.models import ConsentEvent, GateDecision, Suppression
from hallway.consent.suppression import SuppressionScope
from hallway.contacts import find
from hallway.conversations import Attachment, Message, Task, add_task
from hallway.leads.models import Lead, LeadField
from tests import makers
from tests.makers import DANA, MARCUS, World

pytestmark = pytest.mark.usefixtures("clean")
WORDING = "I agree to get offers by text from Bluff Creek Plumbing."


@pytest.fixture
def world() -> World:
    return makers.make_world()


def test_each_business_has_its_own_chain_and_it_holds(world: World) -> None:
    with world.plumber.open() as session:
        consent.record(
            session, DANA, "granted", "marketing", "web_form", WORDING, {"page": "/quote", "ip": "192.0.2.7"}
        )
        consent.record(session, DANA, "revoked", "all", "sms_reply", "stop texting me", {"b": 1, "a": {"ü": None}})
    with world.charlie.open() as session:
        consent.record(session, DANA, "granted", "informational", "verbal")
    for business, count in ((world.plumber, 2), (world.charlie, 1)):
        with business.open() as session:
            chain = consent.verify_chain(session)
            assert chain.whole
            assert chain.checked == count


@pytest.mark.parametrize(
    "change",
    [
        "update consent_event set address = '+15125550199' where seq = 2",
        "update consent_event set wording = 'I agree to everything.' where seq = 2",
        "delete from consent_event where seq = 2",
    ],
)
def test_a_row_changed_behind_the_database_s_back_breaks_the_chain(
    world: World, behind_the_wall: psycopg.Connection[Any], change: LiteralString
) -> None:
    with world.plumber.open() as session:
        for address in (DANA, MARCUS, DANA):
            consent.record(session, address, "granted", "marketing", "web_form", WORDING)
    with behind_the_wall.transaction():
        behind_the_wall.execute("set local session_replication_role = replica")
        behind_the_wall.execute(change)
    with world.plumber.open() as session:
        chain = consent.verify_chain(session)
        assert not chain.whole
        assert chain.broken_at in (2, 3)


@pytest.mark.parametrize("table", [ConsentEvent, GateDecision])
def test_the_database_refuses_to_change_what_was_written(world: World, table: Any) -> None:
    with world.plumber.open() as session:
        consent.record(session, DANA, "granted", "marketing", "web_form", WORDING)
        consent.may_send(session, consent.Ask(DANA, "reply", "person", clock.now(), "hi"))
    with pytest.raises(DBAPIError, match=r"permission denied|append-only"), world.plumber.open() as session:
        session.execute(update(table).values(address=MARCUS))


def test_an_opt_out_counts_once_and_writes_the_revocation_down(world: World) -> None:
    with world.plumber.open() as session:
        assert consent.suppress(session, DANA, "opt_out", words="stop texting me", rule="opt_out.en")
        assert not consent.suppress(session, DANA, "opt_out", words="STOP")
        event = session.scalars(select(ConsentEvent)).one()
        assert (event.action, event.purpose, event.method) == ("revoked", "all", "sms_reply")
        assert event.wording == "stop texting me"
    with world.charlie.open() as session:
        assert consent.is_suppressed(session, DANA) is None


def test_start_lifts_an_opt_out_but_not_one_from_marketing(world: World) -> None:
    with world.plumber.open() as session:
        scopes: tuple[SuppressionScope, ...] = ("all", "marketing")
        for scope in scopes:
            consent.suppress(session, DANA, "opt_out", scope)
        assert consent.release_by_person(session, DANA, "START", new_id())
        assert not consent.release_by_person(session, DANA, "START", new_id())
        assert consent.is_suppressed(session, DANA) is None
        assert consent.is_suppressed(session, DANA, "marketing")


def test_staff_lift_an_opt_out_only_with_evidence(world: World) -> None:
    with world.plumber.open() as session:
        consent.suppress(session, DANA, "opt_out")
        with pytest.raises(ValueError, match="how and when"):
            consent.release(session, DANA, "  ok  ", by="Bob Tran")
        assert consent.release(session, DANA, "She called on Tuesday and asked for texts again", by="Bob Tran")
        row = session.scalars(select(Suppression)).one()
        assert row.release_evidence == "She called on Tuesday and asked for texts again"


def test_a_contact_deleted_and_made_again_is_still_suppressed(world: World) -> None:
    with world.plumber.open() as session:
        contact = makers.make_contact(session)
        consent.suppress(session, DANA, "opt_out")
        session.delete(contact)
    with world.plumber.open() as session:
        makers.make_contact(session)
        assert consent.is_suppressed(session, DANA)


def a_history(world: World) -> None:
    with world.plumber.open() as session:
        contact = makers.make_contact(session, address="1120 Bluff Creek Dr")
        conversation = makers.make_conversation(session, contact)
        call = makers.make_call(session, conversation, business=world.plumber)
        message = makers.make_text_in(
            session, conversation, "=HYPERLINK(1) please stop texting me", business=world.plumber
        )
        waiting = makers.make_text_out(
            session, conversation, business=world.plumber, state="queued", due_at=clock.now()
        )
        consent.may_send(session, consent.Ask(DANA, "reply", "person", clock.now(), "hi", message_id=waiting.id))
        consent.suppress(session, DANA, "opt_out", words="please stop texting me", message_id=message.id)
        session.add(Attachment(message_id=message.id, source_url="https://api.twilio.com/x", content_type="image/png"))
        add_task(
            session, "call_back", call.id, title="Call Dana", reason="r", rule="r", conversation_id=conversation.id
        )
        lead = Lead(id=new_id(), conversation_id=conversation.id, source="call")
        session.add(lead)
        session.flush()
        session.add(LeadField(lead_id=lead.id, name="address", value="1120 Bluff Creek Dr", label="Address"))


def test_the_consent_file_holds_everything_about_one_phone(world: World) -> None:
    a_history(world)
    with world.plumber.open() as session:
        file = consent.file(session, DANA)
        assert (file.name, file.suppressed) == ("Dana Kowalski", True)
        counts = [len(part) for part in (file.consent, file.suppressions, file.decisions, file.messages, file.calls)]
        assert counts == [1, 1, 1, 2, 1]
        assert json.loads(json.dumps(consent.export(session, DANA)))["messages"][0]["direction"]
        lines = list(csv.DictReader(io.StringIO(file.as_csv())))
        assert {line["what"] for line in lines} == {
            "consent",
            "suppressed",
            "gate",
            "text received",
            "text sent",
            "call in",
        }
        assert not any(cell.startswith("=") for line in lines for cell in line.values())
    with world.charlie.open() as session:
        assert consent.file(session, DANA).messages == []


def test_erasing_a_person_takes_their_words_and_leaves_the_proof(world: World) -> None:
    a_history(world)
    with world.plumber.open() as session:
        consent.erase(session, DANA)
    with world.plumber.open() as session:
        contact = find(session, DANA)
        assert contact
        assert (contact.name, contact.address) == (None, None)
        assert {(message.body, message.state) for message in session.scalars(select(Message))} == {
            ("", "received"),
            ("", "cancelled"),
        }
        assert not [*session.scalars(select(LeadField)), *session.scalars(select(Attachment))]
        assert session.scalars(select(Task)).one().title == "Erased at their request"
        assert "Dana" not in json.dumps(consent.export(session, DANA))
        assert consent.is_suppressed(session, DANA)
        assert consent.verify_chain(session).checked == 1
        assert session.scalar(text("select count(*) from gate_decision")) == 1
