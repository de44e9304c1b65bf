"""Mail out and in through the sandbox's own process: the product knows nothing but addresses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from groundwork import config
from groundwork.config import Settings
from hallway import consent, sending
from hallway.conversations import Mail, Message
from tests import makers
from tests.carrier import Carrier, free_port, running_carrier
from tests.mail.conftest import MAIL
from tests.mail.door import work
from tests.mail.letters import DANA_MAIL, know, look, settle, write
from tests.mail.smtp_door import running_door
from tests.mail.test_out import POSTAL, later
from tests.makers import Business


@pytest.fixture
def sandbox(clean: Settings, tmp_path: Path) -> Iterator[Carrier]:
    """The sandbox takes our mail, and its people write to our own SMTP door."""
    mail, door = free_port(), free_port()
    told = {"MAIL_URL": f"smtp://127.0.0.1:{mail}?tls=none", **MAIL}
    os.environ.update(told)
    config.settings.cache_clear()
    with running_door(door), running_carrier(tmp_path, mail_port=mail, mail_to=f"127.0.0.1:{door}") as carrier:
        yield carrier
    for name in told:
        del os.environ[name]
    config.settings.cache_clear()


@pytest.fixture
def plumber(sandbox: Carrier) -> Business:
    business = makers.make_world().plumber
    settle(business, postal_address=POSTAL)
    return business


def box(sandbox: Carrier) -> list[dict[str, Any]]:
    """Dana's mailbox, the newest first."""
    found: list[dict[str, Any]] = sandbox.control("GET", f"mail/boxes/{DANA_MAIL}")
    return found


def bodies(business: Business) -> list[tuple[str, str]]:
    with business.open() as session:
        rows = session.execute(select(Message.direction, Message.body).order_by(Message.at, Message.id))
        return [(row[0], row[1]) for row in rows]


def test_a_lead_reads_a_mail_answers_it_and_is_heard(sandbox: Carrier, plumber: Business) -> None:
    write(plumber, know(plumber), "Still need a hand with your water heater?", subject="Your water heater")
    sending.deliver(plumber.id, "now")
    (mail,) = box(sandbox)
    assert mail["headers"]["Subject"] == "Your water heater"
    assert "Still need a hand" in mail["text"]
    sandbox.control("POST", f"mail/{mail['id']}/answer", {"kind": "reply", "words": "Yes, tomorrow after 3."})
    work(plumber)
    assert bodies(plumber)[1] == ("in", "Yes, tomorrow after 3.")
    with plumber.open() as session:
        whole = session.scalars(select(Mail.whole).where(Mail.whole.is_not(None))).one()
        assert whole is not None
        assert "> Still need a hand" in whole


def test_buttons_of_the_mailbox_are_understood(sandbox: Carrier, plumber: Business) -> None:
    dana = know(plumber)
    message = write(plumber, dana, "First")
    sending.deliver(plumber.id, "now")
    (mail,) = box(sandbox)
    sandbox.control("POST", f"mail/{mail['id']}/answer", {"kind": "auto", "words": "Out of office"})
    work(plumber)
    assert bodies(plumber)[1] == ("in", "Out of office")
    sandbox.control("POST", f"mail/{mail['id']}/answer", {"kind": "bounce"})
    work(plumber)
    kept = look(plumber, message.id)
    assert (kept.state, kept.error_code) == ("failed", "mail.no_such_address")


def test_a_complaint_and_a_new_mail_to_the_business(sandbox: Carrier, plumber: Business) -> None:
    message = write(plumber, know(plumber), "First")
    sending.deliver(plumber.id, "now")
    sandbox.control("POST", f"mail/{box(sandbox)[0]['id']}/answer", {"kind": "complaint"})
    told = {"from": "new@example.com", "name": "Nina New", "to": "bluff-creek@in.hallway.example"}
    sandbox.control("POST", "mail/write", {**told, "subject": "Leak", "words": "My sink leaks"})
    work(plumber)
    assert look(plumber, message.id).error_code == "mail.complained"
    assert ("in", "My sink leaks") in bodies(plumber)
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA_MAIL, channel="email")


def test_what_goes_wrong_at_the_mail_server_leads_to_one_mail_or_none(sandbox: Carrier, plumber: Business) -> None:
    dana = know(plumber)
    sandbox.fault("mail_cut", remaining=1)
    cut = write(plumber, dana, "Cut off")
    sending.deliver(plumber.id, "now")
    assert look(plumber, cut.id).state == "unknown"
    with later(90):
        sending.deliver(plumber.id, "now")
        sending.deliver(plumber.id, "now")
    assert look(plumber, cut.id).state == "accepted"
    assert len(box(sandbox)) == 1  # the mailbox dropped the double by its Message-ID
    sandbox.fault("mail_refused", remaining=1)
    refused = write(plumber, dana, "Refused")
    sending.deliver(plumber.id, "now")
    assert look(plumber, refused.id).state == "failed"
