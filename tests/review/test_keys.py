"""Keys that were changed or taken away open nothing, and a change stops nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from groundwork import scope
from groundwork.database import open_session
from hallway import sending
from hallway.channels import CHANNELS, Accepted, Answer, Outgoing, Refused
from hallway.conversations import Message
from tenants import invitations, members, routing
from tenants.models import CarrierAccount, Member, Tenant
from tenants.routing import CarrierLogin
from tests import makers
from tests.calls.door import Door, Ringing, run_timers
from tests.makers import World
from tests.ui.visitor import Visitor, words


def _carrier_of(token: str) -> Callable[[CarrierLogin | None, Outgoing], Answer]:
    def send(login: CarrierLogin | None, message: Outgoing) -> Answer:
        if login and login.auth_token == token:
            return Accepted(f"SM{message.id.hex}", "queued")
        return Refused("20003", "Authenticate")

    return send


@pytest.mark.parametrize(("token", "stopped"), [("the new token", False), ("a token nobody told us", True)])
def test_a_worker_that_still_holds_the_old_token_stops_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch, token: str, *, stopped: bool
) -> None:
    business = door.business
    old = routing.carrier_login_of(business.id)
    assert old
    with open_session(scope.SYSTEM) as system:
        routing.renew_token(
            system.scalars(select(CarrierAccount).where(CarrierAccount.id == old.id)).one(), "the new token"
        )
    routing._cache[business.id] = (float("inf"), old)  # another process renewed it; this one has not heard
    monkeypatch.setitem(CHANNELS, "sms", CHANNELS["sms"]._replace(send=_carrier_of(token)))
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    run_timers(business)
    sending.deliver(business.id, "now")
    with business.open() as session:
        message = session.scalars(select(Message)).one()
        message.due_at = message.at  # its pause is over
    sending.deliver(business.id, "now")
    with business.open() as session:
        assert bool(session.get_one(Tenant, business.id).sending_stopped_reason) is stopped
        assert session.scalars(select(Message)).one().state == ("queued" if stopped else "accepted")


def test_the_invitation_of_an_owner_who_was_removed_opens_nothing(app: Flask, world: World) -> None:
    carol = makers.make_member(world.plumber, "Carol Diaz", "owner")
    with world.plumber.open() as session:
        token = invitations.invite(session, "carol.again@example.com", "Carol", "owner", by=carol.id)
        members.remove(session, session.scalars(select(Member).where(Member.user_id == carol.id)).one())
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in")
    answer = visitor.send(f"/join/{token}", {"password": "a password of hers"})
    assert answer.status_code == 422
    assert "already used" in words(answer) or "ask for a new one" in words(answer)
    with world.plumber.open() as session:
        assert session.scalar(select(Member).where(Member.email == "carol.again@example.com")) is None


def test_the_invitation_of_an_owner_who_stays_opens(app: Flask, world: World) -> None:
    with world.plumber.open() as session:
        token = invitations.invite(session, "dave@example.com", "Dave", "agent", by=world.alice.id)
    visitor = Visitor(app, world.plumber.slug)
    visitor.get(f"/join/{token}")
    assert visitor.send(f"/join/{token}", {"password": "a password of his"}).status_code == 303
