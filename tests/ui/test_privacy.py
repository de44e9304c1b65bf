"""Where a business wants it so, its agents see their own conversations: in lists, threads, search, files and live."""

from __future__ import annotations

import asyncio
import html
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from blueprints_ui.live import tickets
from blueprints_ui.live_hub import RESYNC, Hub
from groundwork import clock, scope
from groundwork.config import Settings
from groundwork.database import new_id, open_session
from hallway import consent, estimates
from hallway.appointments import Appointment
from hallway.contacts import Contact, ContactPoint, HiddenPersonError, reach
from hallway.conversations import Conversation, Message
from hallway.conversations.models import Attachment, Note, Task
from hallway.routing import Team
from hallway.routing.models import TeamMember
from tests import makers
from tests.makers import DANA, MARCUS, World
from tests.ui.visitor import FRAGMENT, Visitor, words


@pytest.fixture
def ids(world: World, alice: Visitor) -> dict[str, UUID]:
    """Dana's conversation is Carol's, Marcus's is nobody's; the business keeps agents apart."""
    carol = makers.make_member(world.plumber, "Carol Diaz", "agent")
    assert carol.member
    with world.plumber.open() as session:
        hers = makers.make_conversation(session, makers.make_contact(session))
        free = makers.make_conversation(session, makers.make_contact(session, "Marcus Bell", MARCUS))
        text_ = makers.make_text_in(session, hers, business=world.plumber, body="The boiler hums in the cellar")
        makers.make_text_in(session, free, business=world.plumber, body="The boiler drips", sender=MARCUS)
        call = makers.make_call(session, hers, business=world.plumber)
        hers.assigned_to = carol.member
        picture = Attachment(id=new_id(), message_id=text_.id, source_url="x", content_type="image/png", data=b"png")
        picture.state = "stored"
        note = Note(id=new_id(), conversation_id=hers.id, at=clock.now(), kind="note", body="Gate", author_name="Carol")
        task = Task(id=new_id(), kind="call_back", key="1", title="Call Dana back", reason="x", rule="x")
        task.conversation_id = hers.id
        session.add_all([picture, note, task])
        found = {"hers": hers.id, "free": free.id, "contact": hers.contact_id, "text": text_.id, "call": call.id}
        found |= {"picture": picture.id, "note": note.id, "task": task.id, "carol": carol.member}
    alice.send("/settings/members/rules", {"private_conversations": "yes"})
    return found


def doors(ids: dict[str, UUID]) -> list[str]:
    hers = ids["hers"]
    return [
        *(f"/inbox/{hers}", f"/inbox/{hers}/entries", f"/inbox/{hers}/earlier", f"/inbox/{hers}/replies"),
        *(f"/messages/{ids['text']}/why", f"/calls/{ids['call']}/why", f"/attachments/{ids['picture']}"),
        *(f"/contacts/{ids['contact']}", f"/contacts/{ids['contact']}/consent", f"/consent/{DANA}.json"),
    ]


def test_another_member_s_conversation_is_nowhere_for_an_agent(
    ids: dict[str, UUID], alice: Visitor, bob: Visitor
) -> None:
    for path in doors(ids):
        assert alice.get(path).status_code == 200, path
        assert bob.get(path).status_code == 404, path
    bob.get(f"/inbox/{ids['free']}")
    for path in (f"/inbox/{ids['hers']}/send", f"/inbox/{ids['hers']}/close", f"/notes/{ids['note']}/take-back"):
        assert bob.send(path, {"body": "Hello"}).status_code == 404
    for path in ("/inbox", "/inbox?view=all", "/tasks", "/home", "/search?q=boiler", "/search?q=dana"):
        page = words(bob.get(path))
        assert "Dana" not in page, path
        assert "hums" not in page, path
    assert "Marcus" in words(bob.get("/inbox?view=all"))
    assert "drips" in words(bob.get("/search?q=boiler"))
    assert "hums" in words(alice.get("/search?q=boiler"))
    assert bob.get("/nav-counts").get_json()["tasks"] == alice.get("/nav-counts").get_json()["tasks"] - 1


