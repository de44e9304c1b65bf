"""Secret keys: each opens what it was made for, and a request sent twice is done once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hallway.appointments import Appointment
from hallway.conversations import Message
from tenants.models import ApiKey
from tests.forms.door import USUAL, Door, make_key
from tests.makers import World
from tests.ui.visitor import Visitor, words

VISITS = "/api/appointments"
ROW: dict[str, Any] = {
    "phone": "5125550148",
    "date": "2026-11-25",
    "from": "08:00",
    "external_id": "77",
    "zip": "78704",
}
SENT = {"number": "1042", "phone": "(512) 555-0148", "amount": "1150.50"}


@pytest.fixture
def alice(app: Flask, world: World, workday: time_machine.Traveller) -> Visitor:
    visitor = Visitor(app, world.plumber.slug)
    visitor.log_in(world.alice.email)
    return visitor


def visits(door: Door) -> list[Appointment]:
    with door.business.open() as session:
        return list(session.scalars(select(Appointment).order_by(Appointment.id)))


def test_a_key_is_shown_once_opens_what_it_was_made_for_and_can_be_taken_back(door: Door, alice: Visitor) -> None:
    alice.get("/settings/forms/developers")
    refused = alice.send("/settings/forms/developers", {"label": "Board"})
    assert (refused.status_code, "Choose at least one thing" in words(refused)) == (422, True)
    made = alice.send("/settings/forms/developers", {"label": "Board", "scopes": ["appointments:write"]})
    secret = words(made).partition("hwk_")[2].split()[0]
    assert f"hwk_{secret}" not in words(alice.get("/settings/forms/developers"))
    with door.business.open() as session:
        kept = session.scalars(select(ApiKey)).one()
        assert secret not in repr([getattr(kept, column.key) for column in ApiKey.__table__.columns])
    key = f"hwk_{secret}"
    assert door.api({"appointments": [ROW]}, key, path=VISITS).status_code == 201
    for path, sent in (("", USUAL), ("/api/estimates", SENT)):
        answer = door.api(sent, key, path=path)
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), path
        assert ":write under Settings" in answer.get_data(as_text=True)
    assert "last used" in words(alice.get("/settings/forms/developers"))
    alice.send(f"/settings/forms/developers/{kept.id}/revoke")
    assert door.api({"appointments": [ROW]}, key, path=VISITS).status_code == 401


def test_another_program_hands_visits_over_as_json(door: Door, charlies: Door) -> None:
    key = make_key(door.business, "appointments:write")
    sent = {"appointments": [ROW, {"phone": "x"}]}
    first = door.api(sent, key, path=VISITS, Idempotency_Key="sync-1")
    errors = [{"row": 1, "errors": ["“x” is not a phone number.", "The day is missing."]}]
    assert first.json == {"booked": 1, "changed": 0, "known": 0, "errors": errors}
    again = door.api(sent, key, path=VISITS, Idempotency_Key="sync-1")
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (201, first.json, "true")
    other = {"appointments": [{**ROW, "from": "09:00"}]}
    assert door.api(other, key, path=VISITS, Idempotency_Key="sync-1").status_code == 409
    moved = door.api(other, key, path=VISITS)
    assert moved.json
    assert (moved.status_code, moved.json["changed"]) == (200, 1)
    assert [one.starts_at for one in visits(door)] == [datetime(2026, 11, 25, 15, 0, tzinfo=UTC)]
    assert charlies.api(sent, key, path=VISITS).status_code == 401
    assert visits(charlies) == []


def test_a_visit_of_somebody_without_a_phone_is_told_by_mail(door: Door) -> None:
    key = make_key(door.business, "appointments:write")
    row = {**ROW, "phone": "", "email": "Ann@example.com"}
    told = door.api({"appointments": [row, {**row, "email": "ann@"}], "tell": True}, key, path=VISITS).json or {}
    assert (told["booked"], told["errors"]) == (1, [{"row": 1, "errors": ["“ann@” is not an e-mail address."]}])
    door.work()
    with door.business.open() as session:
        mail = session.scalars(select(Message).where(Message.kind == "appointment_booked")).one()
    assert (mail.channel, mail.to_address) == ("email", "ann@example.com")


def test_a_refused_request_uses_no_idempotency_key_up_and_says_what_is_wrong(door: Door) -> None:
    key = make_key(door.business)
    for sent, told in (
        ({}, "list of objects"),
        ({"appointments": [5]}, "list of objects"),
        ({"appointments": [{"phone": "x"}]}, "is not a phone number"),
        ({"appointments": [ROW], "tell": "yes"}, "true or false"),
    ):
        answer = door.api(sent, key, path=VISITS, Idempotency_Key="one")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
        assert told in answer.get_data(as_text=True)
    assert door.api({"appointments": [ROW]}, key, path=VISITS, Idempotency_Key="one").status_code == 201
    bare = {name: value for name, value in ROW.items() if name != "external_id"}
    for _ in range(2):
        assert door.api({"appointments": [bare]}, key, path=VISITS, Idempotency_Key="two").status_code == 201
    assert len(visits(door)) == 2


def test_an_estimate_told_twice_under_one_key_answers_as_the_first_time(door: Door) -> None:
    key = make_key(door.business, "estimates:write")
    first = door.api(SENT, key, path="/api/estimates", Idempotency_Key="e1")
    again = door.api(SENT, key, path="/api/estimates", Idempotency_Key="e1")
    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    read = door.client.get("/api/estimates/1042", base_url=door.origin, headers={"Authorization": f"Bearer {key}"})
    assert read.status_code == 403
