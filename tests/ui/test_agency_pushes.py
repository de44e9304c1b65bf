"""What an agency pushes meets what clients changed themselves; its people, new clients and its brand."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from groundwork import scope
from groundwork.database import open_session
from hallway import followup, playbooks
from hallway.agencies.models import PlaybookPiece
from hallway.followup import Plan, Sequence, sequences, switching
from hallway.playbooks import Wording
from tenants import post
from tenants.access_models import AccountMail, Invited
from tenants.models import Tenant
from tests import makers
from tests.makers import Business, World
from tests.ui.carrying import carry
from tests.ui.visitor import Visitor, words

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
TEXT = "{{ business.name }}: any question about the estimate?"
KEY = "text_back.open"


@pytest.fixture
def roofer(world: World) -> Business:
    """Another client of the agency, of another trade."""
    return makers.make_tenant("Ridgeline Roofing", "ridgeline", trade="roofing", agency_id=world.agency,
                              number="+13035550160", cell="+13035550161")  # fmt: skip


def install(business: Business) -> None:
    with business.open() as session:
        sequences.install(session, "estimate")


def texts(business: Business) -> dict[str, str]:
    """{step: its words} of the estimate sequence in force."""
    with business.open() as session:
        sequence = session.scalars(select(Sequence).where(Sequence.key == "estimate")).one()
        return {step.id: step.body for step in switching.plan_of(session, sequence).steps}


def edit(business: Business, step_id: str, text: str) -> None:
    """The client's own people change one step."""
    with business.open() as session:
        sequence = session.scalars(select(Sequence).where(Sequence.key == "estimate")).one()
        plan = switching.plan_of(session, sequence).as_json()
        next(step for step in plan["steps"] if step["id"] == step_id)["body"] = text
        followup.publish(session, sequence, Plan.from_json(plan), "Alice", moves=False)


def take_over(nora: Visitor, agency: UUID, what: str, source: str) -> PlaybookPiece:
    nora.get(f"/agency/{agency}/playbook")
    assert nora.send(f"/agency/{agency}/playbook", {"what": what, "source": source}).status_code == 303
    with open_session(scope.SYSTEM) as session:
        return session.scalars(select(PlaybookPiece).where(PlaybookPiece.key == what.partition(":")[2])).one()


def push(nora: Visitor, piece: PlaybookPiece, *clients: Business) -> str:
    chosen = {"client": [str(one.id) for one in clients], "edition": str(piece.edition)}
    where: str = nora.send(f"/agency/{piece.agency_id}/playbook/{piece.id}/push", chosen).headers["Location"]
    carry(*clients)
    return where


def test_what_clients_changed_stays_and_the_same_place_waits_for_a_person(
    world: World, nora: Visitor, roofer: Business
) -> None:
    for business in (world.plumber, roofer, world.charlie):
        install(business)
    first, second = [id_ for id_, body in texts(world.plumber).items() if body][:2]
    before = texts(roofer)
    # A step that works well at the plumber's is the agency's now; the roofer changed another one, and keeps it.
    edit(world.plumber, first, TEXT)
    edit(roofer, second, "{{ business.name }} again. Shall we hold the price?")
    piece = take_over(nora, world.agency, "sequence:estimate", f"client:{world.plumber.id}")
    page = words(nora.get(f"/agency/{world.agency}/playbook/{piece.id}/push"))
    assert "1 to be merged with what is theirs 1 with nothing to change" in page
    address = push(nora, piece, roofer, world.charlie)
    assert "pushed it to 1 of 1 clients" in words(nora.get(address))
    now = texts(roofer)
    assert now == {**before, first: TEXT, second: "{{ business.name }} again. Shall we hold the price?"}
    assert TEXT not in texts(world.charlie).values()

    # Both change the same words: nothing happens there until a person chooses.
    edit(roofer, first, "{{ business.name }}: the roofer's own words")
    edit(world.plumber, first, "{{ business.name }}: better still")
    piece = take_over(nora, world.agency, "sequence:estimate", f"client:{world.plumber.id}")
    address = push(nora, piece, roofer)
    page = words(nora.get(address))
    assert "Left alone: conflicts with what is theirs" in page
    assert "the roofer's own words" in page
    assert "roofer's own" in texts(roofer)[first]
    nora.send(f"{address}/clients/{roofer.id}/settle", {f"choice:{first}.body": "ours"})
    assert "better still" in texts(roofer)[first]
    nora.send(f"{address}/clients/{roofer.id}/back")
    assert "roofer's own" in texts(roofer)[first]
    assert nora.send(f"{address}/clients/{world.charlie.id}/settle").status_code == 400


