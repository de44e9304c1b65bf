"""A world with two businesses, and the carrier's door to the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update

from groundwork import config
from hallway.contacts import ContactPoint
from tests.calls.door import Door, make_client
from tests.makers import DANA, MARCUS, World, make_contact, make_world

WORKDAY = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, 11 am in Austin


@pytest.fixture
def world(clean: config.Settings) -> World:
    return make_world()


@pytest.fixture
def workday() -> Iterator[time_machine.Traveller]:
    """A Wednesday at 11 in Austin; the clock goes on from there."""
    with time_machine.travel(WORKDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return make_client()


@pytest.fixture
def door(world: World, workday: time_machine.Traveller, client: FlaskClient) -> Door:
    """Dana and Marcus are known to have mobiles, so that nothing has to be looked up."""
    with world.plumber.open() as session:
        make_contact(session, "Dana Kowalski", DANA)
        make_contact(session, "Marcus Bell", MARCUS)
        session.execute(update(ContactPoint).values(line_type="mobile", line_checked_at=WORKDAY))
    return Door(client, world.plumber)
