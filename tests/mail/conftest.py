"""Two businesses that send e-mail through a mail server of these tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from groundwork import config
from groundwork.config import Settings
from tests import makers
from tests.mail.post_office import PostOffice, open_post_office
from tests.makers import Business, World

MAIL = {"MAIL_FROM": "notify@mail.hallway.example", "MAIL_IN_DOMAIN": "in.hallway.example"}


@pytest.fixture(scope="session")
def post_office_process() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture
def office(post_office_process: PostOffice, clean: Settings) -> Iterator[PostOffice]:
    """The mail server, empty and in order, configured as the one we send through."""
    office = post_office_process
    office.came.clear()
    office.refuse_recipient, office.answer, office.hang_up, office.forget = "", "", 0, 0
    told = {"MAIL_URL": office.url, **MAIL}
    os.environ.update(told)
    config.settings.cache_clear()
    yield office
    for name in told:
        del os.environ[name]
    config.settings.cache_clear()


@pytest.fixture
def world(office: PostOffice) -> World:
    return makers.make_world()


@pytest.fixture
def plumber(world: World) -> Business:
    return world.plumber


@pytest.fixture
def charlie(world: World) -> Business:
    return world.charlie
