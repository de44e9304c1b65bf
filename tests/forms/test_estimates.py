"""Estimates told by staff, by table and by a server: in the thread, in the list, and to follow-up."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from groundwork import config
from hallway import consent, estimates, followup, leads
from hallway.consent.models import ConsentEvent
from hallway.conversations import Conversation, Message
from hallway.estimates import Estimate, EstimateEvent
from hallway.followup import Moment, Sequence, SequenceVersion, sequences
from tenants.models import Tenant
from tests import makers
from tests.followup.sequence import work
from tests.forms.door import Door, make_key
from tests.makers import DANA, World
from tests.ui.visitor import Visitor, words

SENT = {"number": "1042", "phone": "(512) 555-0148", "name": "Dana Kowalski", "amount": "$1,150.50",
        "title": "New water heater", "link": "https://example.com/e/1042"}  # fmt: skip


@pytest.fixture
def bob(app: Flask, world: World, workday: time_machine.Traveller) -> Visitor:
    visitor = Visitor(app, world.plumber.slug)
    visitor.log_in(world.bob.email)
    return visitor


@pytest.fixture
def talk(world: World) -> UUID:
    with world.plumber.open() as session:
        return makers.make_conversation(session).id


def story(door: Door) -> list[tuple[str, int, str]]:
    """Every event, oldest first."""
    with door.business.open() as session:
        rows = session.scalars(select(EstimateEvent).order_by(EstimateEvent.at, EstimateEvent.id))
        return [(row.kind, row.amount_cents, row.said_by) for row in rows]


def test_staff_note_an_estimate_and_what_became_of_it(door: Door, bob: Visitor, talk: UUID) -> None:
    with door.business.open() as session:
        leads.begin(session, session.get_one(Conversation, (session.tenant_id, talk)), "call")
    typed = {"amount": "1,150.50", "number": "1042", "title": "New water heater", "link": "https://example.com/e/1042"}
    page = words(bob.follow(bob.send(f"/inbox/{talk}/estimates", typed)))
    assert "Estimate sent: $1,150.50" in page
    assert "New water heater" in page
    with door.business.open() as session:
        estimate = session.scalars(select(Estimate)).one()
        moment = session.scalars(select(Moment)).one()
    assert (moment.kind, moment.conversation_id, moment.facts["amount"]) == ("estimate", talk, "$1,150.50")
    page = words(bob.follow(bob.send(f"/estimates/{estimate.id}/accepted")))
    assert "Estimate accepted: $1,150.50" in page
    bob.send(f"/estimates/{estimate.id}/accepted")
    assert story(door) == [("sent", 115050, "Bob Tran"), ("accepted", 115050, "Bob Tran")]
    with door.business.open() as session:
        lead = leads.open_lead(session, session.get_one(Conversation, (session.tenant_id, talk)))
        assert lead
        assert lead.value_cents == 115050
    assert "Accepted $1,150.50 1 estimate" in words(bob.get("/estimates"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"amount": "a lot"}, "is not an amount"),
        ({"amount": "0"}, "has to be more than $0"),
        ({"amount": "12", "link": "javascript:alert(1)"}, "Write the whole address"),
        ({"amount": "12", "number": "x" * 41}, "Up to 40 characters"),
    ],
)
def test_what_makes_no_sense_is_said(door: Door, bob: Visitor, talk: UUID, typed: dict[str, str], told: str) -> None:
    assert told in words(bob.follow(bob.send(f"/inbox/{talk}/estimates", typed)))
    assert story(door) == []


def test_a_server_tells_once_however_often_it_tells(door: Door) -> None:
    key = make_key(door.business)
    first = door.api(SENT, key, path="/api/estimates")
    again = door.api(SENT, key, path="/api/estimates")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json
    assert (first.json["amount_cents"], first.json["state"]) == (115050, "sent")
    cheaper = door.api({**SENT, "amount": "990"}, key, path="/api/estimates")
    assert cheaper.json
    assert cheaper.json["amount_cents"] == 99000
    declined = door.api({"note": "Too much for now"}, key, path="/api/estimates/1042/declined")
    assert declined.json
    assert declined.json["state"] == "declined"
    assert story(door) == [("sent", 115050, "API"), ("sent", 99000, "API"), ("declined", 99000, "API")]
    with door.business.open() as session:
        assert len(list(session.scalars(select(Moment)))) == 2


def test_a_server_learns_in_words_what_is_wrong(door: Door, charlies: Door) -> None:
    key = make_key(door.business)
    for sent, told in (
        ({**SENT, "number": ""}, "needs its number"),
        ({**SENT, "amount": "free"}, "is not an amount"),
        ({**SENT, "amount": None, "amount_cents": "12"}, "whole number of cents"),
        ({**SENT, "phone": "", "email": ""}, "A phone number or an e-mail address"),
        ({**SENT, "sent_at": "2026-11-18T12:00:00"}, "needs its offset"),
        ({**SENT, "sent_at": "2027-11-18T12:00:00Z"}, "lies in the future"),
        ({**SENT, "title": 7}, "has to be a text"),
    ):
        answer = door.api(sent, key, path="/api/estimates")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), sent
        assert told in answer.get_data(as_text=True)
    assert door.api({}, key, path="/api/estimates/77/accepted").status_code == 404
    door.api(SENT, key, path="/api/estimates")
    assert charlies.api({}, make_key(charlies.business), path="/api/estimates/1042/accepted").status_code == 404
    taken = door.api({**SENT, "phone": "(512) 555-0162"}, key, path="/api/estimates")
    assert "belongs to somebody else" in taken.get_data(as_text=True)


def test_a_table_is_taken_row_by_row_and_each_refusal_has_its_reason(door: Door, bob: Visitor) -> None:
    bob.get("/estimates")
    table = (
        "Number,Phone,Email,Name,Amount,Title,Link,State,Sent on\r\n"
        "1042,(512) 555-0148,,Dana Kowalski,1150.50,New water heater,https://example.com/e/1042,accepted,2026-11-02\r\n"
        '1043,,ann@example.com,Ann Lee,"$2,300",\'=HYPERLINK(1),,,11/17/2026\r\n'
        "1044,12,,Bad,100,,,,\r\n"
        "1045,(512) 555-0148,,Dana,-5,,,,\r\n"
        "1046,(512) 555-0148,,Dana,5,,,maybe,\r\n"
        "1042,(512) 555-0162,,Marcus,5,,,,\r\n"
        ",(512) 555-0148,,Dana,5,,,,\r\n"
    )
    page = words(upload(bob, table.encode()))
    assert "2 of 7 rows taken" in page
    for told in (
        "Line 4 (1044)",
        "Line 5 (1045): “-5” is not an amount",
        "Line 6 (1046): The state is",
        "Line 7 (1042): Estimate 1042 belongs to somebody else.",
        "Line 8: The number is missing.",
    ):
        assert told in page
    assert story(door)[:2] == [("sent", 115050, "Bob Tran"), ("sent", 230000, "Bob Tran")]
    again = words(upload(bob, "\n".join(table.splitlines()[:3]).encode()))
    assert "2 of 2 rows taken" in again
    assert len(story(door)) == 3
    out = bob.get("/estimates.csv").get_data(as_text=True).splitlines()
    assert out[0] == "number,phone,email,name,amount,title,link,state,sent_on"
    assert out[1] == "1043,,ann@example.com,Ann Lee,2300.00,'=HYPERLINK(1),,sent,2026-11-17"
    assert out[2].startswith("1042,'+15125550148,,Dana Kowalski,1150.50,")
    # What was handed out can be taken in again and changes nothing.
    assert "2 of 2 rows taken" in words(upload(bob, "\n".join(out).encode()))
    assert len(story(door)) == 3


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"name,price\nDana,5\n", "missing here: number, amount"),
        (b"number,amount\n1,5\n", "missing here: phone or email"),
        (b"\xff\xfe\x00\x01", "The first line has to name the columns"),
        (b"number,amount,phone\n" + b"1,5,5125550148\n" * 2001, "up to 2,000 go at once"),
        (b"x" * 2_100_000, "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(door: Door, bob: Visitor, table: bytes, told: str) -> None:
    bob.get("/estimates")
    assert told in words(upload(bob, table))
    assert story(door) == []


def test_another_business_sees_none_of_it(door: Door, charlies: Door) -> None:
    door.api(SENT, make_key(door.business), path="/api/estimates")
    with charlies.business.open() as session:
        assert estimates.sums(session) == {}
        assert estimates.find(session, "1042") is None
        estimates.sent(session, makers.make_conversation(session), estimates.Draft(5, "1042"), "Charlie")
    assert story(charlies) == [("sent", 5, "Charlie")]
    assert len(story(door)) == 1


def test_amounts_read_back_as_they_are_written() -> None:
    for cents in (1, 99, 100, 115050, 123456789):
        assert estimates.cents(estimates.dollars(cents)) == cents


def upload(visitor: Visitor, table: bytes) -> TestResponse:
    return visitor.send("/estimates/import", {"table": (io.BytesIO(table), "estimates.csv")})


def chase(door: Door, clock: time_machine.Traveller) -> list[tuple[str, str, str | None]]:
    """Four days go by; (channel, state, deciding rule) of what the estimate's sequence wrote."""
    for _ in range(4 * 12):
        clock.shift(timedelta(hours=2))
        work(door.business)
    with door.business.open() as session:
        ours = select(Message).where(Message.enrollment_id.is_not(None), Message.kind == "sequence")
        return [(one.channel, one.state, one.held_rule) for one in session.scalars(ours.order_by(Message.at))]