def test_whoever_starts_something_with_a_person_of_another_member_is_told_so(
    world: World, ids: dict[str, UUID], alice: Visitor, bob: Visitor
) -> None:
    """By a phone, an estimate's number or a visit's id that the database keeps from Bob, and refuses to have twice."""
    with world.plumber.open() as session:
        hers = session.get_one(Conversation, (world.plumber.id, ids["hers"]))
        estimates.sent(session, hers, estimates.Draft(115000, "1042"), "Alice")
        known = Appointment(id=new_id(), conversation_id=hers.id, what="Repair", zone="America/Chicago")
        known.starts_at, known.source, known.external_id = clock.in_(hours=30), "csv", "77"
        session.add(known)
    bob.get("/estimates")
    table = f"number,amount,phone,email\n1,100,{DANA},\n2,200,{MARCUS},\n"
    taken = words(bob.send("/estimates/import", {"table": (io.BytesIO(table.encode()), "estimates.csv")}))
    assert "Somebody else here talks with this person already" in taken
    table = f"number,amount,phone,email\n1042,100,{MARCUS},\n"
    taken = words(bob.send("/estimates/import", {"table": (io.BytesIO(table.encode()), "estimates.csv")}))
    assert "Estimate 1042 belongs to somebody else" in taken
    day = (clock.now() + timedelta(days=9)).date()
    hidden = (
        f"{DANA},{day},9:00,5\n{MARCUS},{day},10:00,6\n",
        "1 booked, 0 moved or changed, 0 known already. 1 left",
    )
    for rows, said in (hidden, (f"{MARCUS},{day},11:00,77\n", "works on this already")):
        file = io.BytesIO(f"phone,date,from,id\n{rows}".encode())
        preview = bob.send("/appointments/import", {"file": (file, "visits.csv")}).get_data(as_text=True)
        packed = re.search(r'name="rows" value="([^"]+)"', preview)
        assert packed
        answer = bob.send("/appointments/import/take-in", {"rows": html.unescape(packed[1])})
        assert said in words(bob.follow(answer) if answer.status_code == 303 else answer)
    done = bob.send("/inbox/many/close", {"ids": f"{ids['hers']},{ids['free']}"})
    assert done.status_code < 500
    with world.plumber.open() as session:
        assert session.get_one(Conversation, (world.plumber.id, ids["hers"])).status == "open"


def test_nobody_s_name_is_told_to_whoever_may_not_see_their_conversation(
    world: World, ids: dict[str, UUID], alice: Visitor, bob: Visitor
) -> None:
    with world.plumber.open() as session:
        theirs = session.scalars(select(Contact.id).where(Contact.name == "Marcus Bell")).one()
        makers.make_contact(session, "Wanda Free", "+15125550163")
        consent.suppress(session, DANA, "opt_out")
    for path in ("/settings/consent?q=dana", f"/contacts/{theirs}/merge?q=dana", f"/contacts/{theirs}/alike",
                 "/estimates", "/estimates.csv", "/appointments", "/sequences", "/settings/notices"):  # fmt: skip
        page = bob.get(path)
        assert page.status_code == 200, path
        assert "Dana" not in words(page), path
    assert "Wanda" in words(bob.get(f"/contacts/{theirs}/merge?q=wanda")), "nobody talks with her yet"
    assert "Dana" in words(alice.get(f"/contacts/{theirs}/merge?q=dana"))
    bob.get(f"/inbox/{ids['free']}")
    assert bob.send(f"/contacts/{theirs}/merge/{ids['contact']}").status_code == 404
    assert bob.send(f"/consent/{DANA}/stop", {"said": "by phone"}).status_code == 404
    with open_session(scope.tenant(world.plumber.id, world.bob.member)) as session:
        assert session.scalars(select(Contact.name).order_by(Contact.name)).all() == ["Marcus Bell", "Wanda Free"]
        assert DANA not in session.scalars(select(ContactPoint.value)).all()
        with pytest.raises(HiddenPersonError):
            reach(session, DANA)


