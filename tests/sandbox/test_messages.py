"""Texts through the carrier, both ways."""

from __future__ import annotations

import time
from urllib.parse import urljoin

import pytest
import urllib3
from twilio.base.exceptions import TwilioRestException

from tests.carrier import Carrier
from tests.sandbox.conftest import new_number
from tests.sandbox.customer import Customer

PHOTO = b"\xff\xd8\xff\xe0 a leaking water heater \xff\xd9"


def _send(carrier: Carrier, shop: str, to: str, body: str = "Hi, this is Acme.", **more: object) -> str:
    return str(carrier.sdk().messages.create(to=to, from_=shop, body=body, **more).sid)


def _refusal(carrier: Carrier, **fields: object) -> tuple[int, int]:
    """HTTP status and code of a message the carrier refuses."""
    with pytest.raises(TwilioRestException) as refused:
        carrier.sdk().messages.create(**fields)
    return refused.value.status, refused.value.code


def test_a_text_goes_from_queued_to_delivered_and_every_state_is_told(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    sent = carrier.sdk().messages.create(
        to=lead, from_=shop, body="Hi, this is Acme.", status_callback=customer.to("/status?m=7")
    )
    assert (sent.status, sent.num_segments, sent.price, sent.direction) == ("queued", "1", None, "outbound-api")
    told = customer.wait_for("/status", 3)
    assert {hook["MessageStatus"] for hook in told} == {"sending", "sent", "delivered"}
    assert {hook["MessageSid"] for hook in told} == {sent.sid}
    assert (told[0]["From"], told[0]["To"]) == (shop, lead)
    assert carrier.received(lead) == ["Hi, this is Acme."]
    assert carrier.sdk().messages(sent.sid).fetch().status == "delivered"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("landline", "30006"),
        ("unreachable", "30003"),
        ("blocked", "30004"),
        ("unknown", "30005"),
        ("filtered", "30007"),
    ],
)
def test_a_text_that_cannot_arrive_is_undelivered_with_its_reason(
    carrier: Carrier, customer: Customer, shop: str, lead: str, kind: str, code: str
) -> None:
    carrier.set_behaviour(lead, kind=kind)
    _send(carrier, shop, lead, status_callback=customer.to("/status"))
    told = customer.wait_for("/status", 3)
    assert [hook.get("ErrorCode") for hook in told if hook["MessageStatus"] == "undelivered"] == [code]
    assert carrier.received(lead) == []


