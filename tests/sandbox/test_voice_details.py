"""The finer points of calls, and the rules texts are counted and signed by."""

from __future__ import annotations

import io
import wave

import pytest
import urllib3

from sandbox.segments import segments
from sandbox.signing import signature
from tests.carrier import Carrier
from tests.sandbox.customer import Customer


def test_signatures_match_the_published_example() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url + "#rc=3", params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("a" * 152 + "{" + "b" * 152, 3),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("🚰" * 35, 1),
        ("🚰" * 36, 2),
    ],
)
def test_texts_are_counted_in_parts_as_on_the_air(body: str, parts: int) -> None:
    assert segments(body) == parts


def test_whether_a_machine_answered_is_told_only_when_asked_for(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, behaviour="voicemail", after=1, talk=1)
    for attribute in ("", 'machineDetection="Enable"'):
        customer.says("/voice", f'<Dial action="/dialled"><Number url="/screen" {attribute}>{plumber}</Number></Dial>')
        carrier.call(lead, shop)
        customer.wait_for("/dialled", len(customer.at("/dialled")) + 1)
    assert [asked.get("AnsweredBy") for asked in customer.at("/screen")] == [None, "machine_start"]


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_rejected_call_is_never_answered(
    carrier: Carrier, customer: Customer, shop: str, lead: str, reason: str, status: str
) -> None:
    customer.says("/voice", f'<Reject reason="{reason}"/>')
    call = carrier.call(lead, shop)
    (ended,) = customer.wait_for("/ended")
    assert (ended["CallStatus"], ended["CallDuration"]) == (status, "0")
    assert carrier.show_call(call)["answered"] is None


def test_a_recording_can_be_heard_with_credentials(carrier: Carrier, customer: Customer, shop: str, lead: str) -> None:
    customer.says("/voice", '<Record action="/recorded"/>')
    carrier.call(lead, shop, says="one two three four five six seven eight nine ten eleven")
    (recorded,) = customer.wait_for("/recorded")
    headers = urllib3.make_headers(basic_auth=f"{carrier.account_sid}:{carrier.auth_token}")
    assert urllib3.request("GET", recorded["RecordingUrl"] + ".mp3").status == 401
    sound = urllib3.request("GET", recorded["RecordingUrl"] + ".wav", headers=headers)
    with wave.open(io.BytesIO(sound.data)) as opened:
        assert opened.getnframes() / opened.getframerate() == int(recorded["RecordingDuration"]) == 4
    pressed = urllib3.request("GET", recorded["RecordingUrl"] + ".mp3", headers=headers)
    assert (pressed.headers["Content-Type"], pressed.data[:2]) == ("audio/mpeg", b"\xff\xfb")


def test_a_recorded_conversation_is_reported_with_the_dial(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, behaviour="accepts", after=1, talk=5)
    record = f'record="record-from-answer-dual" recordingStatusCallback="{customer.to("/recording")}"'
    customer.says("/voice", f'<Dial action="/dialled" {record}>{plumber}</Dial>')
    carrier.call(lead, shop)
    (done,) = customer.wait_for("/dialled")
    (recording,) = customer.wait_for("/recording")
    assert recording["RecordingUrl"] == done["RecordingUrl"]
    assert (recording["RecordingSource"], recording["RecordingChannels"]) == ("DialVerb", "2")


def test_a_cell_that_forwards_back_goes_round_in_circles_only_a_few_times(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, forward_to=shop, forward_after=2)
    customer.says("/voice", f'<Dial action="/dialled" timeout="60" answerOnBridge="true">{plumber}</Dial>')
    call = carrier.call(lead, shop)
    customer.wait_for("/dialled", 5)
    carrier.wait(lambda: carrier.show_call(call)["ended"], "still going round")
    arrivals = customer.at("/voice")
    assert len(arrivals) == 5
    assert [arrival.get("ForwardedFrom") for arrival in arrivals] == [None, *[plumber] * 4]


def test_a_voice_webhook_that_never_arrives_goes_to_the_fallback(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    (number,) = carrier.sdk().incoming_phone_numbers.list(phone_number=shop, limit=1)
    number.update(voice_fallback_url=customer.to("/spare"))
    carrier.fault("lost", f"voice {customer.to('/voice')}", remaining=1)
    carrier.call(lead, shop)
    customer.wait_for("/spare")
    assert customer.at("/voice") == []


def test_keys_are_collected_until_the_finishing_one(carrier: Carrier, customer: Customer, shop: str, lead: str) -> None:
    customer.says("/voice", '<Gather timeout="60" action="/keyed"><Say>Your ZIP, then pound.</Say></Gather>')
    call = carrier.call(lead, shop)
    carrier.press(call, "78704#")
    assert customer.wait_for("/keyed")[0]["Digits"] == "78704"


def test_a_redirect_verb_starts_from_where_its_document_came_from(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    customer.says("/voice", "<Redirect>elsewhere?step=2</Redirect>")
    carrier.call(lead, shop)
    (asked,) = customer.wait_for("/elsewhere")
    assert asked["From"] == lead
