"""The carrier for the tests here, the hooks' door, and a clock to turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.appointments.days import Days
from tests.calls.door import make_client
from tests.makers import Business
from tests.sending.at_carrier import carrier, carrier_process, charlie, ear, plumber

__all__ = ["carrier", "carrier_process", "charlie", "ear", "plumber"]

MONDAY = datetime(2026, 11, 16, 16, 0, tzinfo=UTC)  # 10 am in Austin


@pytest.fixture
def clock_at_ten() -> Iterator[time_machine.Traveller]:
    """A Monday at ten in Austin; it moves only when a test turns it."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return make_client()


@pytest.fixture
def days(plumber: Business, clock_at_ten: time_machine.Traveller, client: FlaskClient) -> Days:
    """The days of the plumber's business, with its workers at work."""
    return Days(clock_at_ten, client, plumber)
