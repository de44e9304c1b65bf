"""Pictures and papers that go with a message: taken in, kept, and carried as MMS or with an e-mail."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

import webhooks
from billing.models import UsageEvent
from groundwork import clock, config
from groundwork.database import new_id
from hallway import sending
from hallway.channels import media_links
from hallway.conversations import Attachment, Conversation, Message, files
from tests import makers
from tests.calls.conftest import workday
from tests.carrier import Carrier
from tests.makers import Author, Business
from tests.sending.at_carrier import fresh_number, look

__all__ = ["workday"]
pytestmark = pytest.mark.usefixtures("workday")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000
PDF = b"%PDF-1.7\n" + b"0" * 2000


@pytest.fixture
def door(carrier: Carrier) -> Iterator[str]:
    """Our hooks as a server that the carrier can fetch from."""
    app = Flask("hooks")
    webhooks.register(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["HOOKS_URL"] = f"http://127.0.0.1:{server.server_port}"
    config.settings.cache_clear()
    yield os.environ["HOOKS_URL"]
    server.shutdown()


def send(business: Business, phone: str, *some: tuple[str, bytes], body: str = "") -> Message:
    with business.open() as session:
        contact = makers.make_contact(session, phone=phone, line_type="mobile")
        talk = makers.make_conversation(session, contact)
        kept = [files.keep(session, talk.id, name, data) for name, data in some]
        return sending.queue(
            session, talk, body, kind="person", purpose="reply", shelf_life=makers.SOON, files=kept,
            author=Author(new_id(), "Bob Tran"),
        )  # fmt: skip


def test_the_carrier_fetches_the_pictures_by_links_and_the_phone_shows_them(
    carrier: Carrier, door: str, plumber: Business, charlie: Business
) -> None:
    phone = fresh_number()
    message = send(plumber, phone, ("leak.png", PNG), ("quote.pdf", PDF))
    sending.deliver(plumber.id, "now")
    shown = carrier.wait(lambda: carrier.messages_on(phone), "the pictures never arrived")
    assert [one["content_type"] for one in shown[0]["media"]] == ["image/png", "application/pdf"]
    assert look(plumber, message).provider_sid
    with plumber.open() as session:
        used = session.execute(select(UsageEvent.metric, UsageEvent.quantity).order_by(UsageEvent.metric)).all()
        assert used == [("mms", 1), ("segments", 3)]
        assert session.get_one(Conversation, (plumber.id, message.conversation_id)).preview == "File"


def test_a_link_ends_names_one_file_of_one_business_and_only_what_was_sent(
    carrier: Carrier, door: str, plumber: Business, charlie: Business
) -> None:
    message = send(plumber, fresh_number(), ("leak.png", PNG))
    (id_,) = [UUID(one["attachment"]) for one in message.media]
    app = Flask("hooks")
    webhooks.register(app)
    client = app.test_client()

    def path(tenant_id: UUID, attachment_id: UUID) -> str:
        return media_links.link(tenant_id, attachment_id).removeprefix(door)

    answer = client.get(path(plumber.id, id_))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PNG, "image/png")
    assert "leak.png" in answer.headers["Content-Disposition"]
    assert client.get(path(charlie.id, id_)).status_code == 404
    assert client.get("/hooks/media/made-up").status_code == 404
    assert client.get(path(plumber.id, id_)[:-2]).status_code == 404
    with plumber.open() as session:
        unsent = files.keep(session, message.conversation_id, "thinking.png", PNG).id
    assert client.get(path(plumber.id, unsent)).status_code == 404
    link = path(plumber.id, id_)
    with time_machine.travel(clock.now() + timedelta(seconds=media_links.GOOD_SECONDS + 60)):
        assert client.get(link).status_code == 404


def test_what_cannot_be_sent_is_said_in_plain_words(plumber: Business) -> None:
    with plumber.open() as session:
        talk = makers.make_conversation(session)
        for name, data, words in (
            ("x.exe", b"MZ\x90", "is not a picture"),
            ("x.svg", b"<svg onload=alert(1)>", "is not a picture"),
            ("x.jpg", b"<html>not what it says", "is not a picture"),
            ("x.heic", b"\0\0\0\x18ftypheic", "Send it as JPEG"),
            ("x.png", PNG + b"0" * files.LARGEST, "8.0 MB"),
        ):
            with pytest.raises(files.FileError, match=words):
                files.keep(session, talk.id, name, data)
        paper = files.keep(session, talk.id, "../../etc/qu\r\note.pdf", PDF + b"0" * files.TEXT_OTHER)
        assert paper.name == "qu ote.pdf"
        with pytest.raises(files.FileError, match="by e-mail instead"):
            files.check("sms", [paper])
        files.check("email", [paper])
        pictures = [files.keep(session, talk.id, "x.png", PNG + b"0" * 1_800_000) for _ in range(3)]
        with pytest.raises(files.FileError, match=r"5\.0 MB of pictures"):
            files.check("sms", pictures)
        with pytest.raises(files.FileError, match="Up to 10 files"):
            files.check("email", [paper] * 11)


def test_files_nobody_sent_are_forgotten_after_a_day(plumber: Business) -> None:
    with plumber.open() as session:
        talk = makers.make_conversation(session)
        files.keep(session, talk.id, "old.png", PNG)
    with time_machine.travel(clock.now() + timedelta(days=2)), plumber.open() as session:
        files.keep(session, talk.id, "new.png", PNG)
    with plumber.open() as session:
        assert session.scalars(select(Attachment.name)).all() == ["new.png"]


def test_a_failed_text_is_tried_again_with_its_pictures(carrier: Carrier, plumber: Business) -> None:
    phone = fresh_number()
    message = send(plumber, phone, ("leak.png", PNG), body="Is it this one?")
    sending.deliver(plumber.id, "now")
    with plumber.open() as session:
        sid = look(plumber, message).provider_sid
        assert sid
        sending.apply_status(session, message.id, sid, "failed", "12300")
        failed = session.get_one(Message, (plumber.id, message.id))
        assert failed.error
        assert "files of this kind" in failed.error
        again = sending.retry(session, failed, Author(new_id(), "Bob Tran"))
        assert (again.retry_of, again.media) == (message.id, message.media)
        assert session.scalars(select(Attachment.message_id)).all() == [again.id]
