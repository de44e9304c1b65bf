"""The whole way with the carrier in a box: it calls our hooks over HTTP, and we call its API."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.serving import make_server

import webhooks
from groundwork import config
from groundwork.config import Settings
from groundwork.tables import Timer
from hallway import calls
from hallway.calls import Alarm, Call, Phone, Voicemail
from hallway.channels import Number, hook_urls
from hallway.conversations import Attachment, Conversation, Message, Task
from hallway.leads import LeadField
from tenants.hours import DAYS
from tests import makers
from tests.carrier import Carrier, running_carrier
from tests.makers import Business
from workers import jobs

ROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in DAYS}
OPEN: dict[str, Any] = {"hours": ROUND_THE_CLOCK, "observe_federal_holidays": False}
_lines = count()


def fresh(area: str) -> str:
    """A number no test used before: the carrier remembers."""
    return f"+1{area}55501{next(_lines) % 90:02d}"


@dataclass
class Line:
    """A business on the carrier, its caller, and somebody who does its work."""

    carrier: Carrier
    business: Business
    caller: str

    def call(self, **how: object) -> str:
        return self.carrier.call(self.caller, self.business.number, **how)

    def work(self) -> None:
        for kind in jobs.BELLS:
            jobs.answer(str(self.business.id), kind)

    def until(self, look: Callable[[], object], otherwise: str, seconds: float = 60) -> None:
        """Work on until `look` sees what it waits for."""

        def worked() -> bool:
            self.work()
            return bool(look())

        self.carrier.wait(worked, otherwise, seconds=seconds)

    def ring_long(self) -> None:
        """The owner's phone rings until the caller hangs up, also where this process is slow to see it ring."""
        self.carrier.set_behaviour(self.business.cell, behaviour="rings")
        with self.business.open() as session:
            session.execute(update(Number).values(ring_seconds=60))

    def known(self, direction: str = "in") -> Call | None:
        with self.business.open() as session:
            return session.scalar(select(Call).where(Call.direction == direction).order_by(Call.id.desc()).limit(1))

    def ended(self, direction: str = "in") -> Call:
        self.until(lambda: (call := self.known(direction)) and call.outcome and call.ended_at, "the call never ended")
        call = self.known(direction)
        assert call
        return call

    def texts(self) -> list[str]:
        return self.carrier.received(self.caller)


