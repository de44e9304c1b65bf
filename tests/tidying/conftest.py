"""Two businesses; one of them knows somebody twice."""

from __future__ import annotations

import pytest

from groundwork import config
from tests.makers import World, make_world


@pytest.fixture
def world(clean: config.Settings) -> World:
    return make_world()