def test_a_carrier_that_never_confirms_leaves_the_text_sent(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.set_behaviour(lead, kind="silent")
    sid = _send(carrier, shop, lead)
    carrier.wait(lambda: carrier.received(lead), "never arrived")
    assert carrier.sdk().messages(sid).fetch().status == "sent"


def test_requests_without_what_they_need_are_refused_with_the_providers_codes(
    carrier: Carrier, shop: str, lead: str
) -> None:
    assert _refusal(carrier, to="+1555", from_=shop, body="x") == (400, 21211)
    assert _refusal(carrier, to="+447700900123", from_=shop, body="x") == (400, 21408)
    assert _refusal(carrier, to="", from_=shop, body="x") == (400, 21604)
    assert _refusal(carrier, to=lead, body="x") == (400, 21603)
    assert _refusal(carrier, to=lead, from_=shop) == (400, 21602)
    assert _refusal(carrier, to=lead, from_="+1555", body="x") == (400, 21212)
    assert _refusal(carrier, to=lead, from_=new_number(), body="x") == (400, 21606)
    assert _refusal(carrier, to=lead, from_=shop, body="x" * 1601) == (400, 21617)
    assert _refusal(carrier, to=lead, from_=shop, media_url=["ftp://x"]) == (400, 21620)
    assert _refusal(carrier, to=lead, messaging_service_sid="MG" + "0" * 32, body="x") == (400, 21705)


def test_a_known_landline_is_refused_at_once(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.set_behaviour(lead, kind="not_mobile")
    assert _refusal(carrier, to=lead, from_=shop, body="x") == (400, 21614)


def test_number_ranges_have_fates_of_their_own(carrier: Carrier, shop: str) -> None:
    assert _refusal(carrier, to="+15125550191", from_=shop, body="x") == (400, 21614)
    sid = _send(carrier, shop, "+15125550193")
    carrier.wait(lambda: carrier.sdk().messages(sid).fetch().error_code, "no error")
    assert carrier.sdk().messages(sid).fetch().error_code == 30004


def test_wrong_credentials_and_strangers_resources_are_refused(carrier: Carrier, shop: str, lead: str) -> None:
    with pytest.raises(TwilioRestException) as wrong:
        carrier.sdk(auth_token="0" * 32).messages("SM" + "0" * 32).fetch()
    assert (wrong.value.status, wrong.value.code) == (401, 20003)
    child = carrier.sdk().api.v2010.accounts.create(friendly_name="Bob")
    with pytest.raises(TwilioRestException) as strange:
        carrier.sdk(child.sid, child.auth_token).messages(_send(carrier, shop, lead)).fetch()
    assert (strange.value.status, strange.value.code) == (404, 20404)


def test_an_inbound_text_reaches_the_webhook_with_all_its_fields(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    sid = carrier.text(lead, shop, "water heater leaking 🚰 at 1120 Bluff Creek")
    (told,) = customer.wait_for("/sms")
    assert (told["MessageSid"], told["SmsSid"], told["SmsStatus"]) == (sid, sid, "received")
    assert (told["From"], told["To"], told["NumMedia"], told["NumSegments"]) == (lead, shop, "0", "1")
    assert told["Body"] == "water heater leaking 🚰 at 1120 Bluff Creek"
    assert "OptOutType" not in told


def test_a_webhook_may_answer_with_messages(carrier: Carrier, customer: Customer, shop: str, lead: str) -> None:
    customer.says("/sms", "<Message>We are on it</Message><Message><Body>Someone calls you</Body></Message>")
    carrier.text(lead, shop, "Anybody there?")
    carrier.wait(lambda: len(carrier.received(lead)) == 2, "no replies")
    assert sorted(carrier.received(lead)) == ["Someone calls you", "We are on it"]


def test_a_photo_is_fetched_with_credentials_through_a_redirect(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    carrier.text(lead, shop, "", PHOTO)
    (told,) = customer.wait_for("/sms")
    assert (told["NumMedia"], told["MediaContentType0"], told["Body"]) == ("1", "image/jpeg", "")
    assert told["MessageSid"].startswith("MM")
    http = urllib3.PoolManager(retries=False)
    assert http.request("GET", told["MediaUrl0"]).status == 401
    headers = urllib3.make_headers(basic_auth=f"{carrier.account_sid}:{carrier.auth_token}")
    found = http.request("GET", told["MediaUrl0"], headers=headers, redirect=False)
    assert found.status == 307
    assert http.request("GET", urljoin(told["MediaUrl0"], found.headers["Location"])).data == PHOTO


def test_a_picture_sent_by_the_customer_shows_on_the_phone(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    customer.says("/picture", "not a picture, but bytes")
    _send(carrier, shop, lead, media_url=[customer.to("/picture")])
    carrier.wait(lambda: carrier.received(lead), "never arrived")
    (message,) = carrier.messages_on(lead)
    assert len(message["media"]) == 1
    customer.unsigned.clear()  # fetching a picture is not a webhook and carries no signature


def test_stop_blocks_the_pair_until_start_and_the_webhook_hears_both(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    carrier.text(lead, shop, " Stop ")
    assert customer.wait_for("/sms")[0]["Body"] == " Stop "
    carrier.wait(lambda: [m for m in carrier.messages_on(lead) if m["from_carrier"]], "no confirmation")
    assert "unsubscribed" in carrier.messages_on(lead)[-1]["body"]
    assert _refusal(carrier, to=lead, from_=shop, body="x") == (400, 21610)
    assert carrier.counts()[lead] == {"texts": 0, "from_carrier": 1}
    carrier.text(lead, shop, "START")
    _send(carrier, shop, lead, "Welcome back")
    carrier.wait(lambda: carrier.received(lead) == ["Welcome back"], "still blocked")


def test_words_that_only_contain_stop_block_nothing(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.text(lead, shop, "stop by at noon")
    carrier.text(lead, shop, "please stop texting me")
    _send(carrier, shop, lead, "See you")
    carrier.wait(lambda: carrier.received(lead) == ["See you"], "blocked")
    assert not [message for message in carrier.messages_on(lead) if message["from_carrier"]]


def test_help_is_answered_by_the_carrier(carrier: Carrier, shop: str, lead: str) -> None:
    carrier.text(lead, shop, "HELP")
    carrier.wait(lambda: [m for m in carrier.messages_on(lead) if m["from_carrier"]], "no help")


def test_a_service_takes_the_inbound_texts_of_its_numbers(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    service = carrier.sdk().messaging.v1.services.create(
        friendly_name="Acme", inbound_request_url=customer.to("/service"), status_callback=customer.to("/status")
    )
    (number,) = carrier.sdk().incoming_phone_numbers.list(phone_number=shop, limit=1)
    service.phone_numbers.create(phone_number_sid=number.sid)
    carrier.control("POST", f"services/{service.sid}", {"advanced_opt_out": True})
    carrier.text(lead, shop, "STOP")
    (told,) = customer.wait_for("/service")
    assert (told["MessagingServiceSid"], told["OptOutType"]) == (service.sid, "STOP")
    assert customer.at("/sms") == []
    assert _refusal(carrier, to=lead, messaging_service_sid=service.sid, body="x") == (400, 21610)
    other = new_number("737")
    sent = carrier.sdk().messages.create(to=other, messaging_service_sid=service.sid, body="Hello")
    assert (sent.status, sent.messaging_service_sid) == ("accepted", service.sid)
    states = {hook["MessageStatus"] for hook in customer.wait_for("/status", 4)}
    assert states == {"queued", "sending", "sent", "delivered"}


def test_a_service_without_inbound_url_drops_texts_and_one_that_defers_does_not(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    service = carrier.sdk().messaging.v1.services.create(friendly_name="Acme")
    (number,) = carrier.sdk().incoming_phone_numbers.list(phone_number=shop, limit=1)
    service.phone_numbers.create(phone_number_sid=number.sid)
    with pytest.raises(RuntimeError, match="drops them"):
        carrier.text(lead, shop, "lost")
    service.update(use_inbound_webhook_on_number=True)
    carrier.text(lead, shop, "heard")
    assert [told["Body"] for told in customer.wait_for("/sms")] == ["heard"]


def test_the_list_is_filtered_and_paged(carrier: Carrier, shop: str, lead: str) -> None:
    sids = [_send(carrier, shop, lead, f"text {index}") for index in range(5)]
    _send(carrier, shop, new_number("737"))
    client = carrier.sdk()
    assert {m.sid for m in client.messages.list(to=lead, from_=shop, page_size=2)} == set(sids)
    first = client.messages.page(to=lead, page_size=2)
    assert [message.body for message in first] == ["text 4", "text 3"]
    assert [message.body for message in first.next_page()] == ["text 2", "text 1"]
    hour = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    assert len(_list_since(carrier, lead, hour)) == 5
    assert _list_since(carrier, lead, later) == []


def _list_since(carrier: Carrier, to: str, moment: str) -> list[object]:
    headers = urllib3.make_headers(basic_auth=f"{carrier.account_sid}:{carrier.auth_token}")
    reply = urllib3.request(
        "GET",
        f"{carrier.url}/2010-04-01/Accounts/{carrier.account_sid}/Messages.json",
        fields={"To": to, "DateSent>": moment},
        headers=headers,
    )
    found: list[object] = reply.json()["messages"]
    return found


def test_a_redacted_or_deleted_text_stays_on_the_phone(carrier: Carrier, shop: str, lead: str) -> None:
    sid = _send(carrier, shop, lead, "Gate code is 4711")
    carrier.wait(lambda: carrier.received(lead), "never arrived")
    carrier.wait(lambda: carrier.sdk().messages(sid).fetch().status == "delivered", "never delivered")
    assert carrier.sdk().messages(sid).update(body="").body == ""
    assert carrier.sdk().messages(sid).delete()
    with pytest.raises(TwilioRestException):
        carrier.sdk().messages(sid).fetch()
    assert carrier.received(lead) == ["Gate code is 4711"]


def test_a_text_older_than_its_validity_is_never_sent(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    carrier.control("POST", "settings", {"number_rate": 0.5})
    try:
        _send(carrier, shop, new_number("737"))
        _send(carrier, shop, lead, validity_period=1, status_callback=customer.to("/status"))
        (failed,) = customer.wait_for("/status")
    finally:
        carrier.control("POST", "settings", {"number_rate": 0})
    assert (failed["MessageStatus"], failed["ErrorCode"]) == ("failed", "30036")
    assert carrier.received(lead) == []


def test_sub_accounts_sign_with_their_own_token(carrier: Carrier, customer: Customer, lead: str) -> None:
    child = carrier.sdk().api.v2010.accounts.create(friendly_name="Charlie")
    customer.tokens[child.sid] = child.auth_token
    number = new_number()
    parent_acting = carrier.sdk().api.v2010.accounts(child.sid)
    parent_acting.incoming_phone_numbers.create(phone_number=number, sms_url=customer.to("/sms"))
    carrier.text(lead, number, "hello")
    assert customer.wait_for("/sms")[0]["AccountSid"] == child.sid
    carrier.sdk().api.v2010.accounts(child.sid).update(status="suspended")
    with pytest.raises(TwilioRestException) as refused:
        parent_acting.messages.create(to=lead, from_=number, body="x")
    assert refused.value.code == 20003


def test_two_customers_numbers_can_text_each_other(carrier: Carrier, customer: Customer, shop: str) -> None:
    other = new_number()
    carrier.buy(other)
    _send(carrier, other, shop, "from one shop to the other")
    assert customer.wait_for("/sms")[0]["From"] == other
