"""How often the database is asked while a caller waits: round trips creep in one by one, and each is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import time_machine

from groundwork import clock
from hallway import sending
from hallway.channels import Accepted, Channel, sms_twilio
from hallway.sending import delivery
from tenants import routing
from tests.calls.conftest import WORKDAY
from tests.calls.door import Door, Ringing
from tests.makers import DANA, make_contact
from tests.webhooks.test_hooks import TEXT

HANG_UP, STORED, DELIVERY = 11, 1, 8  # the scope's own statements are counted, BEGIN and COMMIT are not


@pytest.fixture(autouse=True)
def workday() -> Iterator[None]:
    with time_machine.travel(WORKDAY):
        yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that goes to the database, whoever sends it."""
    statements: list[str] = []
    for name in ("execute", "executemany"):
        send = getattr(psycopg.Cursor, name)

        def told(cursor: Any, query: Any, *rest: Any, _send: Any = send, **options: Any) -> Any:
            statements.append(" ".join(str(query).split()))
            return _send(cursor, query, *rest, **options)

        monkeypatch.setattr(psycopg.Cursor, name, told)
    return statements


def know(door: Door) -> None:
    with door.business.open() as session:
        make_contact(session, "Dana", DANA, line_type="mobile", line_checked_at=clock.now())


def test_a_hang_up_asks_the_database_eleven_times_for_the_missed_call_and_its_text(
    door: Door, asked: list[str]
) -> None:
    know(door)
    call = Ringing(door)
    call.arrive()
    asked.clear()
    call.ends()
    assert any("INSERT INTO message" in statement for statement in asked)
    assert len(asked) <= HANG_UP, "\n".join(asked)


def test_a_stored_request_costs_one_statement(door: Door, asked: list[str]) -> None:
    door.post("message", TEXT)
    asked.clear()
    assert door.post("message", TEXT | {"MessageSid": "SM" + "2" * 32}).status_code == 200
    assert len(asked) <= STORED, "\n".join(asked)


def test_a_delivery_costs_two_short_transactions(door: Door, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Channel(lambda *_: Accepted("SM" + "3" * 32, "queued"), sms_twilio.sent_to)
    monkeypatch.setattr(delivery, "CHANNELS", {"sms": taken})
    know(door)
    call = Ringing(door)
    call.arrive()
    call.ends()
    routing.carrier_login_of(door.business.id)  # kept in memory for half a minute
    asked.clear()
    assert sending.deliver(door.business.id, "now") == 1
    assert len(asked) <= DELIVERY, "\n".join(asked)
