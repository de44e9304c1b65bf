"""A world with two businesses, a form of each, and strangers who fill them in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from blueprints_ui.app import create_app
from blueprints_ui.security import limiter
from groundwork import config
from hallway.contacts import ContactPoint
from tests.forms.door import Door, make_form
from tests.makers import DANA, PRIYA, World, make_contact, make_world

WORKDAY = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, 11 am in Austin


@pytest.fixture(scope="session")
def app(settings: config.Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def world(clean: config.Settings) -> World:
    limiter._storage_dead = False
    return make_world()


@pytest.fixture
def workday() -> Iterator[time_machine.Traveller]:
    """A Wednesday at 11 in Austin; the clock stands until it is moved."""
    with time_machine.travel(WORKDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def door(app: Flask, world: World, workday: time_machine.Traveller) -> Door:
    """The plumber's form. Dana's phone is known to be a mobile, so that nothing has to be looked up."""
    with world.plumber.open() as session:
        make_contact(session, "Dana Kowalski", DANA)
        session.execute(update(ContactPoint).values(line_type="mobile", line_checked_at=WORKDAY))
    return Door(app, world.plumber, make_form(world.plumber, "Website"), workday)


@pytest.fixture
def charlies(app: Flask, world: World, workday: time_machine.Traveller) -> Door:
    """Charlie's form, at Charlie's address."""
    with world.charlie.open() as session:
        make_contact(session, "Priya Natarajan", PRIYA)
        session.execute(update(ContactPoint).values(line_type="mobile", line_checked_at=WORKDAY))
    return Door(app, world.charlie, make_form(world.charlie, "Doors"), workday)
