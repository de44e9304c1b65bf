"""One carrier and one customer for each worker; every test takes numbers of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.carrier import Carrier, running_carrier
from tests.sandbox.customer import Customer

LINES = itertools.count(1000)


@pytest.fixture(scope="session")
def shared_carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with running_carrier(tmp_path_factory.mktemp("carrier")) as carrier:
        yield carrier


@pytest.fixture
def carrier(shared_carrier: Carrier) -> Iterator[Carrier]:
    yield shared_carrier
    shared_carrier.clear_faults()


@pytest.fixture
def customer() -> Iterator[Customer]:
    customer = Customer()
    yield customer
    assert customer.unsigned == [], "the carrier signed these wrongly"
    customer.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Carrier]:
    """A carrier of one's own, to kill and restart."""
    with running_carrier(tmp_path) as carrier:
        yield carrier


def new_number(area: str = "512") -> str:
    """A number nobody else in this run uses."""
    return f"+1{area}556{next(LINES):04d}"


@pytest.fixture
def lead() -> str:
    return new_number("737")


@pytest.fixture
def plumber() -> str:
    """The plumber's own cell."""
    return new_number("830")


@pytest.fixture
def shop(carrier: Carrier, customer: Customer) -> str:
    """A number the customer has bought, with all its webhooks."""
    number = new_number()
    carrier.buy(
        number,
        friendly_name="Acme Plumbing",
        voice_url=customer.to("/voice"),
        sms_url=customer.to("/sms"),
        status_callback=customer.to("/ended"),
    )
    return number