@pytest.fixture(scope="module")
def hooks_url(settings: Settings) -> Iterator[str]:
    app = Flask("hooks")
    webhooks.register(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    folder: Path = tmp_path_factory.mktemp("carrier")
    with running_carrier(folder, step=0.02, time_scale=0.06) as carrier:
        yield carrier


@pytest.fixture
def line(process: Carrier, hooks_url: str, clean: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    process.clear_faults()
    for name, value in {
        "TWILIO_API_URL": process.url,
        "TWILIO_ACCOUNT_SID": process.account_sid,
        "TWILIO_AUTH_TOKEN": process.auth_token,
        "HOOKS_URL": hooks_url,
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    config.settings.cache_clear()
    yield Line(process, _on_the_carrier(process), fresh("737"))
    config.settings.cache_clear()


def _on_the_carrier(carrier: Carrier) -> Business:
    account = carrier.sdk().api.v2010.accounts.create(friendly_name="Bluff Creek Plumbing")
    number, cell = fresh("512"), fresh("210")
    business = makers.make_tenant(
        "Bluff Creek Plumbing", "bluff-creek", number=number, cell=cell, account_sid=account.sid,
        auth_token=account.auth_token, **OPEN,
    )  # fmt: skip
    urls = hook_urls(business.account)
    carrier.sdk(account.sid, account.auth_token).incoming_phone_numbers.create(
        phone_number=number,
        voice_url=urls["voice"],
        sms_url=urls["message"],
        status_callback=urls["call-status"],
    )
    return business


def test_a_call_nobody_answers_ends_in_a_text_on_the_caller_s_phone(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="rings")
    line.call(says="My water heater is leaking at 1120 Bluff Creek Dr, I need someone today")

    line.until(line.texts, "no text arrived")
    call = line.ended()
    assert (call.outcome, call.missed_reason, call.text_back) == ("missed", "no_answer", "sent")
    assert len(line.texts()) == 1
    assert "Bluff Creek Plumbing" in line.texts()[0]

    def stored() -> object:
        with line.business.open() as session:
            kept = session.scalar(select(Voicemail))
            return kept and kept.transcript_state == "done" and session.scalar(select(Attachment.state)) == "stored"

    line.until(stored, "the voicemail was not kept")
    with line.business.open() as session:
        assert session.scalars(select(Attachment.size)).one() > 100
        fields = {field.name: field.value for field in session.scalars(select(LeadField))}
        conversation = session.scalars(select(Conversation)).one()
    assert "1120 Bluff Creek" in fields["address"]
    assert conversation.urgent_reason
    assert conversation.waiting_since


def test_hanging_up_while_it_rings_is_answered_with_one_text(line: Line) -> None:
    line.ring_long()
    call_sid = line.call()
    line.carrier.ringing(line.business.cell)
    line.carrier.hang_up(call_sid)

    line.until(line.texts, "no text arrived")
    assert line.ended().missed_reason == "caller_hung_up"
    assert len(line.texts()) == 1


def test_a_human_who_presses_1_answers_and_nobody_is_texted(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="accepts", after=2, talk=20)
    line.call()
    call = line.ended()
    assert (call.outcome, call.text_back, call.answered_by) == ("answered", None, line.business.phone_id)
    assert (call.duration or 0) >= 19
    assert line.texts() == []


def test_a_personal_voicemail_does_not_count_as_an_answer(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="voicemail", after=3)
    line.call()
    line.until(line.texts, "no text arrived")
    assert line.ended().missed_reason == "not_accepted"


def test_a_landline_is_found_out_and_left_to_a_person(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="rings")
    line.carrier.set_behaviour(line.caller, kind="landline")
    line.call()
    assert line.ended().text_back == "skipped"
    with line.business.open() as session:
        assert session.scalars(select(Task.rule)).one() == "landline"
    assert line.texts() == []


def test_an_anonymous_caller_is_left_to_a_person(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="rings")
    line.call(anonymous=True)
    assert line.ended().caller_kind == "anonymous"
    with line.business.open() as session:
        assert session.scalars(select(Task.rule)).one() == "anonymous"


def test_the_second_call_pages_the_on_call_phone(line: Line) -> None:
    line.ring_long()
    for _ in range(2):
        call_sid = line.call()
        line.carrier.ringing(line.business.cell)
        line.carrier.hang_up(call_sid)
        line.ended()
        line.until(lambda: not any(each["live"] for each in line.carrier.calls_on(line.business.cell)), "still ringing")
    line.until(lambda: line.carrier.received(line.business.cell), "nobody was paged")
    (page,) = line.carrier.received(line.business.cell)
    assert "twice in 10 minutes" in page
    with line.business.open() as session:
        assert session.scalars(select(Alarm)).one().pages == 1
    assert len(line.texts()) == 1


def test_an_end_that_is_never_told_is_asked_for_at_the_deadline(line: Line) -> None:
    line.ring_long()
    line.carrier.fault("lost", "/call-status")
    line.carrier.fault("lost", "/dial")
    call_sid = line.call()
    line.carrier.ringing(line.business.cell)
    line.carrier.hang_up(call_sid)
    line.carrier.wait(lambda: line.carrier.show_call(call_sid)["status"] == "completed", "the carrier never ended it")
    call = line.known()
    assert call
    assert call.outcome is None

    with line.business.open() as session:
        session.execute(update(Timer).where(Timer.kind == "call_deadline").values(due_at=call.started_at))
    line.until(line.texts, "no text arrived")
    assert (line.ended().missed_reason, len(line.texts())) == ("no_end", 1)


def test_a_call_that_lives_at_its_deadline_is_left_alone(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="interactive")
    line.call()
    line.carrier.ringing(line.business.cell)
    with line.business.open() as session:
        session.execute(update(Timer).where(Timer.kind == "call_deadline").values(due_at=Timer.created_at))
    line.work()
    call = line.known()
    assert call
    assert call.outcome is None
    with line.business.open() as session:
        assert session.scalars(select(Timer.state).where(Timer.kind == "call_deadline")).one() == "ready"


def test_doubled_late_and_disordered_news_change_nothing(line: Line) -> None:
    line.carrier.set_behaviour(line.business.cell, behaviour="rings")
    for kind in ("doubled", "late", "disordered"):
        line.carrier.fault(kind, "/hooks/", probability=0.5, seconds=1)
    line.call(says="Call me")
    line.until(line.texts, "no text arrived")
    assert line.ended().outcome == "missed"
    assert len(line.texts()) == 1


@pytest.fixture
def waiting(line: Line) -> Line:
    """Somebody called, was missed, and waits."""
    line.ring_long()
    call_sid = line.call()
    line.carrier.ringing(line.business.cell)
    line.carrier.hang_up(call_sid)
    line.ended()
    line.until(line.texts, "no text arrived")
    return line


def call_back(line: Line) -> None:
    with line.business.open() as session:
        conversation = session.scalars(select(Conversation)).one()
        phone = session.scalars(select(Phone)).one()
        calls.call_back(session, conversation, phone, "Alice Romero")


def test_calling_back_rings_the_member_then_the_customer_and_ends_the_wait(waiting: Line) -> None:
    waiting.carrier.set_behaviour(waiting.business.cell, behaviour="accepts", after=2, talk=60)
    waiting.carrier.set_behaviour(waiting.caller, behaviour="accepts", after=2, talk=20)
    call_back(waiting)

    call = waiting.ended("out")
    assert (call.outcome, call.requested_by, call.text_back) == ("answered", "Alice Romero", None)
    assert (call.from_address, call.to_address) == (waiting.business.number, waiting.caller)
    assert (call.duration or 0) >= 19
    with waiting.business.open() as session:
        assert session.scalars(select(Conversation)).one().waiting_since is None
    rung = [each for each in waiting.carrier.calls_on(waiting.caller) if not each["mine"]]
    assert [each["from"] for each in rung] == [waiting.business.number]
    assert len(waiting.texts()) == 1


def test_a_call_back_the_customer_does_not_take_keeps_them_waiting(waiting: Line) -> None:
    waiting.carrier.set_behaviour(waiting.business.cell, behaviour="accepts", after=2, talk=60)
    waiting.carrier.set_behaviour(waiting.caller, behaviour="rings")
    call_back(waiting)
    call = waiting.ended("out")
    assert (call.outcome, call.missed_reason) == ("no_answer", "The customer did not pick up.")
    with waiting.business.open() as session:
        assert session.scalars(select(Conversation)).one().waiting_since


def test_a_call_back_the_member_s_voicemail_takes_never_rings_the_customer(waiting: Line) -> None:
    waiting.carrier.set_behaviour(waiting.business.cell, behaviour="voicemail", after=2)
    call_back(waiting)
    assert waiting.ended("out").outcome == "no_answer"
    assert [each for each in waiting.carrier.calls_on(waiting.caller) if not each["mine"]] == []


def test_without_a_number_there_is_nothing_to_call_back_from(waiting: Line) -> None:
    with waiting.business.open() as session:
        session.execute(update(calls.Call).values(number_id=None))
        session.execute(update(Number).values(active=False))
    with pytest.raises(calls.CannotCallBackError, match="No business number"):
        call_back(waiting)


def test_the_time_from_missed_to_the_carrier_s_yes_is_kept(waiting: Line) -> None:
    with waiting.business.open() as session:
        message = session.scalars(select(Message).where(Message.kind == "text_back")).one()
        call = session.scalars(select(Call)).one()
    assert message.accepted_at
    assert call.missed_at
    assert 0 <= (message.accepted_at - call.missed_at).total_seconds() < 60
