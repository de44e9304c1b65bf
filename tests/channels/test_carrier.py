"""Set-up work at the carrier, and what its answers mean."""

from __future__ import annotations

import os

import pytest
from twilio.base.exceptions import TwilioException

from groundwork import clock, config
from groundwork.database import new_id
from hallway import channels
from hallway.channels import CarrierAwayError, fault, sms_twilio
from hallway.channels import carrier as setup
from hallway.channels.answers import Accepted, Later, Outgoing, Refused, Unknown
from hallway.channels.carrier import NumberTakenError
from tenants import routing
from tenants.routing import CarrierLogin
from tests import makers
from tests.carrier import Carrier
from tests.makers import Business
from tests.sending.at_carrier import fresh_number


@pytest.fixture
def login(plumber: Business) -> CarrierLogin:
    found = routing.carrier_login_of(plumber.id)
    assert found
    return found


def a_text(plumber: Business, to: str | None = None) -> Outgoing:
    return Outgoing(new_id(), plumber.number, to or fresh_number(), "Hello from Bluff Creek Plumbing", 600)


def test_an_account_asked_for_twice_is_made_once(carrier: Carrier) -> None:
    name = f"Twice {fresh_number()}"
    assert setup.make_account(name) == setup.make_account(name)
    sid, token = setup.make_account(name)
    assert sid != carrier.account_sid
    assert setup.wrong_with(sid, token) is None
    assert setup.wrong_with(sid, "not the token") == "The carrier does not accept this account and token."


def test_a_number_bought_twice_is_bought_once_and_led_to_us(carrier: Carrier, login: CarrierLogin) -> None:
    wanted = setup.numbers_for_sale(login, "903", limit=3)[0]
    first = setup.buy_number(login, wanted, "Second line")
    assert setup.buy_number(login, wanted) == first
    assert setup.own_numbers(login)[wanted] == first
    number = carrier.sdk(login.account_sid, login.auth_token).incoming_phone_numbers(first).fetch()
    hooks = channels.hook_urls(login.id)
    assert (number.voice_url, number.sms_url, number.status_callback) == tuple(hooks.values())
    assert number.sms_url == f"{config.settings().hooks_url}/hooks/twilio/{login.id}/message#rc=3&rp=all"


def test_a_number_used_elsewhere_before_comes_to_us_alone(carrier: Carrier, login: CarrierLogin) -> None:
    wanted = setup.numbers_for_sale(login, "806", limit=3)[0]
    vendor = carrier.sdk(login.account_sid, login.auth_token).incoming_phone_numbers
    sid = vendor.create(phone_number=wanted, voice_application_sid="AP1", voice_fallback_url="http://old.example").sid
    vendor(sid).update(sms_application_sid="AP2", trunk_sid="TK1", sms_fallback_url="http://old.example/sms")
    assert setup.buy_number(login, wanted) == sid
    number = vendor(sid).fetch()
    assert number.voice_url == channels.hook_urls(login.id)["voice"]
    ahead_of_us = (number.voice_application_sid, number.sms_application_sid, number.trunk_sid)
    assert not any(ahead_of_us)
    assert not number.voice_fallback_url
    assert not number.sms_fallback_url


def test_a_number_sold_meanwhile_is_told_as_such(carrier: Carrier, login: CarrierLogin) -> None:
    carrier.fault("sold", remaining=1)
    with pytest.raises(NumberTakenError, match="not for sale"):
        setup.buy_number(login, fresh_number())


def test_an_answer_lost_while_buying_does_not_buy_twice(carrier: Carrier, login: CarrierLogin) -> None:
    wanted = setup.numbers_for_sale(login, "915", limit=3)[0]
    carrier.fault("cut_after_accept", match="POST", remaining=1)
    with pytest.raises(CarrierAwayError):
        setup.buy_number(login, wanted)
    assert setup.buy_number(login, wanted) == setup.own_numbers(login)[wanted]


def test_the_vendor_s_client_reaches_no_host_we_are_not_configured_for(carrier: Carrier) -> None:
    with pytest.raises(TwilioException, match="not an address of the carrier"):
        setup.client().studio.v2.flows.list(limit=1)


def test_the_environment_never_lends_its_credentials(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TWILIO_EDGE", "sydney")
    name = f"Edge {fresh_number()}"
    assert setup.make_account(name)[0].startswith("AC")


def test_a_sent_text_is_accepted_and_stands_in_the_list(
    carrier: Carrier, plumber: Business, login: CarrierLogin
) -> None:
    text = a_text(plumber)
    answer = sms_twilio.send(login, text)
    assert isinstance(answer, Accepted)
    since = clock.now() - makers.SOON
    listed = sms_twilio.sent_to(login, text.recipient, text.sender, since)
    assert [(one.sid, one.body) for one in listed] == [(answer.sid, text.body)]
    assert sms_twilio.sent_to(login, text.recipient, text.sender, clock.now() + makers.SOON) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("error", Unknown), ("cut", Unknown), ("cut_after_accept", Unknown), ("too_many", Later)],
)
def test_what_went_wrong_on_the_way_is_never_taken_for_a_no(
    carrier: Carrier, plumber: Business, login: CarrierLogin, kind: str, expected: type
) -> None:
    carrier.fault(kind, match="POST", remaining=1)
    assert isinstance(sms_twilio.send(login, a_text(plumber)), expected)


def test_a_carrier_that_cannot_be_reached_surely_sent_nothing(
    plumber: Business, login: CarrierLogin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TWILIO_API_URL", "http://127.0.0.1:9")
        config.settings.cache_clear()
        assert isinstance(sms_twilio.send(login, a_text(plumber)), Later)
        assert not channels.line_type(plumber.id, fresh_number()).answered
        with pytest.raises(CarrierAwayError):
            sms_twilio.sent_to(login, fresh_number(), plumber.number, clock.now())
    config.settings.cache_clear()


@pytest.mark.parametrize(
    ("to", "code", "action"),
    [
        ("+15005550001", "21211", "invalid"),
        ("+15005550004", "21610", "suppress"),
        ("+15005550009", "21614", "landline"),
    ],
)
def test_a_no_carries_the_carrier_s_code(
    plumber: Business, login: CarrierLogin, to: str, code: str, action: str
) -> None:
    answer = sms_twilio.send(login, a_text(plumber, to))
    assert isinstance(answer, Refused)
    assert (answer.code, fault(answer.code).action) == (code, action)


def test_every_fault_has_words_for_the_thread() -> None:
    for code, found in channels.errors.FAULTS.items():
        assert found.words.endswith("."), code
        assert (found.wait.total_seconds() > 0) == (found.action in ("retry", "later", "defer")), code
    assert (
        fault("99999", "Something odd").words == "The carrier could not deliver this text (error 99999): Something odd"
    )


def test_the_kind_of_line_is_asked_of_the_carrier(carrier: Carrier, plumber: Business) -> None:
    mobile, landline = fresh_number(), fresh_number()
    carrier.set_behaviour(landline, kind="landline")
    assert channels.line_type(plumber.id, mobile).line_type == "mobile"
    assert channels.line_type(plumber.id, landline).line_type == "landline"
    carrier.fault("slow", match="PhoneNumbers", seconds=1.0, remaining=1)
    assert not channels.line_type(plumber.id, mobile, 0.2).answered
