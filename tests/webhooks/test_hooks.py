"""The door itself: who is let in, what is kept, and what is answered when things go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import webhooks.twilio
from groundwork import keys
from groundwork.config import settings
from groundwork.database import open_session
from groundwork.scope import SYSTEM
from groundwork.tables import InboundEvent
from tenants import routing
from tenants.models import CarrierAccount
from tests.calls.door import Door
from tests.makers import DANA, World

TEXT = {"MessageSid": "SM" + "1" * 32, "From": DANA, "To": "+15125550100", "Body": "Is anybody there?", "NumMedia": "0"}


def events(door: Door) -> list[InboundEvent]:
    with door.business.open() as session:
        return list(session.scalars(select(InboundEvent)))


def test_a_text_is_kept_once_and_answered_with_an_empty_document(door: Door) -> None:
    first, again = door.post("message", TEXT), door.post("message", TEXT)
    for answer in (first, again):
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    (event,) = events(door)
    assert (event.kind, event.state, event.params["Body"]) == ("text_in", "new", "Is anybody there?")


def test_each_state_of_a_message_is_kept_once_with_our_own_id_for_it(door: Door) -> None:
    ours = str(uuid4())
    for state in ("sent", "delivered", "sent"):
        told = {"MessageSid": "SM" + "2" * 32, "MessageStatus": state}
        assert door.post("message-status", told, m=ours).status_code == 200
    assert sorted(event.params["MessageStatus"] for event in events(door)) == ["delivered", "sent"]
    assert {event.context["m"] for event in events(door)} == {ours}


def test_a_wrong_signature_is_refused_in_plain_words_and_nothing_is_kept(door: Door) -> None:
    answer = door.post("message", TEXT, token="guessed")
    assert (answer.status_code, answer.mimetype) == (403, "text/plain")
    assert "signature" in answer.text
    assert events(door) == []


def test_no_signature_at_all_is_refused(door: Door) -> None:
    assert door.client.post(f"/hooks/twilio/{door.business.account}/message", data=TEXT).status_code == 403


def test_one_business_s_token_does_not_open_another_s_door(door: Door, world: World) -> None:
    answer = Door(door.client, world.charlie).post("message", TEXT, token=world.plumber.auth_token)
    assert answer.status_code == 403


def test_an_account_nobody_has_is_unknown(door: Door) -> None:
    answer = door.client.post(f"/hooks/twilio/{uuid4()}/message", data=TEXT)
    assert (answer.status_code, answer.text) == (404, "This account is not known here.")


def test_the_previous_token_is_taken_while_the_carrier_changes_over(door: Door) -> None:
    with open_session(SYSTEM) as session:
        account = session.get_one(CarrierAccount, door.business.account)
        routing.renew_token(account, "a fresh token")
    assert door.post("message", TEXT).status_code == 200
    assert door.post("message", TEXT | {"MessageSid": "SM3"}, token="a fresh token").status_code == 200
    sealed = account.previous_token_sealed
    assert sealed
    assert keys.unseal(settings().seal_keys, sealed, f"{door.business.id}/carrier_account.previous_token")


@pytest.mark.parametrize("path", ["message/", "voice/"])
def test_an_address_with_a_slash_is_answered_and_never_redirected(door: Door, path: str) -> None:
    answer = door.post_to(f"/hooks/twilio/{door.business.account}/{path}", TEXT | {"CallSid": "CA1", "From": DANA})
    assert answer.status_code == 200


def test_a_kind_we_do_not_know_is_not_found(door: Door) -> None:
    assert door.post("teapot", TEXT).status_code == 404


def test_a_request_of_65_kilobytes_is_too_large(door: Door) -> None:
    assert door.post("message", TEXT | {"Body": "x" * 66_000}).status_code == 413


def test_get_is_not_how_the_carrier_asks(door: Door) -> None:
    assert door.client.get(f"/hooks/twilio/{door.business.account}/message").status_code == 405


def test_unknown_fields_blank_fields_and_every_script_are_kept_as_they_came(door: Door) -> None:
    odd = TEXT | {"Brand new": "yes", "Body": "", "ProfileName": "Zoë 🔧 漢字"}
    assert door.post("message", odd).status_code == 200
    assert events(door)[0].params == odd


def test_a_nul_in_a_text_does_not_lose_it(door: Door) -> None:
    assert door.post("message", TEXT | {"Body": "a\0b"}).status_code == 200
    assert events(door)[0].params["Body"] == "ab"


def test_a_verified_request_without_its_own_id_is_told_what_is_missing(door: Door) -> None:
    answer = door.post("message", {"From": DANA})
    assert (answer.status_code, answer.text) == (400, "MessageSid is missing.")


@pytest.mark.parametrize("query", [{}, {"call": "x"}, {"call": "1" * 40}])
def test_an_address_of_ours_without_its_ids_is_told_so(door: Door, query: dict[str, str]) -> None:
    assert door.post("dial", {"CallSid": "CA1"}, **query).status_code == 400


def test_a_call_of_another_business_is_nobody_s_here(door: Door) -> None:
    answer = door.post("dial", {"CallSid": "CA1", "DialCallStatus": "no-answer"}, call=uuid4(), n=0)
    assert answer.status_code == 200
    assert "<Hangup/>" in answer.text


@pytest.mark.parametrize("kind", ["message", "voice"])
def test_with_the_database_away_the_carrier_is_asked_to_come_again(
    door: Door, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("select 1", {}, Exception("connection refused"))

    monkeypatch.setattr(webhooks.twilio, "open_session", away)
    answer = door.post(kind, TEXT | {"CallSid": "CA1"})
    assert answer.status_code == 503


def test_a_database_that_was_restarted_costs_no_request(door: Door, behind_the_wall: psycopg.Connection[Any]) -> None:
    assert door.post("message", TEXT).status_code == 200
    ours = "usename = 'hallway_web' and datname = current_database()"
    behind_the_wall.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where {ours}".encode())
    assert door.post("message", TEXT | {"MessageSid": "SM2"}).status_code == 200
    assert len(events(door)) == 2


@pytest.fixture
def logged() -> Iterator[list[structlog.types.EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_neither_words_nor_numbers_reach_the_log(door: Door, logged: list[structlog.types.EventDict]) -> None:
    door.post("message", TEXT)
    door.post("message", TEXT, token="guessed")
    door.post("teapot", TEXT)
    written = repr(logged)
    assert "refused" in written
    assert "anybody" not in written
    assert DANA[2:] not in written
