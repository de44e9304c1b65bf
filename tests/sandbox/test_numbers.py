"""Numbers, accounts, services and lookups, through the vendor's own client."""

from __future__ import annotations

import pytest
import urllib3
from twilio.base.exceptions import TwilioRestException

from tests.carrier import Carrier
from tests.sandbox.conftest import new_number


def test_a_number_is_found_bought_changed_and_released(carrier: Carrier) -> None:
    offers = carrier.sdk().available_phone_numbers("US").local.list(area_code=303, sms_enabled=True, limit=3)
    assert [offer.phone_number[:5] for offer in offers] == ["+1303"] * 3
    assert (offers[0].locality, offers[0].region) == ("Denver", "CO")
    bought = carrier.sdk().incoming_phone_numbers.create(phone_number=offers[0].phone_number)
    assert (bought.status, bought.capabilities["sms"], bought.sms_method) == ("in-use", True, "POST")
    changed = bought.update(friendly_name="Denver office", voice_url="https://example.com/voice#rc=3&rp=all")
    assert (changed.friendly_name, changed.voice_url) == ("Denver office", "https://example.com/voice#rc=3&rp=all")
    assert changed.update(voice_url="").voice_url is None
    again = carrier.sdk().available_phone_numbers("US").local.list(area_code=303, limit=3)
    assert bought.phone_number not in [offer.phone_number for offer in again]
    assert bought.delete()
    with pytest.raises(TwilioRestException):
        bought.fetch()


def test_a_number_is_sold_only_once(carrier: Carrier) -> None:
    number = new_number()
    carrier.buy(number)
    assert _code(carrier, number) == 21422
    assert _code(carrier, "+15125550") == 21421
    carrier.fault("sold", remaining=1)
    assert _code(carrier, new_number()) == 21422


def _code(carrier: Carrier, number: str) -> int:
    with pytest.raises(TwilioRestException) as refused:
        carrier.buy(number)
    return int(refused.value.code)


def test_an_area_code_that_does_not_exist_has_no_numbers(carrier: Carrier) -> None:
    assert carrier.sdk().available_phone_numbers("US").local.list(area_code=911, limit=3) == []
    with pytest.raises(TwilioRestException) as refused:
        carrier.sdk().incoming_phone_numbers.create(area_code="911")
    assert refused.value.code == 21452


def test_toll_free_numbers_are_for_sale(carrier: Carrier) -> None:
    (offer,) = carrier.sdk().available_phone_numbers("US").toll_free.list(limit=1)
    assert offer.phone_number.startswith("+1800555")


def test_sub_accounts_keep_their_numbers_apart(carrier: Carrier) -> None:
    bob = carrier.sdk().api.v2010.accounts.create(friendly_name="Bob's Roofing")
    assert (bob.status, bob.owner_account_sid) == ("active", carrier.account_sid)
    number = new_number()
    carrier.sdk(bob.sid, bob.auth_token).incoming_phone_numbers.create(phone_number=number)
    assert carrier.sdk().incoming_phone_numbers.list(phone_number=number) == []
    assert len(carrier.sdk().api.v2010.accounts(bob.sid).incoming_phone_numbers.list(phone_number=number)) == 1
    assert bob.sid in [account.sid for account in carrier.sdk().api.v2010.accounts.list()]
    assert carrier.sdk().api.v2010.accounts(bob.sid).update(status="closed").status == "closed"


def test_a_number_belongs_to_one_service(carrier: Carrier) -> None:
    first = carrier.sdk().messaging.v1.services.create(friendly_name="First", validity_period=600)
    second = carrier.sdk().messaging.v1.services.create(friendly_name="Second")
    assert (first.validity_period, first.sticky_sender, first.use_inbound_webhook_on_number) == (600, True, False)
    sid = carrier.buy(new_number())
    first.phone_numbers.create(phone_number_sid=sid)
    assert [member.sid for member in first.phone_numbers.list()] == [sid]
    with pytest.raises(TwilioRestException) as refused:
        second.phone_numbers.create(phone_number_sid=sid)
    assert refused.value.code == 21712
    first.phone_numbers(sid).delete()
    second.phone_numbers.create(phone_number_sid=sid)


def test_a_service_without_numbers_cannot_send(carrier: Carrier, lead: str) -> None:
    service = carrier.sdk().messaging.v1.services.create(friendly_name="Empty")
    with pytest.raises(TwilioRestException) as refused:
        carrier.sdk().messages.create(to=lead, messaging_service_sid=service.sid, body="x")
    assert refused.value.code == 21704


@pytest.mark.parametrize(
    ("kind", "line"), [("mobile", "mobile"), ("landline", "landline"), ("voip", "nonFixedVoip"), ("unknown", None)]
)
def test_a_lookup_tells_the_kind_of_line(carrier: Carrier, lead: str, kind: str, line: str | None) -> None:
    carrier.set_behaviour(lead, kind=kind)
    found = carrier.sdk().lookups.v2.phone_numbers(lead).fetch(fields="line_type_intelligence")
    assert found.valid
    assert found.line_type_intelligence["type"] == line


def test_a_lookup_of_no_number_says_what_is_wrong(carrier: Carrier) -> None:
    found = carrier.sdk().lookups.v2.phone_numbers("+1512").fetch()
    assert (found.valid, found.validation_errors) == (False, ["TOO_SHORT"])


def test_toll_free_lookups(carrier: Carrier) -> None:
    found = carrier.sdk().lookups.v2.phone_numbers("+18005550123").fetch(fields="line_type_intelligence")
    assert found.line_type_intelligence["type"] == "tollFree"


def test_the_controls_refuse_other_pages(carrier: Carrier) -> None:
    reply = urllib3.request("DELETE", f"{carrier.url}/sandbox/api/faults", headers={"Origin": "https://evil.example"})
    assert reply.status == 403


def test_an_unknown_path_of_the_api_answers_in_the_providers_form(carrier: Carrier) -> None:
    headers = urllib3.make_headers(basic_auth=f"{carrier.account_sid}:{carrier.auth_token}")
    reply = urllib3.request(
        "GET", f"{carrier.url}/2010-04-01/Accounts/{carrier.account_sid}/Nope.json", headers=headers
    )
    assert (reply.status, reply.json()["code"]) == (404, 20404)
