"""What clients keep by name goes round too; workers carry it, once at each, and say where they could not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from groundwork import clock, scope
from groundwork.database import Json, open_session
from groundwork.tables import Timer
from hallway import forms
from hallway.agencies.models import PlaybookPiece, PushedPiece
from hallway.conversations import Label, labels
from hallway.followup import Sequence, SequenceVersion, sequences
from hallway.forms import FormSubmission, WebForm
from hallway.playbooks import saved_replies
from hallway.playbooks.models import SavedReply
from tests import makers
from tests.makers import Business, World
from tests.ui.carrying import carry
from tests.ui.visitor import Visitor, words

ROAD = "{{ business.name }}: we are on the way."


@pytest.fixture
def roofer(world: World) -> Business:
    return makers.make_tenant("Ridgeline Roofing", "ridgeline", trade="roofing", agency_id=world.agency,
                              number="+13035550160", cell="+13035550161")  # fmt: skip


def keep(business: Business, color: str = "orange", words: str = ROAD) -> None:
    with business.open() as session:
        saved_replies.keep(session, None, "On the way", words, "Alice")
        labels.keep(session, None, "Warranty", color)
        forms.make_form(session, "Web site")


def kept(business: Business) -> tuple[list[str], list[str], list[bool]]:
    """The words of its replies, the colours of its labels, and whether each form takes requests."""
    with business.open() as session:
        said = list(session.scalars(select(SavedReply.source)))
        return said, list(session.scalars(select(Label.color))), list(session.scalars(select(WebForm.active)))


def take_over(nora: Visitor, world: World, *what: str) -> list[PlaybookPiece]:
    source = f"client:{world.plumber.id}"
    page = words(nora.get(f"/agency/{world.agency}/playbook/take-over?source={source}"))
    assert "Warranty" in page
    assert nora.send(f"/agency/{world.agency}/playbook", {"what": list(what), "source": source}).status_code == 303
    with open_session(scope.SYSTEM) as session:
        return list(session.scalars(select(PlaybookPiece).order_by(PlaybookPiece.kind)))


def push(nora: Visitor, piece: PlaybookPiece, *clients: Business) -> str:
    chosen = {"client": [str(one.id) for one in clients], "edition": str(piece.edition)}
    where: str = nora.send(f"/agency/{piece.agency_id}/playbook/{piece.id}/push", chosen).headers["Location"]
    return where


def due_again(*businesses: Business, attempts: int = 0) -> None:
    """As if the time of waiting were over, or a worker had been killed before it ended its timer."""
    with open_session(scope.SYSTEM) as session:
        mine = Timer.tenant_id.in_([one.id for one in businesses])
        again = {"state": "ready", "due_at": clock.now(), "lease_until": None, "attempts": attempts}
        session.execute(update(Timer).where(mine, Timer.kind == "take_piece").values(**again))


def test_replies_labels_and_forms_go_to_clients_who_lack_them_and_back(
    world: World, nora: Visitor, roofer: Business
) -> None:
    keep(world.plumber)
    keep(world.charlie, "red", "Another business's own")
    pieces = take_over(nora, world, "reply:On the way", "label:Warranty", "form:Web site")
    assert [one.kind for one in pieces] == ["form", "label", "reply"]
    assert "1 to take the new one" in words(nora.get(f"/agency/{world.agency}/playbook/{pieces[0].id}/push"))
    pushed = [push(nora, piece, roofer, world.charlie) for piece in pieces]
    carry(roofer, world.charlie)
    assert kept(roofer) == ([ROAD], ["orange"], [True])
    assert kept(world.charlie) == (["Another business's own"], ["red"], [True])

    # What came in by a form is never lost: taken back, it is switched off. A label in use stays, and says why.
    with roofer.open() as session:
        form = session.scalars(select(WebForm)).one()
        session.add(
            FormSubmission(form_id=form.id, at=clock.now(), via="hosted", dedupe_key="1", fingerprint="1",
                           request_wording="Send")
        )  # fmt: skip
        talk = makers.make_conversation(session, makers.make_contact(session))
        labels.put_on(session, session.scalars(select(Label)).one(), [talk.id])
    for address in pushed:
        nora.get(address)
        nora.send(f"{address}/back")
    carry(roofer)
    assert kept(roofer) == ([], ["orange"], [False])
    assert "Conversations carry it" in words(nora.get(pushed[1]))
    assert "Not taken back" in words(nora.get(pushed[1]))


def test_a_client_who_took_it_out_or_has_another_of_that_name_is_asked(
    world: World, nora: Visitor, roofer: Business
) -> None:
    keep(world.plumber)
    piece = take_over(nora, world, "label:warranty")[0]
    push(nora, piece, roofer)
    carry(roofer)
    with roofer.open() as session:
        labels.remove(session, session.scalars(select(Label)).one())
    preview = f"/agency/{world.agency}/playbook/{piece.id}/push"
    assert "2 with nothing to change" in words(nora.get(preview))
    address = f"/agency/{world.agency}/playbook/{piece.id}"
    assert nora.send(address, {"color": "mauve"}).status_code == 422
    assert nora.send(address, {"color": "teal"}).status_code == 303
    assert "1 to take the new one 1 in conflict" in words(nora.get(preview))
    piece.edition += 1
    pushed = push(nora, piece, roofer, world.plumber)
    carry(roofer, world.plumber)
    assert "Whether it is there: changed on both sides" in words(nora.get(pushed))
    assert (kept(roofer)[1], kept(world.plumber)[1]) == ([], ["teal"])
    nora.send(f"{pushed}/clients/{roofer.id}/settle", {"choice:whole": "ours"})
    assert kept(roofer)[1] == ["teal"]


def test_a_new_reply_needs_a_name_of_its_own_and_words_that_may_go_out(world: World, nora: Visitor) -> None:
    address = f"/agency/{world.agency}/playbook"
    nora.get(address)
    told = {"kind": "reply", "name": "Directions"}
    assert nora.send(f"{address}/new", {**told, "name": " "}).status_code == 422
    piece = nora.send(f"{address}/new", told).headers["Location"]
    assert nora.send(f"{address}/new", {**told, "name": "directions"}).status_code == 422
    assert "We will get back to you" in words(nora.get(piece))
    assert nora.send(piece, {"source": "{{ nonsense"}).status_code == 422
    assert nora.send(piece, {"source": ROAD}).status_code == 303
    form = nora.send(f"{address}/new", {"kind": "form", "name": "Emergency"}).headers["Location"]
    assert "What it asks" in words(nora.get(form))
    asks = {f"asks_{name}": "off" for name in forms.words.FIELDS}
    told = {"title": "Emergency", "monthly_texts": "2", **asks}
    assert nora.send(form, told).status_code == 422
    assert nora.send(form, {**told, "asks_phone": "required"}).status_code == 303


def test_workers_push_once_however_often_they_are_killed_and_say_where_it_failed(
    app: Flask, world: World, nora: Visitor, roofer: Business
) -> None:
    keep(world.plumber)
    nora.get(f"/agency/{world.agency}/playbook")
    nora.send(f"/agency/{world.agency}/playbook", {"what": "sequence:estimate", "source": "trade:roofing"})
    with open_session(scope.SYSTEM) as session:
        piece = session.scalars(select(PlaybookPiece)).one()
        steps = [{**step, "body": ROAD} if step["kind"] == "sms" else step for step in piece.body["steps"]]
        piece.body, piece.edition = {**piece.body, "steps": steps}, 2
    address = push(nora, piece, world.plumber, roofer)
    for _ in range(3):
        carry(roofer)
        due_again(roofer)
    assert versions(roofer) == 2
    with world.plumber.open() as session:
        sequences.install(session, "estimate")
    whole = stored(world.plumber, {"steps": "nobody can read this"})
    carry(world.plumber)
    assert "On its way 1 of 2 clients" in words(nora.get(address))
    due_again(world.plumber, attempts=2)
    carry(world.plumber)
    page = words(nora.get(address))
    assert "It failed at 1 client" in page
    assert "Something went wrong here, and nothing was changed." in page
    assert states() == ["applied", "failed"]
    stored(world.plumber, whole)
    nora.send(f"{address}/again")
    carry(world.plumber)
    assert "pushed it to 2 of 2 clients" in words(nora.get(address))
    assert (states(), versions(world.plumber)) == (["applied", "conflict"], 1)


def test_a_push_stops_for_whoever_lost_the_right_to_it(app: Flask, world: World, nora: Visitor) -> None:
    keep(world.plumber)
    piece = take_over(nora, world, "label:Warranty")[0]
    nora.send(f"/agency/{world.agency}/playbook/{piece.id}", {"color": "teal"})
    piece.edition += 1
    address = push(nora, piece, world.plumber)
    makers.make_agency_member(world.agency, "Omar Haddad")
    omar = Visitor(app)
    omar.log_in("omar@example.com")
    omar.get(f"/agency/{world.agency}/people")
    assert omar.send(f"/agency/{world.agency}/people/{world.nora.id}/remove").status_code == 303
    carry(world.plumber)
    assert kept(world.plumber)[1] == ["orange"]
    assert "may not change this account any more" in words(omar.get(address))


def stored(business: Business, plan: Json | None = None) -> Json:
    """The plan in force as it is stored, before it is replaced by another."""
    with business.open() as session:
        row = session.scalars(select(SequenceVersion)).one()
        before, row.plan = row.plan, plan or row.plan
    return before


def versions(business: Business) -> int:
    with business.open() as session:
        return session.scalar(select(func.max(Sequence.version))) or 0


def states() -> list[str]:
    with open_session(scope.SYSTEM) as session:
        return sorted(session.scalars(select(PushedPiece.state)))
