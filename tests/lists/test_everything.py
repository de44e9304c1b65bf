"""Everything of a business handed out: written in slices, one ZIP, a link for a day, nobody else's rows."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from groundwork import clock
from hallway import consent
from hallway.lists import everything
from tests import makers
from tests.lists.conftest import Work
from tests.makers import DANA, PRIYA, World
from tests.ui.visitor import Visitor, words

LINK = re.compile(r'href="(/settings/export/[^"]+/[^"]+)"')


def link(visitor: Visitor) -> str:
    found = LINK.search(visitor.get("/settings/export").get_data(as_text=True))
    assert found
    return found[1]


def tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name: list(csv.DictReader(io.StringIO(archive.read(name).decode()))) for name in names}


@pytest.fixture
def told(world: World) -> World:
    """Words and people in both businesses."""
    with world.plumber.open() as session:
        for number in range(7):
            makers.make_contact(session, f"Person {number}", f"+1512555030{number}")
        talk = makers.make_conversation(session)
        makers.make_text_in(session, talk, "=HYPERLINK(1) my water heater leaks", business=world.plumber)
        consent.suppress(session, DANA, "opt_out", words="Stop")
    with world.charlie.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session, "Priya Nair", PRIYA))
        makers.make_text_in(session, talk, "My garage door is stuck", business=world.charlie, sender=PRIYA)
    return world


def test_everything_is_written_in_slices_and_downloaded_for_a_day(
    told: World, alice: Visitor, bob: Visitor, charlie: Visitor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everything, "ROWS", 3)
    alice.get("/settings/export")
    alice.send("/settings/export")
    alice.send("/settings/export")  # one is enough
    assert "Being made" in words(alice.get("/settings/export"))
    real, calls = everything._write, []

    def dies_once(*arguments: Any) -> None:
        real(*arguments)
        calls.append(1)
        if len(calls) == 5:
            raise SystemExit("killed")

    monkeypatch.setattr(everything, "_write", dies_once)
    with pytest.raises(SystemExit):
        work(told.plumber.id)
    with told.plumber.open() as session:
        session.connection().exec_driver_sql("update timer set lease_until = null where state = 'ready'")
    work(told.plumber.id)
    where = link(alice)
    answer = alice.get(where)
    assert answer.mimetype == "application/zip"
    found = tables(answer.get_data())
    assert len(found["contacts.csv"]) == 8
    assert {row["value"] for row in found["contact_points.csv"]} >= {DANA, "+15125550303"}
    assert [row["body"] for row in found["messages.csv"]] == ["'=HYPERLINK(1) my water heater leaks"]
    assert [row["action"] for row in found["consent_ledger.csv"]] == ["revoked"]
    assert found["suppressions.csv"][0]["address"] == DANA
    for name in ("calls", "leads", "appointments", "estimates", "sequences", "audit", "attachments", "members"):
        assert f"{name}.csv" in found
    whole = "".join(str(rows) for rows in found.values())
    assert PRIYA not in whole
    assert "garage" not in whole
    bob.get("/home")
    assert bob.get(where).status_code == 403
    assert charlie.get(where).status_code == 404
    assert alice.get(where[:-3] + "abc").status_code == 404
    log = words(alice.get("/settings/activity"))
    assert "Asked for an export of everything" in log
    assert "Downloaded an export of everything" in log
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        alice.log_in(told.alice.email)
        assert alice.get(where).status_code == 404
        work(told.plumber.id)
        assert "Gone" in words(alice.get("/settings/export"))


def test_no_secret_and_none_of_the_machine_s_own_notes_is_handed_out(told: World) -> None:
    names = {one.__tablename__ for one in everything.tables()}
    assert names.isdisjoint({"timer", "inbound_event", "api_key", "slack_hook", "invitation", "user_session"})
    assert {"contact", "message", "consent_event", "gate_decision", "setup", "note"} <= names
    handed = {
        f"{kind.__tablename__}.{column.name}" for kind in everything.tables() for column in everything._columns(kind)
    }
    secret = re.compile(r"sealed|token|secret|password|\.data$")
    assert {name for name in handed if secret.search(name)} == set()
