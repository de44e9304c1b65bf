"""The inbox, search and home as pages: what they say to whom, and at what cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from groundwork import clock, database
from tests import makers
from tests.makers import MARCUS, PRIYA, World
from tests.ui.visitor import Visitor, words


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement the pages send to the database meanwhile, in any log-in."""
    seen: list[str] = []

    def record(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    engines = [database.engine(login) for login in ("web", "system")]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", record)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", record)


def busy_day(world: World) -> str:
    """Three callers with a story each; the id of the first conversation."""
    with world.plumber.open() as session:
        ids = []
        for name, phone in (("Dana Kowalski", makers.DANA), ("Marcus Bell", MARCUS), ("Priya Natarajan", PRIYA)):
            talk = makers.make_conversation(session, makers.make_contact(session, name, phone))
            at = clock.now() - timedelta(minutes=20)
            call = makers.make_call(session, talk, business=world.plumber, caller=phone, at=at)
            text = makers.make_text_out(session, talk, business=world.plumber, to=phone, call_id=call.id,
                                        accepted_at=clock.now())  # fmt: skip
            call.text_back, call.text_back_message_id = "sent", text.id
            for _ in range(12):
                makers.make_text_in(session, talk, "It is still leaking", business=world.plumber, sender=phone)
            ids.append(str(talk.id))
    return ids[0]


def test_the_inbox_shows_who_called_and_how_long_they_wait(world: World, bob: Visitor) -> None:
    busy_day(world)
    page = words(bob.get("/inbox"))
    assert "Dana Kowalski" in page
    assert "waiting" in page


def test_a_new_business_is_told_what_to_do(world: World, bob: Visitor) -> None:
    assert "No calls yet" in words(bob.get("/inbox"))
    assert "Nobody is waiting" in words(bob.get("/inbox?view=waiting"))
    assert "No calls yet" in words(bob.get("/home"))
    assert "Nothing to do" in words(bob.get("/tasks"))


def test_the_next_page_comes_as_rows_alone(world: World, bob: Visitor) -> None:
    with world.plumber.open() as session:
        for n in range(35):
            makers.make_conversation(session, makers.make_contact(session, f"Caller {n}", f"+151255502{n:02d}"))
    first = bob.get("/inbox").get_data(as_text=True)
    more = re.search(r'hx-get="(/inbox/list[^"]+cursor=[^"]+)"', first)
    assert more
    rest = bob.get(more[1].replace("&amp;", "&")).get_data(as_text=True)
    assert first.count("data-line=") == 30
    assert rest.count("data-line=") == 5
    assert "<html" not in rest


@pytest.mark.parametrize("path", ["/inbox?view=secret", "/inbox?today=never", "/inbox/not-an-id"])
def test_a_list_that_does_not_exist_is_not_found(bob: Visitor, path: str) -> None:
    assert bob.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/inbox?cursor=made-up", "/inbox?rows=a", "/inbox?rows=-5", "/inbox/list?rows=99999"])
def test_a_mangled_address_gets_an_answer_in_plain_words(bob: Visitor, path: str) -> None:
    answer = bob.get(path)
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or "Open the inbox again" in words(answer)


@pytest.mark.usefixtures("workday")
def test_home_leads_from_each_number_to_its_conversations(world: World, bob: Visitor) -> None:
    busy_day(world)
    assert re.search(r"Missed callers 3 today.*Texted back 3 100%", words(bob.get("/home")))
    page = words(bob.get("/inbox?today=missed"))
    assert "Missed today" in page
    assert "Priya Natarajan" in page


def test_search_finds_words_and_leads_to_the_message(world: World, bob: Visitor) -> None:
    talk = busy_day(world)
    page = bob.get("/search?q=leaking").get_data(as_text=True)
    assert "<mark>leaking</mark>" in page
    where = re.search(rf'/inbox/{talk}\?message=([0-9a-f-]+)#e-\1"', page)
    assert where
    assert bob.get(f"/inbox/{talk}?message={where[1]}").status_code == 200
    assert "Nothing found for “zzz”" in words(bob.get("/search?q=zzz"))


def test_agency_staff_read_the_inbox_without_being_a_member(world: World, nora: Visitor) -> None:
    busy_day(world)
    nora.follow(nora.send(f"/businesses/{world.plumber.id}/open"))
    page = nora.get("/inbox")
    assert "Dana Kowalski" in words(page)
    assert "Acting for" in words(page)


# Five of them are the guard's: whose host, whose cookie, in which role, the scope, the business; one is the frame's.
ROUND_TRIPS = {"/inbox": 8, "/inbox/{talk}": 14, "/home": 15, "/tasks": 8, "/search?q=leaking": 8}


@pytest.mark.parametrize("path", ROUND_TRIPS)
def test_a_page_asks_the_database_few_things_however_much_it_shows(world: World, bob: Visitor, path: str) -> None:
    talk = busy_day(world)
    address = path.format(talk=talk)
    bob.get(address)
    with statements() as seen:
        bob.get(address)
    assert len(seen) <= ROUND_TRIPS[path], "\n".join(seen)
