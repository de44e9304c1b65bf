"""The world that other tests start from."""

from __future__ import annotations

import pytest

from groundwork import scope
from groundwork.database import open_session
from hallway.contacts import find
from tenants import routing
from tests import makers

pytestmark = pytest.mark.usefixtures("clean")


def test_the_world_has_two_businesses_that_do_not_meet() -> None:
    world = makers.make_world()
    with world.plumber.open() as session:
        makers.make_call(session, makers.make_conversation(session), business=world.plumber)
        assert find(session, makers.DANA)
    with world.charlie.open() as session:
        assert find(session, makers.DANA) is None


def test_a_rotated_token_still_verifies_while_the_carrier_changes_over() -> None:
    plumber = makers.make_world().plumber
    with open_session(scope.SYSTEM) as session:
        assert routing.carrier_account(session, plumber.account) == routing.carrier_login_of(plumber.id)
        routing.connect_account(session, plumber.id, plumber.account_sid, "a newer token")
    login = routing.carrier_login_of(plumber.id)
    assert login
    assert (login.auth_token, login.previous_token) == ("a newer token", plumber.auth_token)


def test_a_number_belongs_to_one_business_of_the_installation() -> None:
    world = makers.make_world()
    with open_session(scope.SYSTEM) as session, pytest.raises(ValueError, match="another business"):
        routing.route_number(session, world.plumber.number, world.charlie.id)