def test_an_estimate_nobody_agreed_to_be_asked_about_is_chased_by_mail_and_not_by_text(
    door: Door, workday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://mail.invalid:2525")
    config.settings.cache_clear()
    with door.business.open() as session:
        session.get_one(Tenant, session.tenant_id).postal_address = "12 Oak St, Austin"
    sent = {**SENT, "email": "dana@example.com"}
    door.api(sent, make_key(door.business), path="/api/estimates")
    assert chase(door, workday) == [("sms", "refused", "follow_up.not_agreed"), ("email", "queued", None)]
    with door.business.open() as session:
        refused = session.scalars(select(Message).where(Message.state == "refused")).one()
        assert (refused.purpose, (refused.error or "")[:60]) == (
            "follow_up", "A text that follows up on an estimate counts as an offer unt"
        )  # fmt: skip


@pytest.mark.parametrize("how", ["their word", "a form", "offers"])
def test_who_agreed_to_be_asked_about_an_estimate_is_texted(
    door: Door, workday: time_machine.Traveller, how: str
) -> None:
    if how == "a form":
        door.send()
        with door.business.open() as session:
            session.execute(update(Sequence).where(Sequence.moment == "form").values(enabled=False))
            followup.stop(session, session.scalars(select(Conversation.id)).one(), "reply", "Only the estimate counts.")
    if how == "offers":
        with door.business.open() as session:
            consent.record(session, DANA, "granted", "marketing", "web_form", "Yes, text me offers")
    agreed = {"agreed": "Asked for it on the phone and wants to hear about it"} if how == "their word" else {}
    door.api({**SENT, **agreed}, make_key(door.business), path="/api/estimates")
    door.api({**SENT, **agreed}, make_key(door.business), path="/api/estimates")
    with door.business.open() as session:
        grants = select(ConsentEvent.method).where(ConsentEvent.purpose == "follow_up")
        assert list(session.scalars(grants)) == {"their word": ["verbal"], "a form": ["web_form"], "offers": []}[how]
    assert chase(door, workday)[-1][:2] == ("sms", "queued")


def test_a_sequence_made_before_follow_ups_had_a_purpose_keeps_to_it_too(
    door: Door, workday: time_machine.Traveller
) -> None:
    with door.business.open() as session:
        sequences.install(session, "estimate")
        version = session.scalars(select(SequenceVersion)).one()
        version.plan = {**version.plan, "purpose": "informational"}
    door.api(SENT, make_key(door.business), path="/api/estimates")
    assert chase(door, workday)[0] == ("sms", "refused", "follow_up.not_agreed")
