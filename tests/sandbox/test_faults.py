"""What goes wrong when it is told to, and what survives a kill."""

from __future__ import annotations

import time

import pytest
import urllib3
from twilio.base.exceptions import TwilioRestException

from tests.carrier import Carrier
from tests.sandbox.conftest import new_number
from tests.sandbox.customer import Customer


def _send(carrier: Carrier, shop: str, to: str, **more: object) -> str:
    return str(carrier.sdk().messages.create(to=to, from_=shop, body="Hi", **more).sid)


def test_a_server_error_sends_nothing_and_strikes_only_as_often_as_told(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.fault("error", f"To={lead}", code=503, remaining=1)
    with pytest.raises(TwilioRestException) as refused:
        _send(carrier, shop, lead)
    assert (refused.value.status, refused.value.code) == (503, 20503)
    _send(carrier, shop, lead)
    carrier.wait(lambda: carrier.received(lead) == ["Hi"], "not exactly one")


def test_too_many_requests_say_so(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.fault("too_many", f"To={lead}", remaining=1)
    with pytest.raises(TwilioRestException) as refused:
        _send(carrier, shop, lead)
    assert (refused.value.status, refused.value.code) == (429, 20429)


def test_a_connection_cut_after_accepting_still_delivers(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.fault("cut_after_accept", f"To={lead}", remaining=1)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        _send(carrier, shop, lead)
    carrier.wait(lambda: carrier.received(lead) == ["Hi"], "was not accepted")
    assert len(carrier.sdk().messages.list(to=lead)) == 1


def test_an_answer_that_comes_too_late_was_accepted_all_the_same(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.fault("hang_after_accept", f"To={lead}", remaining=1, seconds=0.4)
    start = time.monotonic()
    _send(carrier, shop, lead)
    assert time.monotonic() - start >= 0.4
    carrier.wait(lambda: carrier.received(lead) == ["Hi"], "was not accepted")


def test_callbacks_can_be_lost_doubled_and_disordered(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    carrier.fault("lost", "MessageStatus=sending", remaining=1)
    carrier.fault("disordered", "MessageStatus=sent", remaining=1)
    carrier.fault("doubled", "MessageStatus=delivered", remaining=1)
    _send(carrier, shop, lead, status_callback=customer.to("/status"))
    told = customer.wait_for("/status", 3)
    assert sorted(hook["MessageStatus"] for hook in told) == ["delivered", "delivered", "sent"]
    assert told[0]["MessageStatus"] == "delivered"
    tokens = [hook.headers["I-Twilio-Idempotency-Token"] for hook in customer.hooks if hook.path == "/status"]
    assert len(set(tokens)) == 2


def test_a_text_can_be_filtered_on_its_way(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.fault("undelivered", f"To={lead}", code=30034, remaining=1)
    sid = _send(carrier, shop, lead)
    carrier.wait(lambda: carrier.sdk().messages(sid).fetch().status == "undelivered", "was delivered")
    assert carrier.sdk().messages(sid).fetch().error_code == 30034


def test_a_failing_webhook_is_tried_again_only_when_its_url_asks_for_it(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    customer.statuses["/plain"] = [503]
    customer.statuses["/stubborn"] = [503, 503]
    _send(carrier, shop, lead, status_callback=customer.to("/plain"))
    _send(carrier, shop, new_number("737"), status_callback=customer.to("/stubborn?a=1#rc=3&rp=5xx,ct,rt"))
    customer.wait_for("/stubborn", 5)
    assert len(customer.at("/plain")) == 3
    tokens = [hook.headers["I-Twilio-Idempotency-Token"] for hook in customer.hooks if hook.path == "/stubborn"]
    assert len(tokens) == 5
    assert len(set(tokens)) == 3


def test_an_inbound_text_nobody_takes_goes_to_the_fallback_url(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    (number,) = carrier.sdk().incoming_phone_numbers.list(phone_number=shop, limit=1)
    number.update(sms_fallback_url=customer.to("/spare"))
    customer.statuses["/sms"] = [500]
    carrier.text(lead, shop, "hello")
    assert customer.wait_for("/spare")[0]["ErrorCode"] == "11200"


def test_what_was_accepted_survives_a_kill(fresh: Carrier, customer: Customer) -> None:
    shop, lead = new_number(), new_number("737")
    fresh.buy(shop, sms_url=customer.to("/sms"), status_callback=customer.to("/ended"))
    fresh.control("POST", "settings", {"step": 30})
    sids = [_send(fresh, shop, lead, status_callback=customer.to("/status")) for _ in range(20)]
    fresh.kill()
    assert [hook["MessageStatus"] for hook in customer.at("/status")].count("delivered") == 0
    fresh.start()
    fresh.wait(lambda: fresh.counts().get(lead, {}).get("texts") == 20, "not all arrived")

    def delivered() -> set[str]:
        return {hook["MessageSid"] for hook in customer.at("/status") if hook["MessageStatus"] == "delivered"}

    fresh.wait(lambda: delivered() == set(sids), "not all were reported")
    assert len(fresh.sdk().messages.list(to=lead)) == 20


def test_calls_cut_off_by_a_kill_are_reported_as_over(fresh: Carrier, customer: Customer) -> None:
    shop, lead = new_number(), new_number("737")
    customer.says("/voice", '<Say>Hello</Say><Pause length="9999"/>')
    fresh.buy(shop, voice_url=customer.to("/voice"), status_callback=customer.to("/ended"))
    call = fresh.call(lead, shop)
    fresh.wait(lambda: fresh.show_call(call)["status"] == "in-progress", "never answered")
    fresh.kill()
    fresh.start()
    (ended,) = customer.wait_for("/ended")
    assert (ended["CallSid"], ended["CallStatus"]) == (call, "completed")


def test_callbacks_not_yet_sent_are_sent_after_a_restart(fresh: Carrier, customer: Customer) -> None:
    shop, lead = new_number(), new_number("737")
    fresh.buy(shop, sms_url=customer.to("/sms"))
    fresh.fault("late", "inbound-message", remaining=1, seconds=30)
    sid = fresh.text(lead, shop, "hello")
    # Killed any sooner, the fault would not have struck yet and would hold the callback back after the restart.
    fresh.wait(lambda: fresh.control("GET", "faults") == [], "the callback was not held back")
    fresh.kill()
    fresh.start()
    assert customer.wait_for("/sms")[0]["MessageSid"] == sid
