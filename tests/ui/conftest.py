"""The pages in one process, and people who visit them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from blueprints_ui.app import create_app
from blueprints_ui.security import limiter
from groundwork import config
from groundwork.config import Settings
from tests import makers
from tests.calls.conftest import workday
from tests.makers import World
from tests.ui.mailbox import Mailbox
from tests.ui.visitor import Visitor

__all__ = ["workday"]


@pytest.fixture(autouse=True)
def limits_begin_anew() -> None:
    """The limiter is one per process: where Redis was away, it remembers in memory whom it slowed down."""
    limiter._storage_dead = False
    if getattr(limiter, "_fallback_storage", None):  # there once an app was made
        limiter._fallback_storage.reset()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def world(clean: Settings) -> World:
    return makers.make_world()


@pytest.fixture
def alice(app: Flask, world: World) -> Visitor:
    """Alice, logged in to the business she owns."""
    return _at(app, world.plumber.slug, world.alice.email)


@pytest.fixture
def bob(app: Flask, world: World) -> Visitor:
    """Bob, who works the inbox of Alice's business."""
    return _at(app, world.plumber.slug, world.bob.email)


@pytest.fixture
def charlie(app: Flask, world: World) -> Visitor:
    """Charlie, who owns another business."""
    return _at(app, world.charlie.slug, world.charles.email)


@pytest.fixture
def nora(app: Flask, world: World) -> Visitor:
    """Nora of the agency, logged in at the base domain."""
    return _at(app, None, world.nora.email)


def _at(app: Flask, slug: str | None, email: str) -> Visitor:
    visitor = Visitor(app, slug)
    assert visitor.log_in(email).status_code == 303
    return visitor


@pytest.fixture
def mailbox(app: Flask, clean: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """Where mail of the installation itself waits: no server takes it out, a test reads what it says."""
    monkeypatch.setenv("MAIL_URL", "smtp://mail.invalid:2525")
    config.settings.cache_clear()
    yield Mailbox()
    config.settings.cache_clear()
