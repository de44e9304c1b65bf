"""Texts on their way out, against a real carrier: sent once, recorded once, whatever goes wrong between."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from sqlalchemy import func, select, update

from billing.models import UsageEvent
from groundwork import clock, config, jobs
from groundwork import redis as kernel_redis
from hallway import consent, sending
from hallway.channels.models import Number
from hallway.consent.models import GateDecision
from hallway.conversations import Conversation, Message, Task
from hallway.sending import claiming
from hallway.sending.claiming import claim
from tenants.models import Tenant
from tests import makers
from tests.carrier import Carrier
from tests.makers import Business
from tests.sending.at_carrier import Ear, fresh_number, look, miss_a_call


def later(seconds: float) -> time_machine.travel:
    """The clock of this process, some time on."""
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def test_a_text_back_is_asked_twice_sent_once_and_metered_once(carrier: Carrier, plumber: Business) -> None:
    missed = miss_a_call(plumber)
    assert missed.message.state == "queued"
    assert sending.deliver(plumber.id, "now") == 1
    assert sending.deliver(plumber.id, "now") == 0
    message = look(plumber, missed.message)
    assert (message.state, message.attempts, message.error) == ("accepted", 1, None)
    assert message.provider_sid
    assert message.accepted_at
    carrier.wait(lambda: carrier.received(missed.caller) == [message.body], "the text never arrived")
    with plumber.open() as session:
        phases = session.scalars(select(GateDecision.phase).order_by(GateDecision.id)).all()
        assert phases == ["queue", "claim"]
        assert session.scalars(select(UsageEvent.quantity)).all() == [1]


def test_what_the_carrier_tells_moves_the_text_on_and_never_back(carrier: Carrier, plumber: Business, ear: Ear) -> None:
    missed = miss_a_call(plumber)
    sending.deliver(plumber.id, "now")
    carrier.wait(lambda: len(ear.of(missed.message.id)) >= 3, "no callbacks")
    told = {one["MessageStatus"]: one for one in ear.of(missed.message.id)}
    for status, state in (("delivered", "delivered"), ("sent", "delivered"), ("sending", "delivered")):
        ear.apply(plumber, told[status])
        ear.apply(plumber, told[status])
        assert look(plumber, missed.message).state == state
    message = look(plumber, missed.message)
    assert message.delivered_at
    assert message.sent_at
    assert message.settled_at


def test_news_that_comes_before_the_answer_is_recorded_stands(carrier: Carrier, plumber: Business) -> None:
    missed = miss_a_call(plumber)
    with plumber.open() as session:
        work = claim(session, "now")
    with plumber.open() as session:
        sending.apply_status(session, missed.message.id, "SM-early", "sent")
    message = look(plumber, missed.message)
    assert (message.state, message.provider_sid) == ("sent", "SM-early")
    assert message.accepted_at
    assert len(work.to_send) == 1
    assert sending.deliver(plumber.id, "now") == 0
    assert carrier.received(missed.caller) == []


def test_an_answer_lost_on_its_way_leads_to_one_text_at_the_carrier(carrier: Carrier, plumber: Business) -> None:
    carrier.fault("cut_after_accept", match="POST", remaining=1)
    missed = miss_a_call(plumber)
    sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).state == "unknown"
    with later(15):
        sending.deliver(plumber.id, "now")
    message = look(plumber, missed.message)
    assert message.state in ("accepted", "sent", "delivered")
    assert message.provider_sid
    carrier.wait(lambda: carrier.received(missed.caller), "the text never arrived")
    assert len(carrier.received(missed.caller)) == 1


def test_an_unknown_text_is_healed_by_the_carrier_s_own_callback(carrier: Carrier, plumber: Business, ear: Ear) -> None:
    carrier.fault("cut_after_accept", match="POST", remaining=1)
    missed = miss_a_call(plumber)
    sending.deliver(plumber.id, "now")
    carrier.wait(lambda: len(ear.of(missed.message.id)) >= 3, "no callbacks")
    ear.apply(plumber, ear.of(missed.message.id)[0])
    assert look(plumber, missed.message).state in ("accepted", "sent", "delivered")
    with later(120):
        assert sending.deliver(plumber.id, "now") == 0
    assert len(carrier.received(missed.caller)) == 1


def test_a_text_the_carrier_never_got_goes_again_once_that_is_sure(carrier: Carrier, plumber: Business) -> None:
    carrier.fault("error", match="POST", remaining=1)
    missed = miss_a_call(plumber)
    sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).state == "unknown"
    with later(12):
        sending.deliver(plumber.id, "now")
        assert look(plumber, missed.message).state == "unknown"
    with later(70):
        sending.deliver(plumber.id, "now")
        sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).state == "accepted"
    carrier.wait(lambda: carrier.received(missed.caller), "the text never arrived")
    assert len(carrier.received(missed.caller)) == 1


def test_an_unknown_text_whose_time_is_over_is_not_sent_and_a_person_is_asked(
    carrier: Carrier, plumber: Business
) -> None:
    carrier.fault("error", match="POST", remaining=1)
    missed = miss_a_call(plumber)
    sending.deliver(plumber.id, "now")
    with later(700):
        sending.deliver(plumber.id, "now")
        sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).state == "expired"
    assert carrier.received(missed.caller) == []
    with plumber.open() as session:
        assert session.scalars(select(Task.kind)).all() == ["call_back"]


def test_a_claim_whose_process_died_is_looked_up_before_anything_is_sent(carrier: Carrier, plumber: Business) -> None:
    sent, unsent = miss_a_call(plumber), miss_a_call(plumber)
    with plumber.open() as session:
        work = claim(session, "now")
    assert len(work.to_send) == 2
    first = next(one.outgoing for one in work.to_send if one.outgoing.id == sent.message.id)
    client = carrier.sdk(plumber.account_sid, plumber.auth_token)
    client.messages.create(to=first.recipient, from_=first.sender, body=first.body)
    assert sending.deliver(plumber.id, "now") == 0
    with later(62):
        sending.deliver(plumber.id, "now")
        sending.deliver(plumber.id, "now")
    assert {look(plumber, one.message).state for one in (sent, unsent)} <= {"accepted", "sent", "delivered"}
    for one in (sent, unsent):
        carrier.wait(lambda one=one: carrier.received(one.caller), "the text never arrived")  # type: ignore[misc]
        assert len(carrier.received(one.caller)) == 1


def test_a_worker_that_wakes_after_its_lease_sends_nothing(
    carrier: Carrier, plumber: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = miss_a_call(plumber)
    monkeypatch.setattr("hallway.sending.delivery.START_WITHIN", timedelta(seconds=-1))
    sending.deliver(plumber.id, "now")
    message = look(plumber, missed.message)
    assert (message.state, message.provider_sid) == ("queued", None)
    assert carrier.received(missed.caller) == []


def test_two_workers_on_the_same_texts_send_each_once(carrier: Carrier, plumber: Business) -> None:
    missed = [miss_a_call(plumber) for _ in range(12)]
    workers = [threading.Thread(target=sending.deliver, args=(plumber.id, "now")) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for one in missed:
        carrier.wait(lambda one=one: carrier.received(one.caller), "a text never arrived")  # type: ignore[misc]
        assert len(carrier.received(one.caller)) == 1
        assert look(plumber, one.message).state == "accepted"


def test_losing_redis_loses_nothing_and_repeats_nothing(carrier: Carrier, plumber: Business) -> None:
    missed = [miss_a_call(plumber) for _ in range(3)]
    with redis.Redis.from_url(config.settings().redis_url) as client:
        client.flushall()
        assert sending.deliver(plumber.id, "now") == 3
        client.flushall()
    assert sending.deliver(plumber.id, "now") == 0
    assert {look(plumber, one.message).state for one in missed} == {"accepted"}


@pytest.mark.parametrize("kind", ["too_many", "away"])
def test_what_surely_was_not_sent_is_tried_again_soon(
    carrier: Carrier, plumber: Business, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = miss_a_call(plumber)
    if kind == "too_many":
        carrier.fault("too_many", match="POST", remaining=1)
        sending.deliver(plumber.id, "now")
    else:
        with monkeypatch.context() as patch:
            patch.setenv("TWILIO_API_URL", "http://127.0.0.1:9")
            config.settings.cache_clear()
            sending.deliver(plumber.id, "now")
        config.settings.cache_clear()
    message = look(plumber, missed.message)
    assert message.state == "queued"
    assert message.error
    assert message.due_at
    with later(3):
        sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).state == "accepted"
    carrier.wait(lambda: carrier.received(missed.caller), "the text never arrived")
    assert len(carrier.received(missed.caller)) == 1


def test_a_stop_takes_back_what_waits_and_is_seen_at_the_claim(carrier: Carrier, plumber: Business) -> None:
    waiting, racing = miss_a_call(plumber), miss_a_call(plumber)
    with plumber.open() as session:
        assert sending.stop_texting(session, waiting.caller, "opt_out", words="stop")
        consent.suppress(session, racing.caller, "opt_out", words="stop")
    sending.deliver(plumber.id, "now")
    assert look(plumber, waiting.message).state == "cancelled"
    refused = look(plumber, racing.message)
    assert (refused.state, refused.held_rule) == ("refused", "suppressed.opt_out")
    assert carrier.received(waiting.caller) + carrier.received(racing.caller) == []


def test_an_opt_out_that_only_the_carrier_knows_becomes_ours(carrier: Carrier, plumber: Business) -> None:
    missed = miss_a_call(plumber)
    carrier.text(missed.caller, plumber.number, "STOP")
    sending.deliver(plumber.id, "now")
    message = look(plumber, missed.message)
    assert (message.state, message.error_code) == ("failed", "21610")
    with plumber.open() as session:
        suppression = consent.is_suppressed(session, missed.caller)
        assert suppression
        assert suppression.reason == "carrier_block"
        assert session.scalars(select(Task.kind)).all() == ["call_back"]


def test_a_landline_the_carrier_refuses_is_remembered(carrier: Carrier, plumber: Business) -> None:
    missed = miss_a_call(plumber)
    carrier.set_behaviour(missed.caller, kind="not_mobile")
    sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).error == "This is a landline; it cannot be texted."
    with plumber.open() as session:
        conversation = session.get_one(Conversation, (plumber.id, missed.conversation.id))
        words: dict[str, Any] = {"kind": "person", "purpose": "reply", "shelf_life": makers.SOON}
        assert sending.queue(session, conversation, "Hello?", **words).held_rule == "number.landline"
        assert session.scalars(select(Task.reason)).all() == ["This is a landline; it cannot be texted."]


def test_an_account_the_carrier_shut_holds_texts_until_it_is_mended(carrier: Carrier, plumber: Business) -> None:
    account = carrier.sdk().api.v2010.accounts(plumber.account_sid)
    missed = miss_a_call(plumber)
    account.update(status="suspended")
    sending.deliver(plumber.id, "now")
    with later(31):
        sending.deliver(plumber.id, "now")
    held = look(plumber, missed.message)
    assert (held.state, held.held_rule) == ("held", "tenant.stopped")
    account.update(status="active")
    with plumber.open() as session:
        assert session.get_one(Tenant, plumber.id).sending_stopped_reason
        sending.resume(session)
    sending.deliver(plumber.id, "now")
    assert look(plumber, missed.message).state == "accepted"


def test_another_business_is_never_touched(carrier: Carrier, plumber: Business, charlie: Business) -> None:
    mine, theirs = miss_a_call(plumber), miss_a_call(charlie)
    sending.deliver(plumber.id, "now")
    assert look(plumber, mine.message).state == "accepted"
    assert look(charlie, theirs.message).state == "queued"
    with plumber.open() as session:
        assert sending.apply_status(session, theirs.message.id, "SM-theirs", "delivered") is None
    assert look(charlie, theirs.message).state == "queued"


def test_campaigns_leave_room_for_text_backs(carrier: Carrier, plumber: Business) -> None:
    agreed = "I agree to get offers by text. Consent is not a condition of purchase."
    noon = clock.now().replace(year=2026, month=11, day=24, hour=18)
    with time_machine.travel(noon, tick=True):
        with plumber.open() as session:
            session.execute(update(Number).values(per_second=1.0))
            for _ in range(8):
                phone = fresh_number()
                conversation = makers.make_conversation(session, makers.make_contact(session, phone=phone))
                consent.record(session, phone, "granted", "marketing", "web_form", agreed)
                offer = f"{plumber.name}: $20 off a drain cleaning this week. Reply STOP to opt out."
                sending.queue(
                    session, conversation, offer, kind="campaign", purpose="marketing", lane="bulk",
                    shelf_life=timedelta(days=1),
                )  # fmt: skip
        sending.deliver(plumber.id, "bulk")
        assert states(plumber, "bulk") == {"accepted": 5, "queued": 3}
        missed = [miss_a_call(plumber) for _ in range(3)]
        assert sending.deliver(plumber.id, "now") == 3
        assert {look(plumber, one.message).state for one in missed} == {"accepted"}
        assert sending.deliver(plumber.id, "bulk") == 0
    with time_machine.travel(noon + timedelta(seconds=20), tick=True):
        sending.deliver(plumber.id, "bulk")
        assert states(plumber, "bulk") == {"accepted": 8}


def states(business: Business, lane: str) -> dict[str, int]:
    with business.open() as session:
        found = select(Message.state, func.count()).where(Message.lane == lane).group_by(Message.state)
        return {row[0]: row[1] for row in session.execute(found)}


def test_full_batches_follow_each_other_while_nobody_else_waits(
    carrier: Carrier, plumber: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "BATCH", 4)
    monkeypatch.setattr(jobs, "TURN", 0.0)
    missed = [miss_a_call(plumber) for _ in range(4 * 5 + 3)]
    kernel_redis.client().flushall()
    jobs.ring_now(plumber.id, "deliver:now")  # the clock, for what is not claimed yet
    assert sending.deliver(plumber.id, "now") == 23
    assert {look(plumber, one.message).state for one in missed} == {"accepted"}


def test_a_slice_ends_where_others_wait_and_what_was_begun_is_recorded(
    carrier: Carrier, plumber: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "BATCH", 4)
    monkeypatch.setattr(jobs, "TURN", 0.0)
    missed = [miss_a_call(plumber) for _ in range(9)]
    kernel_redis.client().flushall()
    jobs.ring_now(plumber.id, "events")  # somebody waits for a worker
    assert sending.deliver(plumber.id, "now") == 4
    states = [look(plumber, one.message).state for one in missed]
    assert (states.count("accepted"), states.count("queued")) == (4, 5)
    assert kernel_redis.client().exists(f"bell:deliver:now:{plumber.id}")


def test_the_carrier_is_told_how_long_the_text_is_good(carrier: Carrier, plumber: Business) -> None:
    missed = miss_a_call(plumber)
    with plumber.open() as session:
        work = claim(session, "now")
    assert work.to_send[0].outgoing.id == missed.message.id
    assert 590 <= work.to_send[0].outgoing.seconds_good <= 600
