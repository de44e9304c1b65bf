"""Two businesses and a client that knows nothing but the hooks."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from groundwork import config
from tests.calls.door import Door, make_client
from tests.makers import World, make_world


@pytest.fixture
def world(clean: config.Settings) -> World:
    return make_world()


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    return make_client()


@pytest.fixture
def door(world: World, client: FlaskClient) -> Door:
    return Door(client, world.plumber)
