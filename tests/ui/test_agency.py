"""The agency's view over its clients: everything of theirs, nothing of anybody else's."""

from __future__ import annotations

import re

from flask import Flask

from tests import makers
from tests.makers import World
from tests.ui.visitor import Visitor, words


def test_the_agency_sees_who_waits_and_what_was_missed_at_each_client(world: World, nora: Visitor) -> None:
    with world.plumber.open() as session:
        dana = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, dana, business=world.plumber)
        makers.make_call(session, dana, business=world.plumber, text_back="sent")
        makers.make_call(session, dana, business=world.plumber)
        makers.make_call(session, dana, business=world.plumber, missed=False)
    page = words(nora.get("/businesses"))
    assert re.search(r"Bluff Creek Plumbing Plumbing 1 waiting now 0 tasks 2 missed 1 texted", page)


def test_another_business_is_neither_listed_nor_counted(world: World, nora: Visitor) -> None:
    with world.charlie.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, talk, business=world.charlie, sender=makers.PRIYA)
    page = words(nora.get("/businesses"))
    assert "Charlie" not in page
    assert "0 waiting" in page


def test_somebody_without_a_business_is_told_what_to_do(app: Flask, world: World) -> None:
    makers.make_user("Sam Lone")
    sam = Visitor(app)
    sam.log_in("sam@example.com")
    assert "Ask an owner to invite you" in words(sam.get("/businesses"))


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
    bob = Visitor(app)
    bob.log_in(world.bob.email)
    assert bob.get("/businesses").status_code == 303