def test_a_team_sees_its_members_conversations_and_who_is_named_sees_that_one(
    world: World, ids: dict[str, UUID], alice: Visitor, bob: Visitor
) -> None:
    alice.get(f"/inbox/{ids['hers']}")
    token = str(new_id())
    alice.send(f"/inbox/{ids['hers']}/notes", {"note": "@Bob Tran have a look", "token": token})
    assert bob.get(f"/inbox/{ids['hers']}").status_code == 200, "a note names him"
    with world.plumber.open() as session:
        session.execute(text("DELETE FROM mention"))
    assert bob.get(f"/inbox/{ids['hers']}").status_code == 404
    with world.plumber.open() as session:
        drains = Team(id=new_id(), name="Drains")
        session.add(drains)
        session.flush()
        for member in (world.bob.member, ids["carol"]):
            session.add(TeamMember(team_id=drains.id, member_id=member))
    for path in doors(ids):
        assert bob.get(path).status_code == 200, path
    alice.get("/settings/members")
    alice.send("/settings/members/rules", {})
    with world.plumber.open() as session:
        session.execute(text("DELETE FROM team_member"))
    assert bob.get(f"/inbox/{ids['hers']}").status_code == 200, "without the rule everybody sees everything"


def test_an_agent_hands_a_conversation_out_of_their_own_sight(world: World, ids: dict[str, UUID], bob: Visitor) -> None:
    path = f"/inbox/{ids['free']}"
    bob.get(path)
    answer = bob.send(f"{path}/assign", {"member": str(ids["carol"])}, **FRAGMENT)
    assert answer.headers["HX-Redirect"] == "/inbox"
    assert "in other hands now" in words(bob.get("/inbox"))
    assert bob.get(path).status_code == 404
    with world.plumber.open() as session:
        assert (
            session.scalars(select(Conversation.assigned_to).where(Conversation.id == ids["free"])).one()
            == ids["carol"]
        )


def test_the_database_itself_shows_a_viewer_nothing_else(world: World, ids: dict[str, UUID]) -> None:
    with open_session(scope.tenant(world.plumber.id, world.bob.member)) as session:
        assert session.scalars(select(Conversation.id)).all() == [ids["free"]]
        assert session.scalars(text("SELECT body FROM message")).all() == ["The boiler drips"]
        changed = session.execute(text("UPDATE conversation SET status = 'closed'"))
        assert changed.rowcount == 1  # type: ignore[attr-defined]
        session.commit()
        assert session.scalars(select(Message.body)).all() == ["The boiler drips"], "in the next transaction too"
    with open_session(scope.tenant(world.plumber.id)) as session:
        assert len(session.scalars(select(Conversation.id)).all()) == 2


def test_live_an_agent_hears_that_something_happened_and_not_where(
    settings: Settings, world: World, ids: dict[str, UUID], alice: Visitor, bob: Visitor
) -> None:
    said = {who: tickets(settings).loads(visitor.get("/live-ticket").get_json()["ticket"]) for who, visitor in
            (("alice", alice), ("bob", bob))}  # fmt: skip
    assert said == {"alice": [str(world.plumber.id), "named"], "bob": [str(world.plumber.id), "unnamed"]}


def test_the_hub_names_nothing_to_a_screen_that_may_not_see_all(settings: Settings) -> None:
    async def story() -> list[bytes]:
        hub: Any = Hub(settings, None)
        with hub._screen("t", True) as all_, hub._screen("t", False) as some:
            hub._hand_on("live:t", b'{"topic": "conversation", "id": "x"}')
            return [all_.get_nowait(), some.get_nowait()]

    # A browser of another test may keep an event loop in this thread.
    with ThreadPoolExecutor(1) as apart:
        heard = apart.submit(asyncio.run, story()).result()
    assert b'"id": "x"' in heard[0]
    assert heard[1] == RESYNC


def test_an_agent_of_the_agency_sees_what_nobody_has(app: Flask, world: World, ids: dict[str, UUID]) -> None:
    makers.make_agency_member(world.agency, "Ned Lund", "agent")
    ned = Visitor(app)
    ned.log_in("ned@example.com")
    ned.follow(ned.send(f"/businesses/{world.plumber.id}/open"))
    assert ned.get(f"/inbox/{ids['free']}").status_code == 200
    assert ned.get(f"/inbox/{ids['hers']}").status_code == 404
