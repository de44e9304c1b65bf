"""A world in which Alice carries her own phone, and the clock stands still on a working day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from groundwork import config
from hallway.notices import plans
from tenants import hours, shifts
from tenants.models import Member
from tests import makers
from tests.makers import World

WORKDAY = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, 11 am in Austin
ALWAYS = {day: [("00:00", "24:00")] for day in hours.DAYS}


@pytest.fixture
def workday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(WORKDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def world(clean: config.Settings, workday: time_machine.Traveller) -> World:
    """Two businesses; in each the owner is texted on the phone they carry, and alone on shift."""
    world = makers.make_world()
    for business in (world.plumber, world.charlie):
        owner = business.people["owner"].member
        assert owner
        with business.open() as session:
            assert plans.carry(session, owner, business.phone_id)
            shifts.keep(session, session.get_one(Member, (business.id, owner)), ALWAYS)
    return world
