"""Calls and texts that came while the house was down are found in the carrier's lists, and taken up once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, update

from groundwork import clock, config, scope
from groundwork.config import Settings
from groundwork.database import open_session
from groundwork.tables import InboundEvent, Timer
from hallway import inbound
from hallway.calls import Call
from hallway.conversations import Message
from tests import makers
from tests.carrier import Carrier, free_port, running_carrier
from tests.makers import Business
from workers import jobs

callers = count(2_000_001)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    folder: Path = tmp_path_factory.mktemp("carrier")
    with running_carrier(folder, step=0.02) as carrier:
        yield carrier


@dataclass
class Outage:
    """A business whose web is down: nobody listens at the address the carrier calls."""

    carrier: Carrier
    business: Business
    caller: str

    def heal(self) -> None:
        """The clock starts, and the workers do what is due until nothing is."""
        with open_session(scope.SYSTEM) as session:
            inbound.arrange_to_catch_up(session, at_once=True)
        for kind in (*jobs.BELLS, *jobs.BELLS):
            jobs.answer(str(self.business.id), kind)


@pytest.fixture
def outage(process: Carrier, clean: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outage]:
    place = next(callers)
    monkeypatch.setitem(os.environ, "TWILIO_API_URL", process.url)
    config.settings.cache_clear()
    hours = {day: [["00:00", "23:59"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    number = f"+1512{place}"
    business = makers.make_tenant(
        "Bluff Creek Plumbing",
        "bluff-creek",
        number=number,
        hours=hours,
        observe_federal_holidays=False,
        account_sid=process.account_sid,
        auth_token=process.auth_token,
    )
    nowhere = f"http://127.0.0.1:{free_port()}"
    known = process.sdk().incoming_phone_numbers.list(phone_number=number)
    if not known:
        process.buy(number, voice_url=nowhere, sms_url=nowhere, status_callback=nowhere)
    yield Outage(process, business, f"+1737{place}")
    config.settings.cache_clear()


def test_a_call_nobody_could_hear_of_is_found_missed_and_texted_once(outage: Outage) -> None:
    sid = outage.carrier.call(outage.caller, outage.business.number)
    outage.carrier.wait(lambda: not outage.carrier.show_call(sid)["live"], "the call never ended")

    outage.heal()
    outage.heal()

    with outage.business.open() as session:
        call = session.scalars(select(Call)).one()
        assert (call.provider_sid, call.outcome, call.missed_reason, call.state) == (
            sid,
            "missed",
            "not_reached",
            "ended",
        )
    outage.carrier.wait(lambda: outage.carrier.received(outage.caller), "no text arrived")
    assert len(outage.carrier.received(outage.caller)) == 1


def test_a_text_nobody_could_hear_of_is_found_with_its_photo(outage: Outage) -> None:
    sid = outage.carrier.text(outage.caller, outage.business.number, "Water heater is leaking", b"\xff\xd8\xff a photo")

    outage.heal()

    with outage.business.open() as session:
        message = session.scalars(select(Message).where(Message.direction == "in")).one()
        assert (message.provider_sid, message.body, len(message.media)) == (sid, "Water heater is leaking", 1)


def test_a_webhook_that_comes_after_all_changes_nothing(outage: Outage) -> None:
    sid = outage.carrier.text(outage.caller, outage.business.number, "Is anybody there?")
    outage.heal()

    with outage.business.open() as session:
        keys = session.scalars(select(InboundEvent.dedupe_key).where(InboundEvent.kind == "text_in")).all()
    assert keys == [f"text_in:{sid}"]  # the key under which the webhook itself would be stored


def test_another_tenants_calls_are_not_taken_up(outage: Outage) -> None:
    other = makers.make_tenant("Charlie's Garage Doors", "charlies", number="+13035550100", cell="+13035550177")
    sid = outage.carrier.call(outage.caller, outage.business.number)
    outage.carrier.wait(lambda: not outage.carrier.show_call(sid)["live"], "the call never ended")

    outage.heal()

    with other.open() as session:
        assert session.scalars(select(Call)).all() == []


def test_the_next_look_begins_where_this_one_ended(outage: Outage) -> None:
    outage.heal()

    with outage.business.open() as session:
        timer = session.scalars(select(Timer).where(Timer.kind == "catch_up")).one()
        assert timer.state == "ready"
        assert timer.due_at > clock.now()
        assert timer.payload["heard_until"]


def test_while_the_carrier_is_away_the_look_is_put_off_and_nothing_is_forgotten(outage: Outage) -> None:
    outage.carrier.fault("error", "GET /2010", remaining=20)
    outage.heal()

    with outage.business.open() as session:
        timer = session.scalars(select(Timer).where(Timer.kind == "catch_up")).one()
        assert (timer.state, "heard_until" in timer.payload) == ("ready", False)
        session.execute(update(Timer).values(due_at=clock.now()))
    outage.carrier.clear_faults()
