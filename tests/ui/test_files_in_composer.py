"""Files in the composer: added before anything is sent, kept when something is wrong, shown in the thread."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from sqlalchemy import select
from time_machine import Traveller

from groundwork.database import new_id
from hallway.contacts import ContactPoint
from hallway.conversations import Attachment, Message, files
from tests import makers
from tests.makers import World
from tests.ui.visitor import FRAGMENT, Visitor, words

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000
PDF = b"%PDF-1.7\n" + b"0" * 2000

pytestmark = pytest.mark.usefixtures("workday")


@pytest.fixture
def talk(world: World) -> UUID:
    with world.plumber.open() as session:
        conversation = makers.make_conversation(session, source="text")
        makers.make_text_in(session, conversation, business=world.plumber)
        session.add(ContactPoint(contact_id=conversation.contact_id, kind="email", value="dana@example.com"))
        return conversation.id


def add(visitor: Visitor, talk: UUID, *some: tuple[str, bytes]) -> tuple[list[str], str]:
    """The ids of what was kept, and what the page says."""
    form = {"file": [(io.BytesIO(data), name) for name, data in some]}
    answer = visitor.send(f"/inbox/{talk}/files", form, **FRAGMENT)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return re.findall(r'name="attachment" value="([^"]+)"', page), words(answer)


def sent(world: World) -> Message | None:
    with world.plumber.open() as session:
        return session.scalars(select(Message).where(Message.direction == "out").order_by(Message.at.desc())).first()


def test_photos_go_without_a_word_and_stand_in_the_thread(
    world: World, bob: Visitor, charlie: Visitor, talk: UUID
) -> None:
    ids, _ = add(bob, talk, ("leak.png", PNG), ("quote.pdf", PDF))
    assert len(ids) == 2
    answer = bob.send(f"/inbox/{talk}/send", {"token": str(new_id()), "attachment": ids}, **FRAGMENT)
    page = answer.get_data(as_text=True)
    assert all(f"/attachments/{id_}" in page for id_ in ids)
    assert "quote.pdf" in page
    message = sent(world)
    assert message
    assert (message.state, [one["name"] for one in message.media]) == ("queued", ["leak.png", "quote.pdf"])
    shown = bob.get(f"/attachments/{ids[1]}")
    assert shown.headers["Content-Disposition"].startswith("attachment; filename=quote.pdf")
    assert charlie.get(f"/attachments/{ids[0]}").status_code == 404
    assert bob.send(f"/attachments/{ids[0]}/remove").status_code == 404, "it is part of a message now"
    assert "Photo" not in words(charlie.get("/inbox/list"))


def test_what_cannot_go_is_said_and_nothing_typed_or_added_is_lost(world: World, bob: Visitor, talk: UUID) -> None:
    ids, page = add(bob, talk, ("leak.png", PNG), ("virus.exe", b"MZ"), ("big.pdf", PDF + b"0" * files.TEXT_OTHER))
    assert "virus.exe is not a picture" in page
    form = {"token": str(new_id()), "attachment": ids, "body": "Here is the quote"}
    answer = bob.send(f"/inbox/{talk}/send", form, **FRAGMENT)
    back = answer.get_data(as_text=True)
    assert "Send it by e-mail instead" in words(answer)
    assert "Here is the quote" in back
    assert re.findall(r'name="attachment" value="([^"]+)"', back) == ids
    assert sent(world) is None
    answer = bob.send(f"/inbox/{talk}/send", {**form, "channel": "email"}, **FRAGMENT)
    message = sent(world)
    assert message
    assert (message.channel, len(message.media)) == ("email", 2)
    twice = bob.send(f"/inbox/{talk}/send", {**form, "channel": "email"}, **FRAGMENT)
    assert 'role="alert"' not in twice.get_data(as_text=True), "the same form twice is one message"


def test_a_file_belongs_to_its_conversation_and_is_gone_once_removed(
    world: World, bob: Visitor, charlie: Visitor, talk: UUID
) -> None:
    (id_,), _ = add(bob, talk, ("leak.png", PNG))
    with world.plumber.open() as session:
        other = makers.make_conversation(session, makers.make_contact(session, "Marcus Webb", makers.MARCUS)).id
    assert charlie.send(f"/attachments/{id_}/remove").status_code == 404
    answer = bob.send(f"/inbox/{other}/send", {"token": str(new_id()), "attachment": [id_]}, **FRAGMENT)
    assert "not here any more" in words(answer)
    assert bob.send(f"/attachments/{id_}/remove", **FRAGMENT).status_code == 200
    answer = bob.send(f"/inbox/{talk}/send", {"token": str(new_id()), "attachment": [id_]}, **FRAGMENT)
    assert "not here any more" in words(answer)
    assert sent(world) is None


def test_a_text_for_later_that_is_taken_up_again_brings_its_files_back(
    world: World, bob: Visitor, talk: UUID, workday: Traveller
) -> None:
    ids, _ = add(bob, talk, ("leak.png", PNG))
    bob.send(f"/inbox/{talk}/send", {"token": str(new_id()), "attachment": ids, "later": "tomorrow"}, **FRAGMENT)
    message = sent(world)
    assert message
    answer = bob.send(f"/messages/{message.id}/later/edit", **FRAGMENT)
    assert re.findall(r'name="attachment" value="([^"]+)"', answer.get_data(as_text=True)) == ids
    bob.send(f"/inbox/{talk}/send", {"token": str(new_id()), "attachment": ids, "body": "Now"}, **FRAGMENT)
    with world.plumber.open() as session:
        now = session.scalars(select(Message).where(Message.body == "Now")).one()
        assert session.scalars(select(Attachment.message_id)).all() == [now.id]
