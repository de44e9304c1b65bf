"""An agency looks over everybody who works at its clients, and takes somebody out at all of them at once."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from groundwork import scope
from groundwork.database import open_session
from tenants.models import Member, UserAccount
from tests import makers
from tests.makers import Person, World
from tests.ui.visitor import Visitor, words


def work_at(business: makers.Business, person: Person, role: str) -> None:
    with business.open() as session:
        session.add(Member(user_id=person.id, name=person.name, email=person.email, role=role))


def test_everybody_of_all_clients_stands_once_and_goes_in_one_place(app: Flask, world: World, nora: Visitor) -> None:
    roofer = makers.make_tenant("Ridgeline Roofing", "ridgeline", trade="roofing", agency_id=world.agency,
                                number="+13035550160", cell="+13035550161")  # fmt: skip
    bob, alice = world.bob, world.alice
    work_at(roofer, bob, "manager")
    work_at(roofer, alice, "owner")
    work_at(world.charlie, bob, "agent")
    with open_session(scope.SYSTEM) as session:
        session.get_one(UserAccount, alice.id).totp_sealed = "sealed"
    at_work = Visitor(app, world.plumber.slug)
    at_work.log_in(bob.email)
    address = f"/agency/{world.agency}/client-people"
    page = words(nora.get(address))
    assert "2 people, 1 by a password alone" in page
    assert "Bob" in page
    assert "Bluff Creek Plumbing agent" in page
    assert "Ridgeline Roofing manager" in page
    assert "seen now" in page
    assert "Charlie" not in page
    assert alice.name not in words(nora.get(f"{address}?alone=yes"))
    assert "Nobody found" in words(nora.get(f"{address}?q=%25"))
    assert "Nora Lindqvist Password only" in words(nora.get(f"/agency/{world.agency}/people"))

    # Out everywhere at once, of the agency's clients alone; a client's last owner stays, with the reason.
    assert nora.send(f"{address}/{bob.id}/remove", {"client": "all"}).status_code == 303
    assert "Removed at 2 clients" in words(nora.get(address))
    assert at_work.get("/inbox").status_code == 302
    with world.charlie.open() as session:
        assert session.scalars(select(Member).where(Member.user_id == bob.id)).one().removed_at is None
    nora.send(f"{address}/{alice.id}/remove", {"client": str(roofer.id)})
    assert "Ridgeline Roofing: A business needs at least one owner" in words(nora.get(address))
    assert nora.send(f"{address}/{world.charles.id}/remove", {"client": "all"}).status_code == 404
    assert nora.send(f"{address}/{bob.id}/remove", {"client": str(world.charlie.id)}).status_code == 404
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    assert "Removed a member" in words(nora.get("/settings/activity?who=agency"))


def test_many_people_come_in_pages_and_only_who_manages_the_agency_sees_them(
    app: Flask, world: World, nora: Visitor
) -> None:
    for number in range(51):
        work_at(world.plumber, makers.make_user(f"Zed {number:02}", f"zed{number}@example.com"), "agent")
    address = f"/agency/{world.agency}/client-people"
    first = nora.get(address).get_data(as_text=True)
    assert "Zed 49" not in first
    more = first.split('href="' + address + "?after=")[1].split('"')[0]
    rest = words(nora.get(f"{address}?after={more}"))
    assert "Zed 50" in rest
    assert "Zed 10" not in rest
    makers.make_agency_member(world.agency, "Omar Haddad", "agent")
    omar = Visitor(app)
    omar.log_in("omar@example.com")
    assert omar.get(address).status_code == 403
    assert omar.send(f"{address}/{world.bob.id}/remove", {"client": "all"}).status_code == 403
