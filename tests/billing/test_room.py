"""A plan has room for so many people: at every way in, and nobody who is in goes for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from groundwork import config
from groundwork.database import ScopedSession
from tenants import invitations, members
from tenants.members import MemberError
from tenants.models import Member
from tests.billing.desk import Shop
from tests.makers import World, make_member
from tests.ui.visitor import Visitor, words

FULL = "Your plan has room for 3 people"


@pytest.fixture(autouse=True)
def _mails(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    monkeypatch.setenv("MAIL_URL", "smtp://mail.invalid:2525")
    config.settings.cache_clear()


def member(session: ScopedSession, name: str) -> Member:
    return session.scalars(select(Member).where(Member.name == name)).one()


def link(shop: Shop, email: str, role: str = "agent") -> str:
    with shop.business.open() as session:
        return f"/join/{invitations.invite(session, email, email.split('@')[0].title(), role)}"


def join(shop: Shop, where: str) -> str:
    """Somebody opens their link and chooses a password; what the page says, or where it leads."""
    visitor = Visitor(shop.visitor.client.application, shop.business.slug)
    visitor.get(where)
    answer = visitor.send(where, {"password": "three random words"})
    return words(answer) if answer.status_code == 422 else answer.headers["Location"]


def test_a_full_plan_lets_nobody_in_by_any_door(shop: Shop, world: World) -> None:
    invite = {"name": "Rosa Diaz", "email": "rosa@example.com", "role": "agent"}
    first, second = link(shop, "kim@example.com"), link(shop, "lee@example.com")
    shop.buy("starter")
    page = shop.visitor.get("/settings/members")
    assert "2 of 3 people of your plan are in" in words(page)
    assert FULL in words(shop.visitor.send("/settings/members", invite))
    assert "2 are in and 2 invited" in words(shop.visitor.send("/settings/members", invite))
    assert shop.visitor.send("/settings/members", invite | {"role": "read_only"}).status_code == 303
    assert join(shop, first) == "/home"
    assert "Ask whoever invited you; the link stays good" in join(shop, second)
    with shop.business.open() as session:
        waiting = next(one for one in invitations.open_ones(session) if one.email == "lee@example.com")
        with pytest.raises(MemberError, match=FULL):
            invitations.invite(session, "max@example.com", "Max", "agent")
    shop.visitor.get("/settings/members")
    again = shop.visitor.send(f"/settings/members/invitations/{waiting.id}/resend")
    assert FULL in words(shop.visitor.follow(again))
    rita = make_member(world.plumber, "Rita Vance", "read_only")
    promoted = shop.visitor.send(f"/settings/members/{rita.member}/role", {"role": "agent"})
    assert FULL in words(shop.visitor.follow(promoted))
    shop.change("growth")
    assert join(shop, second) == "/home"


def test_nobody_is_thrown_out_when_the_plan_gets_smaller(shop: Shop, world: World) -> None:
    shop.buy("growth")
    for name in ("Kim Lee", "Max Orr"):
        make_member(world.plumber, name, "agent", f"{name.split()[0].lower()}@example.com")
    told = words(shop.visitor.get("/settings/billing/change/starter"))
    assert "It has room for 3 people, and 4 are in" in told
    shop.change("starter")
    kim = Visitor(shop.visitor.client.application, shop.business.slug)
    assert kim.log_in("kim@example.com").status_code == 303
    assert kim.get("/inbox").status_code == 200
    with shop.business.open() as session:
        members.change_role(session, member(session, "Max Orr"), "manager")
        with pytest.raises(MemberError, match="4 are in"):
            members.make_room(session, session.tenant_id)
    with world.charlie.open() as session:
        assert members.room(session, world.charlie.id).has(100), "another business's plan is its own"


def test_a_new_client_of_an_agency_and_its_owner_need_no_plan_first(shop: Shop, world: World) -> None:
    with world.charlie.open() as session:
        assert invitations.invite(session, "new.owner@example.com", "New Owner", "owner")
