"""The carrier held against the provider's own published description, by an independent judge."""

from __future__ import annotations

from pathlib import Path

from tests.carrier import Carrier
from tests.sandbox.conftest import new_number
from tests.sandbox.customer import Customer
from tests.sandbox.prism import Judge, judged


def test_the_core_api_is_as_published(carrier: Carrier, customer: Customer, lead: str, tmp_path: Path) -> None:
    with judged(carrier, "twilio_api_v2010.json", tmp_path) as judge:
        base = f"/2010-04-01/Accounts/{carrier.account_sid}"
        _accounts(judge)
        shop = _numbers(judge, base, customer)
        _messages(judge, base, customer, shop, lead)
        _calls(judge, base, customer, carrier, shop, lead)
        assert judge.refuses("POST", f"{base}/Messages.json", {"From": shop, "Body": "no recipient"})
        assert judge.refuses("GET", f"{base}/Messages/SM123.json")


def _accounts(judge: Judge) -> None:
    made = judge.ask("POST", "/2010-04-01/Accounts.json", {"FriendlyName": "Bob's Roofing"})
    assert judge.ask("GET", f"/2010-04-01/Accounts/{made['sid']}.json")["friendly_name"] == "Bob's Roofing"
    judge.ask("POST", f"/2010-04-01/Accounts/{made['sid']}.json", {"Status": "closed"})
    assert judge.ask("GET", "/2010-04-01/Accounts.json?PageSize=5")["accounts"]


def _numbers(judge: Judge, base: str, customer: Customer) -> str:
    judge.ask("GET", f"{base}/AvailablePhoneNumbers/US/TollFree.json?PageSize=2")
    offers = judge.ask("GET", f"{base}/AvailablePhoneNumbers/US/Local.json?AreaCode=720&SmsEnabled=true&PageSize=3")
    number = offers["available_phone_numbers"][0]["phone_number"]
    fields = {"PhoneNumber": number, "VoiceUrl": customer.to("/voice"), "SmsUrl": customer.to("/sms")}
    bought = judge.ask("POST", f"{base}/IncomingPhoneNumbers.json", fields)
    assert bought["phone_number"] == number
    judge.ask("POST", f"{base}/IncomingPhoneNumbers/{bought['sid']}.json", {"FriendlyName": "Judged"})
    judge.ask("GET", f"{base}/IncomingPhoneNumbers/{bought['sid']}.json")
    judge.ask("GET", f"{base}/IncomingPhoneNumbers.json?PageSize=2")
    spare = judge.ask("POST", f"{base}/IncomingPhoneNumbers.json", {"PhoneNumber": new_number("720")})
    judge.ask("DELETE", f"{base}/IncomingPhoneNumbers/{spare['sid']}.json")
    return str(number)


def _messages(judge: Judge, base: str, customer: Customer, shop: str, lead: str) -> None:
    customer.says("/picture", "bytes")
    fields = {"To": lead, "From": shop, "Body": "Hi", "StatusCallback": customer.to("/status")}
    sent = judge.ask("POST", f"{base}/Messages.json", fields)
    with_photo = judge.ask("POST", f"{base}/Messages.json", fields | {"MediaUrl": customer.to("/picture")})
    customer.wait_for("/status", 6)
    customer.unsigned.clear()  # the picture was fetched without a signature
    photos = judge.ask("GET", f"{base}/Messages/{with_photo['sid']}/Media.json")["media_list"]
    judge.ask("GET", f"{base}/Messages/{with_photo['sid']}/Media/{photos[0]['sid']}.json")
    assert judge.ask("GET", f"{base}/Messages/{sent['sid']}.json")["status"] == "delivered"
    assert judge.ask("GET", f"{base}/Messages.json?PageSize=1&To={lead.replace('+', '%2B')}")["next_page_uri"]
    judge.ask("POST", f"{base}/Messages/{sent['sid']}.json", {"Body": ""})
    judge.ask("DELETE", f"{base}/Messages/{sent['sid']}.json")


def _calls(judge: Judge, base: str, customer: Customer, carrier: Carrier, shop: str, lead: str) -> None:
    record = f'<Record action="/recorded" transcribe="true" transcribeCallback="{customer.to("/words")}"/>'
    customer.says("/voice", record)
    carrier.call(lead, shop, says="Please call me back about the boiler")
    (words,) = customer.wait_for("/words")
    judge.ask("GET", f"{base}/Calls/{words['CallSid']}.json")
    judge.ask("GET", f"{base}/Calls/{words['CallSid']}/Recordings.json")
    judge.ask("GET", f"{base}/Recordings/{words['RecordingSid']}.json")
    judge.ask("GET", f"{base}/Recordings.json?PageSize=2")
    judge.ask("GET", f"{base}/Transcriptions/{words['TranscriptionSid']}.json")
    placed = judge.ask("POST", f"{base}/Calls.json", {"To": lead, "From": shop, "Url": customer.to("/outbound")})
    judge.ask("POST", f"{base}/Calls/{placed['sid']}.json", {"Status": "completed"})
    judge.ask("GET", f"{base}/Calls.json?PageSize=2")
    judge.ask("DELETE", f"{base}/Recordings/{words['RecordingSid']}.json")


def test_messaging_services_are_as_published(carrier: Carrier, customer: Customer, tmp_path: Path) -> None:
    with judged(carrier, "twilio_messaging_v1.json", tmp_path) as judge:
        fields = {"FriendlyName": "Acme", "InboundRequestUrl": customer.to("/service"), "ValidityPeriod": "600"}
        service = judge.ask("POST", "/v1/Services", fields)
        path = f"/v1/Services/{service['sid']}"
        assert judge.ask("GET", path)["validity_period"] == 600
        judge.ask("POST", path, {"UseInboundWebhookOnNumber": "true"})
        judge.ask("GET", "/v1/Services?PageSize=2")
        number = carrier.buy(new_number())
        judge.ask("POST", f"{path}/PhoneNumbers", {"PhoneNumberSid": number})
        judge.ask("GET", f"{path}/PhoneNumbers")
        judge.ask("GET", f"{path}/PhoneNumbers/{number}")
        judge.ask("DELETE", f"{path}/PhoneNumbers/{number}")
        judge.ask("DELETE", path)


def test_lookups_are_as_published(carrier: Carrier, lead: str, tmp_path: Path) -> None:
    with judged(carrier, "twilio_lookups_v2.json", tmp_path) as judge:
        found = judge.ask("GET", f"/v2/PhoneNumbers/{lead}?Fields=line_type_intelligence,caller_name")
        assert found["line_type_intelligence"]["type"] == "mobile"
        assert judge.ask("GET", "/v2/PhoneNumbers/+1512")["valid"] is False
