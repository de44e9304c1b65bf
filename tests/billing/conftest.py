"""A business, the sandbox's card desk as a process, and the product's hooks where the desk's signed events arrive."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

import webhooks
from billing import catalog, stripe_api
from blueprints_ui.app import create_app
from blueprints_ui.security import limiter
from groundwork import clock, config
from tests.billing.desk import Desk, Shop
from tests.carrier import free_port, running_carrier
from tests.makers import World, make_world
from tests.ui.visitor import Visitor

KEY, SECRET = "sk_test_" + "c" * 24, "whsec_" + "d" * 32


@pytest.fixture(scope="module")
def desk(settings: config.Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The card desk with the whole catalogue; its clock is the product's too, for as long as this module runs."""
    folder, port = tmp_path_factory.mktemp("desk"), free_port()
    turns = folder / "turns"
    hooks = Flask("hooks only")
    webhooks.register(hooks)
    server = make_server("127.0.0.1", port, hooks, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = {"clock": turns, "cards_key": KEY, "cards_secret": SECRET}
    options["cards_hook"] = f"http://127.0.0.1:{port}/hooks/stripe"
    with running_carrier(folder, **options) as carrier, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRIPE_API_URL", f"{carrier.url}/stripe")
        patch.setenv("STRIPE_SECRET_KEY", KEY)
        patch.setenv("STRIPE_WEBHOOK_SECRET", f"whsec_old,{SECRET}")
        patch.setenv(clock.VARIABLE, str(turns))
        config.settings.cache_clear()
        stripe_api._client.cache_clear()
        assert all(line.endswith("made") for line in catalog.sync())
        yield Desk(carrier)
    server.shutdown()
    config.settings.cache_clear()


@pytest.fixture
def world(desk: Desk, clean: config.Settings) -> World:
    desk.carrier.clear_faults()
    desk.final("unpaid")
    limiter._storage_dead = False
    return make_world()


@pytest.fixture(scope="module")
def app(desk: Desk) -> Flask:
    return create_app(config.settings())


@pytest.fixture
def shop(desk: Desk, world: World, app: Flask) -> Shop:
    """Alice's business, with her at its pages."""
    return Shop(desk, world.plumber, app, world.alice.email)


@pytest.fixture
def nora(app: Flask, world: World) -> Visitor:
    """Nora of the agency, at the base domain."""
    visitor = Visitor(app)
    assert visitor.log_in(world.nora.email).status_code == 303
    return visitor


def here() -> Path:
    return Path(os.environ[clock.VARIABLE])