def test_a_wording_goes_out_too_and_one_that_breaks_the_rules_goes_nowhere(world: World, nora: Visitor) -> None:
    piece = take_over(nora, world.agency, f"wording:{KEY}", "trade:plumbing")
    address = f"/agency/{world.agency}/playbook/{piece.id}"
    assert nora.send(address, {"source": "Save 20% today! Reply STOP to opt out."}).status_code == 422
    mended = playbooks.default_wording("plumbing", KEY) + " Thanks!"
    assert nora.send(address, {"source": mended}).status_code == 303
    with open_session(scope.SYSTEM) as session:
        session.get_one(Tenant, world.plumber.id).require_two_factor = True
    assert "No client to push to" in words(nora.get(f"{address}/push"))
    with open_session(scope.SYSTEM) as session:
        session.get_one(Tenant, world.plumber.id).require_two_factor = False
    stale = push(nora, piece, world.plumber)
    assert "newer edition" in words(nora.get(stale))
    piece.edition += 1
    pushed = push(nora, piece, world.plumber)
    with world.plumber.open() as session:
        assert session.scalar(select(Wording.source)) == mended
    nora.send(f"{pushed}/back")
    carry(world.plumber)
    with world.plumber.open() as session:
        assert session.scalar(select(Wording.source)) is None


def test_a_role_in_one_client_counts_there_alone(app: Flask, world: World, nora: Visitor, roofer: Business) -> None:
    nora.get(f"/agency/{world.agency}/people")
    nora.send(f"/agency/{world.agency}/people", {"name": "Omar Haddad", "email": "omar@northstar.example",
                                                 "role": "manager"})  # fmt: skip
    link = re.search(r"/agency/join/\S+", mails()[0])
    assert link
    omar = Visitor(app)
    assert "Join Northstar Marketing" in words(omar.get(link[0]))
    assert omar.send(link[0], {"password": "short"}).status_code == 422
    assert omar.send(link[0], {"password": "brass kettle orchard 41"}).status_code == 303
    assert "not good any more" in words(omar.get(link[0]))
    omar.log_in("omar@northstar.example", "brass kettle orchard 41")
    page = words(omar.get("/businesses"))
    assert "Ridgeline Roofing" in page
    assert "Bluff Creek Plumbing" in page
    everybody = re.findall(r"/people/([0-9a-f-]{36})/remove", nora.get(f"/agency/{world.agency}/people").get_data(True))
    omars = next(one for one in everybody if one != str(world.nora.id))
    nora.send(f"/agency/{world.agency}/people/{omars}", {"role": "manager", f"client:{roofer.id}": "read_only"})
    page = words(omar.get("/businesses"))
    assert "Ridgeline Roofing" in page
    assert "Bluff Creek Plumbing" not in page
    assert omar.send(f"/businesses/{world.plumber.id}/open").status_code == 404
    assert omar.send(f"/agency/{world.agency}/playbook", {"what": "x"}).status_code == 403
    omar.follow(omar.send(f"/businesses/{roofer.id}/open"))
    omar.get("/settings")
    assert omar.send("/settings/hours", {}).status_code in (403, 404, 405)
    # The last who leads the agency cannot leave it without anybody.
    nora.send(f"/agency/{world.agency}/people/{world.nora.id}/remove")
    assert "needs at least one owner" in words(nora.get(f"/agency/{world.agency}/people"))
    nora.send(f"/agency/{world.agency}/people/{omars}/remove")
    assert omar.get("/inbox").status_code == 302


