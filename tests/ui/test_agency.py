"""The agency's view over its clients: everything of theirs, nothing of anybody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select

from groundwork import clock, database, scope
from groundwork.database import open_session
from groundwork.tables import Timer
from hallway.agencies.models import PlaybookPiece
from hallway.followup import Sequence, SequenceVersion
from hallway.insight import measuring, tower
from hallway.registration.models import Registration
from tenants.models import Tenant
from tests import makers
from tests.makers import Business, World
from tests.ui.carrying import carry
from tests.ui.visitor import Visitor, words

BETTER = "{{ business.name }}: did the estimate leave any question open? We are glad to go through it with you."


def client(number: int, agency: UUID, **columns: Any) -> Business:
    """One more client of an agency."""
    phone = f"+1512555{2000 + number}"
    name = f"Client {number:02}"
    return makers.make_tenant(name, f"client-{number}", agency_id=agency, number=phone, cell=f"+1737555{2000 + number}",
                              **columns)  # fmt: skip


def at_base(app: Flask, email: str) -> Visitor:
    visitor = Visitor(app)
    visitor.log_in(email)
    return visitor


@pytest.fixture
def rivals(app: Flask, world: World) -> Visitor:
    """Rita of another agency, who runs Charlie's account."""
    other = makers.make_agency("Southpaw Media", "southpaw")
    makers.make_agency_member(other, "Rita Vance")
    with open_session(scope.SYSTEM) as session:
        session.get_one(Tenant, world.charlie.id).agency_id = other
    return at_base(app, "rita@example.com")


def test_the_agency_sees_who_waits_and_what_was_missed_at_each_client(world: World, nora: Visitor) -> None:
    with world.plumber.open() as session:
        dana = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, dana, business=world.plumber)
        makers.make_call(session, dana, business=world.plumber, text_back="sent")
        makers.make_call(session, dana, business=world.plumber)
        makers.make_call(session, dana, business=world.plumber, missed=False)
    page = words(nora.get("/businesses"))
    assert "1 client needs help" in page
    assert "1 missed call not texted in 24 hours 1 waiting longest now 2 missed, 24 h 1 texted 0 tasks" in page
    assert "Dana" not in page


def test_the_tower_counts_the_leaks_of_each_client_and_leads_to_them(
    world: World, nora: Visitor, rivals: Visitor
) -> None:
    for business in (world.plumber, world.charlie):
        with business.open() as session:
            dana = makers.make_conversation(session, makers.make_contact(session))
            makers.make_call(session, dana, business=business, situation="open")
    assert "of 8 leak" not in words(nora.get("/businesses"))
    with open_session(scope.SYSTEM) as session:
        measuring.arrange(session)
    carry(world.plumber)
    with open_session(scope.SYSTEM) as session:
        measuring.arrange(session)  # asked again, what was measured waits for its hour
    assert "1 of 8 leaks , most: missed and not texted back (1 of 1)" in words(nora.get("/businesses"))
    assert "of 8 leak" not in words(rivals.get("/businesses"))
    nora.get("/businesses")
    entered = nora.follow(nora.send(f"/businesses/{world.plumber.id}/open?next=/leaks"))
    assert entered.headers["Location"] == "/leaks"
    with world.plumber.open() as session:
        due = session.scalars(select(Timer).where(Timer.kind == measuring.MEASURE)).one()
        assert due.due_at > clock.now() + timedelta(minutes=59)


def test_another_business_is_neither_listed_nor_counted(world: World, nora: Visitor, rivals: Visitor) -> None:
    with world.charlie.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, talk, business=world.charlie, sender=makers.PRIYA)
    page = words(nora.get("/businesses"))
    assert "Charlie" not in page
    assert "0 waiting" in page
    assert "1 waiting" in words(rivals.get("/businesses"))
    for path in ("playbook", "people", "look", "clients/new"):
        assert rivals.get(f"/agency/{world.agency}/{path}").status_code == 404
        assert rivals.send(f"/agency/{world.agency}/{path}").status_code in (404, 405)


def test_somebody_without_a_business_is_told_what_to_do(app: Flask, world: World) -> None:
    makers.make_user("Sam Lone")
    assert "Ask an owner to invite you" in words(at_base(app, "sam@example.com").get("/businesses"))


def test_what_the_agency_changes_without_a_note_of_its_own_is_noted_too(world: World, nora: Visitor) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session))
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    nora.get("/settings")
    assert nora.send(f"/inbox/{talk.id}/close").status_code < 400
    page = words(nora.get("/settings/activity?who=agency"))
    assert "Closed, reopened or blocked a conversation" in page
    assert "Northstar Marketing" in page


def test_a_member_of_a_client_is_not_shown_the_agencys_page(app: Flask, world: World) -> None:
    assert at_base(app, world.bob.email).get("/businesses").status_code == 303


