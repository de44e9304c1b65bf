"""Texts that leave from the process that decided them, without a bell and without a worker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from sqlalchemy import func, select

from groundwork import clock, config
from hallway import sending
from hallway.channels import CHANNELS
from hallway.consent.models import GateDecision
from hallway.conversations import Message
from hallway.sending import at_once, delivery
from tests import makers
from tests.carrier import Carrier
from tests.makers import Business
from tests.sending.at_carrier import fresh_number, look, miss_a_call
from tests.sending.test_delivery import later


@pytest.fixture(autouse=True)
def hands() -> Iterator[None]:
    sending.send_at_once(hands=1)
    yield
    at_once.close_hands()


def bells() -> list[str]:
    cache = redis.Redis.from_url(config.settings().redis_url, decode_responses=True)
    return [str(key) for key in cache.keys("bell:deliver:*")]


def test_a_text_back_leaves_with_one_asking_of_the_gate_and_no_bell(
    carrier: Carrier, plumber: Business, charlie: Business
) -> None:
    missed = miss_a_call(plumber)
    assert missed.message.state == "claimed"
    at_once.close_hands()
    message = look(plumber, missed.message)
    assert (message.state, message.attempts, message.due_at) == ("accepted", 1, None)
    carrier.wait(lambda: carrier.received(missed.caller) == [message.body], "the text never arrived")
    assert bells() == []
    assert sending.deliver(plumber.id, "now") == 0
    with plumber.open() as session:
        assert session.scalars(select(GateDecision.answer)).all() == ["allow"]
    with charlie.open() as session:
        assert session.scalar(select(func.count(Message.id))) == 0


def test_a_text_whose_transaction_fails_never_leaves(carrier: Carrier, plumber: Business) -> None:
    caller = fresh_number()
    with pytest.raises(ZeroDivisionError), plumber.open() as session:
        conversation = makers.make_conversation(session, makers.make_contact(session, phone=caller))
        makers.make_call(session, conversation, business=plumber, caller=caller)
        message = sending.queue(
            session, conversation, "We are on our way.", kind="person", purpose="reply", shelf_life=makers.SOON
        )
        assert message.state == "claimed"
        _ = 1 / 0
    at_once.close_hands()
    assert carrier.received(caller) == []


def test_what_comes_while_all_hands_are_full_is_left_to_the_workers(
    carrier: Carrier, plumber: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    send = CHANNELS["sms"].send

    def slow(*given: Any) -> Any:
        let_go.wait(20)
        return send(*given)

    channel = CHANNELS["sms"]._replace(send=slow)
    monkeypatch.setattr(delivery, "CHANNELS", {**CHANNELS, "sms": channel})
    first, second = miss_a_call(plumber), miss_a_call(plumber)
    assert (first.message.state, second.message.state) == ("claimed", "queued")
    assert bells() == [f"bell:deliver:now:{plumber.id}"]
    let_go.set()
    at_once.close_hands()
    assert sending.deliver(plumber.id, "now") == 1
    carrier.wait(lambda: all(len(carrier.received(one.caller)) == 1 for one in (first, second)), "not both arrived")


def test_a_process_that_dies_with_a_text_in_hand_leaves_it_to_be_found(
    carrier: Carrier, plumber: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider has the text, and nobody could write that down."""

    def dead(*_: object) -> None:
        raise OSError("killed")

    monkeypatch.setattr(delivery, "record", dead)
    missed = miss_a_call(plumber)
    at_once.close_hands()
    monkeypatch.undo()
    carrier.wait(lambda: len(carrier.received(missed.caller)) == 1, "the text never arrived")
    assert look(plumber, missed.message).state == "claimed"
    assert sending.deliver(plumber.id, "now") == 0
    with later(46):
        assert sending.deliver(plumber.id, "now") == 1
    assert look(plumber, missed.message).provider_sid
    assert len(carrier.received(missed.caller)) == 1


def test_a_carrier_that_is_away_makes_it_an_ordinary_text_of_the_queue(carrier: Carrier, plumber: Business) -> None:
    carrier.fault("too_many", match="POST", remaining=1)
    missed = miss_a_call(plumber)
    at_once.close_hands()
    message = look(plumber, missed.message)
    assert (message.state, message.attempts) == ("queued", 1)
    assert message.due_at is not None
    assert message.due_at < clock.now() + timedelta(seconds=2)
    with later(2):
        assert sending.deliver(plumber.id, "now") == 1
    assert look(plumber, missed.message).state == "accepted"


def test_a_process_that_is_stopping_answers_all_the_same_and_the_text_is_found_and_sent(
    carrier: Carrier, plumber: Business
) -> None:
    caller = fresh_number()
    with plumber.open() as session:
        conversation = makers.make_conversation(session, makers.make_contact(session, phone=caller))
        makers.make_call(session, conversation, business=plumber, caller=caller)
        message = sending.queue(
            session, conversation, "We are on our way.", kind="person", purpose="reply", shelf_life=makers.SOON
        )
        at_once.close_hands()
    assert look(plumber, message).state == "claimed"
    for seconds in (46, 120):
        with later(seconds):
            sending.deliver(plumber.id, "now")
    with later(121):
        sending.deliver(plumber.id, "now")
    assert look(plumber, message).state == "accepted"
    carrier.wait(lambda: len(carrier.received(caller)) == 1, "the text never arrived")