def test_a_new_client_starts_with_both_playbooks_and_its_owner_is_invited(world: World, nora: Visitor) -> None:
    install(world.plumber)
    first = next(id_ for id_, body in texts(world.plumber).items() if body)
    edit(world.plumber, first, TEXT)
    take_over(nora, world.agency, "sequence:estimate", f"client:{world.plumber.id}")
    told = {"name": "Hill Country Roofing", "trade": "roofing", "timezone": "America/Chicago", "state": "TX"}
    address = f"/agency/{world.agency}/clients/new"
    assert nora.send(address, {**told, "owner_email": "no address"}).status_code == 422
    told |= {"owner_name": "Ines Duarte", "owner_email": "ines@hillcountry.example"}
    assert nora.send(address, told).status_code == 303
    assert "Hill Country Roofing" in words(nora.get("/businesses"))
    with open_session(scope.SYSTEM) as session:
        tenant = session.scalars(select(Tenant).where(Tenant.name == told["name"])).one()
        assert (tenant.agency_id, tenant.slug) == (world.agency, "hill-country-roofing")
        assert session.scalars(select(Invited.email).where(Invited.tenant_id == tenant.id)).one() == told["owner_email"]
    with open_session(scope.tenant(tenant.id)) as session:
        plans = {row.key: switching.plan_of(session, row) for row in session.scalars(select(Sequence))}
    assert len(plans) == 6
    own = playbooks.default_sequence("roofing", "estimate")
    assert own
    assert {step.id: step.body for step in plans["estimate"].steps} == {
        **{step["id"]: step.get("body", "") for step in own["steps"]},
        first: TEXT,
    }
    assert f"http://{tenant.slug}.localhost:8000/join/" in mails()[0]
    nora.follow(nora.send(f"/businesses/{tenant.id}/open"))
    assert "Opened this business" in words(nora.get("/settings/activity?who=agency"))


def test_clients_see_the_agencys_brand_and_others_ours(app: Flask, world: World, nora: Visitor, bob: Visitor) -> None:
    address = f"/agency/{world.agency}/look"
    nora.get(address)
    told: dict[str, Any] = {"product_name": "Northstar Desk", "support_email": "help@northstar.example"}
    for wrong in ({"brand_color": "red}"}, {"logo": (io.BytesIO(b"<svg onload=alert(1)>"), "logo.png")}):
        assert nora.send(address, {**told, **wrong}).status_code == 422
    told |= {"brand_color": "#ffe600", "logo": (io.BytesIO(PNG), "logo.svg")}
    assert nora.send(address, told).status_code == 303
    log_in = Visitor(app, "bluff-creek").get("/log-in")
    assert "Northstar Desk" in words(log_in)
    assert "help@northstar.example" in words(log_in)
    assert "Hallway" not in words(log_in)
    home = bob.get("/home").get_data(as_text=True)
    assert 'alt="Northstar Desk"' in home
    style = bob.get(f"/look/{world.agency}/colors.css")
    assert (style.mimetype, "--brand:#" in style.get_data(as_text=True)) == ("text/css", True)
    logo = bob.get(f"/look/{world.agency}/logo")
    assert (logo.mimetype, logo.data, logo.headers["X-Content-Type-Options"]) == ("image/png", PNG, "nosniff")
    other = words(Visitor(app, "charlies").get("/log-in"))
    assert "Northstar" not in other
    with open_session(scope.SYSTEM) as session:
        for person in (world.bob, world.charles):
            post.put(session, person.email, "News", "Hello", makers.SOON)
    with open_session(scope.SYSTEM) as session:
        sent = {row.recipient: (row.sender_name, post.words_of(row)) for row in session.scalars(select(AccountMail))}
    assert sent[world.bob.email] == ("Northstar Desk", "Hello\n\nQuestions? Write to help@northstar.example.")
    assert sent[world.charles.email] == ("Hallway", "Hello")


def mails() -> list[str]:
    """What the installation has written, newest first."""
    with open_session(scope.SYSTEM) as session:
        return [post.words_of(row) for row in session.scalars(select(AccountMail).order_by(AccountMail.id.desc()))]