def test_the_tower_asks_as_often_for_forty_clients_as_for_four(world: World) -> None:
    asked: list[str] = []

    def look(many: list[UUID]) -> list[tower.Client]:
        asked.clear()
        return tower.look(world.agency, many)

    ids = [client(number, world.agency).id for number in range(40)]
    listener = lambda *arguments: asked.append(arguments[2])  # noqa: E731
    event.listen(database.engine("agency"), "before_cursor_execute", listener)
    try:
        few = (len(look(ids[:4])), len(asked))
        assert (len(look(ids)), len(asked)) == (40, few[1])
        assert few[1] <= 3
    finally:
        event.remove(database.engine("agency"), "before_cursor_execute", listener)
    assert look([world.charlie.id]) == []


def test_an_agency_finds_who_needs_help_pushes_a_better_sequence_and_takes_one_back(
    app: Flask, world: World, nora: Visitor
) -> None:
    many = [client(number, world.agency) for number in range(39)]
    stopped, refused, waits = many[7], many[19], many[30]
    with open_session(scope.SYSTEM) as session:
        session.get_one(Tenant, stopped.id).sending_stopped_reason = "Refused"
    with refused.open() as session:
        session.add(Registration(kind="10dlc", state="refused"))
    with waits.open() as session:
        dana = makers.make_conversation(session, makers.make_contact(session))
        dana.waiting_since = clock.now() - timedelta(days=3)
    page = nora.get("/businesses").get_data(as_text=True)
    needy = re.findall(r'id="client-([^"]+)"[^>]*data-needs-help', page)
    assert needy == [str(one.id) for one in (stopped, refused, waits)]
    assert "Somebody has waited 3 days" in page
    assert "37 run well" in page
    looked = words(nora.get("/businesses?q=CLIENT+3"))
    assert ("Client 31" in looked, "Client 07" in looked) == (True, False)
    assert "No client of that name" in words(nora.get("/businesses?q=nobody"))
    nora.get("/businesses")

    # One of them is opened and helped; that stands in its own log.
    nora.follow(nora.send(f"/businesses/{refused.id}/open"))
    assert "Acting for Client 19" in words(nora.get("/settings/activity"))
    assert "Opened this account" in words(nora.get("/settings/activity?who=agency"))

    nora.origin = "http://localhost:8000"
    nora.get("/businesses")
    piece = take_over(nora, world.agency, "sequence:estimate", "trade:plumbing")
    mend(piece, "estimate", BETTER)
    preview = nora.get(f"/agency/{world.agency}/playbook/{piece}/push")
    assert "40 to take the new one" in words(preview)
    assert BETTER.replace("{{ business.name }}: ", "") in words(preview)
    chosen = [str(one.id) for one in (world.plumber, *many)]
    sent = nora.send(f"/agency/{world.agency}/playbook/{piece}/push", {"client": chosen, "edition": "2", "first": "3"})
    push = sent.headers["Location"]
    everybody = (world.plumber, *many)
    assert "0 of 3 clients" in words(nora.get(push))
    carry(*everybody)
    assert "pushed it to 3 of 40 clients" in words(nora.get(push))
    assert sum(has(one) for one in everybody) == 3
    nora.send(f"{push}/forward")
    carry(*everybody[:20])
    assert "20 of 40 clients" in words(nora.get(f"{push}/progress"))
    carry(*everybody)
    assert nora.get(f"{push}/progress").headers["HX-Redirect"] == push
    assert "pushed it to 40 of 40 clients" in words(nora.get(push))
    assert all(has(one) for one in (world.plumber, *many))

    nora.send(f"{push}/clients/{waits.id}/back")
    assert "Taken back by Nora Lindqvist" in words(nora.get(push))
    assert not has(waits)
    assert has(refused)
    with waits.open() as session:
        said = session.scalars(select(SequenceVersion.author_name).order_by(SequenceVersion.number.desc())).first()
    assert said == "Nora Lindqvist, Northstar Marketing"
    nora.send(f"{push}/back")
    assert "Taking it back 0 of 39 clients" in words(nora.get(push))
    carry(*everybody)
    assert "Taking it back" not in words(nora.get(push))
    assert not any(has(one) for one in (world.plumber, *many))


def take_over(nora: Visitor, agency: UUID, what: str, source: str) -> UUID:
    nora.send(f"/agency/{agency}/playbook", {"what": what, "source": source})
    with open_session(scope.SYSTEM) as session:
        key = what.partition(":")[2]
        return session.scalars(select(PlaybookPiece.id).where(PlaybookPiece.key == key)).one()


def mend(piece_id: UUID, key: str, text: str) -> None:
    """The first text of the piece says something else, in a new edition."""
    with open_session(scope.SYSTEM) as session:
        piece = session.get_one(PlaybookPiece, piece_id)
        steps = [dict(step) for step in piece.body["steps"]]
        next(step for step in steps if step["kind"] == "sms")["body"] = text
        piece.body, piece.edition = {**piece.body, "steps": steps}, piece.edition + 1


def has(business: Business, text: str = BETTER) -> bool:
    """Whether this text is in force in the client's estimate sequence."""
    return text in str(in_force(business))


def in_force(business: Business) -> Any:
    with business.open() as session:
        version = (SequenceVersion.sequence_id == Sequence.id, SequenceVersion.number == Sequence.version)
        query = select(SequenceVersion.plan).join(Sequence, version[0] & version[1])
        return session.scalar(query.where(Sequence.key == "estimate")) or {"steps": []}
