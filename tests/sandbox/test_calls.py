"""Calls through the carrier, as the people on the phones and the customer's webhooks live them."""

from __future__ import annotations

import pytest

from tests.carrier import Carrier
from tests.sandbox.customer import Customer

SCREEN = '<Gather numDigits="1" timeout="6" action="/screened"><Say>Call for Acme. Press 1.</Say></Gather><Hangup/>'


def _screened(params: dict[str, str]) -> str:
    return "" if params["Digits"] == "1" else "<Hangup/>"


def _ring(customer: Customer, *phones: str, timeout: int = 18, **attributes: str) -> None:
    """Answer the voice webhook with a screened Dial to these phones."""
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    events = f'statusCallback="{customer.to("/leg")}" statusCallbackEvent="initiated ringing answered completed"'
    nouns = "".join(f'<Number url="/screen" {events}>{phone}</Number>' for phone in phones)
    dial = f'<Dial action="/dialled" timeout="{timeout}" answerOnBridge="true"{extra}>{nouns}</Dial>'
    customer.says("/voice", dial)
    customer.says("/screen", SCREEN)
    customer.says("/screened", _screened)


def test_the_voice_webhook_says_who_calls_whom(carrier: Carrier, customer: Customer, shop: str, lead: str) -> None:
    carrier.call(lead, shop)
    (asked,) = customer.wait_for("/voice")
    assert (asked["From"], asked["To"], asked["CallStatus"], asked["Direction"]) == (lead, shop, "ringing", "inbound")
    assert asked["CallSid"].startswith("CA")
    assert (asked["ApiVersion"], asked["FromCity"], asked["ToState"]) == ("2010-04-01", "AUSTIN", "TX")


def test_a_person_who_presses_1_is_bridged(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, behaviour="accepts", after=3, talk=20)
    _ring(customer, plumber)
    call = carrier.call(lead, shop)
    (screened,) = customer.wait_for("/screen")
    assert (screened["ParentCallSid"], screened["To"], screened["CallStatus"]) == (call, plumber, "in-progress")
    (done,) = customer.wait_for("/dialled")
    assert (done["DialCallStatus"], done["DialBridged"], done["CallStatus"]) == ("completed", "true", "in-progress")
    assert done["DialCallSid"] == screened["CallSid"]
    assert int(done["DialCallDuration"]) >= 20
    (ended,) = customer.wait_for("/ended")
    assert (ended["CallStatus"], ended["CallSid"]) == ("completed", call)
    assert int(ended["CallDuration"]) >= 20


def test_a_personal_voicemail_picks_up_but_nobody_is_bridged(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, behaviour="voicemail", after=5)
    _ring(customer, plumber)
    carrier.call(lead, shop)
    (done,) = customer.wait_for("/dialled")
    assert (done["DialCallStatus"], done["DialBridged"]) == ("completed", "false")
    assert done["CallStatus"] == "ringing"
    assert customer.at("/screened") == []


def test_a_phone_nobody_answers_is_no_answer_after_the_ring_time(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    _ring(customer, plumber, timeout=10)
    carrier.call(lead, shop)
    (done,) = customer.wait_for("/dialled")
    assert (done["DialCallStatus"], done["DialBridged"]) == ("no-answer", "false")
    assert "DialCallDuration" not in done
    voice, dialled = (next(hook.at for hook in customer.hooks if hook.path == path) for path in ("/voice", "/dialled"))
    assert dialled - voice >= 10 * 0.02


@pytest.mark.parametrize(("behaviour", "status"), [("busy", "busy"), ("unreachable", "failed")])
def test_a_phone_that_cannot_ring_says_why(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str, behaviour: str, status: str
) -> None:
    carrier.set_behaviour(plumber, behaviour=behaviour)
    _ring(customer, plumber)
    carrier.call(lead, shop)
    (done,) = customer.wait_for("/dialled")
    assert done["DialCallStatus"] == status


def test_a_caller_who_hangs_up_while_it_rings_is_reported_and_the_answer_ignored(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    _ring(customer, plumber, timeout=900)
    customer.says("/dialled", "<Say>You should not hear this</Say>")
    call = carrier.call(lead, shop)
    carrier.ringing(plumber)
    carrier.hang_up(call)
    (done,) = customer.wait_for("/dialled")
    assert (done["CallStatus"], done["DialCallStatus"], done["DialBridged"]) == ("completed", "canceled", "false")
    (ended,) = customer.wait_for("/ended")
    assert ended["CallStatus"] == "completed"
    assert "say" not in [line["kind"] for line in carrier.show_call(call)["log"]]
    assert carrier.calls_on(plumber)[0]["status"] == "canceled"


def test_a_declined_call_is_busy(carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str) -> None:
    _ring(customer, plumber, timeout=900)
    carrier.call(lead, shop)
    carrier.decline(carrier.ringing(plumber))
    assert customer.wait_for("/dialled")[0]["DialCallStatus"] == "busy"


def test_a_person_at_the_page_answers_and_presses(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    _ring(customer, plumber, timeout=900)
    call = carrier.call(lead, shop)
    leg = carrier.ringing(plumber)
    carrier.answer(leg)
    carrier.press(leg, "1")
    carrier.wait(lambda: carrier.show_call(call)["status"] == "in-progress", "never bridged")
    carrier.hang_up(leg)
    (done,) = customer.wait_for("/dialled")
    assert done["DialBridged"] == "true"


def test_leg_callbacks_come_numbered(carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str) -> None:
    carrier.set_behaviour(plumber, behaviour="accepts", after=2, talk=2)
    _ring(customer, plumber)
    carrier.call(lead, shop)
    events = sorted(customer.wait_for("/leg", 4), key=lambda event: int(event["SequenceNumber"]))
    assert [event["CallStatus"] for event in events] == ["initiated", "ringing", "in-progress", "completed"]
    assert {event["CallbackSource"] for event in events} == {"call-progress-events"}
    assert (events[-1]["Direction"], events[-1]["Duration"]) == ("outbound-dial", "1")


def test_of_several_phones_ringing_together_the_first_to_answer_stops_the_others(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    other = plumber.replace("+1830", "+1210")
    carrier.set_behaviour(other, behaviour="accepts", after=4, talk=2)
    _ring(customer, plumber, other)
    carrier.call(lead, shop)
    assert customer.wait_for("/dialled")[0]["DialBridged"] == "true"
    assert carrier.calls_on(plumber)[0]["status"] == "canceled"


def test_phones_in_turn_ring_one_after_the_other(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    other = plumber.replace("+1830", "+1210")
    carrier.set_behaviour(plumber, behaviour="voicemail", after=1)
    carrier.set_behaviour(other, behaviour="accepts", after=1, talk=2)
    _ring(customer, plumber, other, sequential="true")
    carrier.call(lead, shop)
    assert customer.wait_for("/dialled")[0]["DialBridged"] == "true"
    assert carrier.calls_on(plumber)[0]["ended"] <= carrier.calls_on(other)[0]["created"]


def test_voicemail_is_recorded_and_transcribed(carrier: Carrier, customer: Customer, shop: str, lead: str) -> None:
    record = (
        f'<Say>Leave a message.</Say><Record action="/recorded" maxLength="120" transcribe="true"'
        f' recordingStatusCallback="{customer.to("/recording")}" transcribeCallback="{customer.to("/words")}"/>'
    )
    customer.says("/voice", record)
    call = carrier.call(lead, shop, says="My water heater is leaking, please call me back today")
    (recorded,) = customer.wait_for("/recorded")
    assert (recorded["Digits"], recorded["CallStatus"]) == ("hangup", "completed")
    (recording,) = customer.wait_for("/recording")
    assert (recording["RecordingStatus"], recording["CallSid"]) == ("completed", call)
    (words,) = customer.wait_for("/words")
    assert words["TranscriptionText"] == "My water heater is leaking, please call me back today"
    assert (words["RecordingSid"], words["TranscriptionStatus"]) == (recording["RecordingSid"], "completed")
    client = carrier.sdk()
    assert client.recordings(recording["RecordingSid"]).fetch().source == "RecordVerb"
    assert client.transcriptions(words["TranscriptionSid"]).fetch().transcription_text.startswith("My water heater")


def test_a_caller_who_says_nothing_leaves_no_recording_and_the_call_goes_on(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    customer.says("/voice", '<Record action="/recorded" timeout="3"/><Redirect>/silent</Redirect>')
    carrier.call(lead, shop)
    customer.wait_for("/silent")
    assert customer.at("/recorded") == []


def test_unanswered_calls_on_the_plumbers_own_line_are_forwarded(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, role="crew", forward_to=shop, forward_after=5)
    customer.says("/voice", "<Say>We missed you.</Say>")
    carrier.call(lead, plumber)
    (asked,) = customer.wait_for("/voice")
    assert (asked["From"], asked["To"], asked["ForwardedFrom"]) == (lead, shop, plumber)
    assert asked["StirVerstat"].endswith("-Diverted")


def test_a_withheld_number_arrives_as_anonymous_digits(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    carrier.call(lead, shop, anonymous=True)
    assert customer.wait_for("/voice")[0]["From"] == "+266696687"


def test_calling_back_rings_the_plumber_and_then_the_lead(
    carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, behaviour="accepts", after=1, talk=30)
    carrier.set_behaviour(lead, behaviour="accepts", after=2, talk=3)
    customer.says("/bridge", f'<Dial callerId="{shop}" action="/dialled"><Number>{lead}</Number></Dial>')
    placed = carrier.sdk().calls.create(
        to=plumber,
        from_=shop,
        url=customer.to("/bridge"),
        status_callback=customer.to("/status"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert placed.status == "queued"
    (bridge,) = customer.wait_for("/bridge")
    assert (bridge["Direction"], bridge["To"], bridge["From"]) == ("outbound-api", plumber, shop)
    (done,) = customer.wait_for("/dialled")
    assert done["DialBridged"] == "true"
    statuses = {event["CallStatus"] for event in customer.wait_for("/status", 4)}
    assert statuses == {"initiated", "ringing", "in-progress", "completed"}
    assert carrier.sdk().calls(placed.sid).fetch().status == "completed"


def test_a_live_call_can_be_sent_elsewhere_and_ended_by_api(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    customer.says("/voice", '<Say>Hello</Say><Pause length="600"/>')
    call = carrier.call(lead, shop)
    carrier.wait(lambda: carrier.show_call(call)["status"] == "in-progress", "never answered")
    carrier.sdk().calls(call).update(twiml='<Response><Say>Elsewhere</Say><Pause length="600"/></Response>')
    heard = lambda: "Elsewhere" in [line["text"] for line in carrier.show_call(call)["log"]]  # noqa: E731
    carrier.wait(heard, "never redirected")
    carrier.sdk().calls(call).update(status="completed")
    assert customer.wait_for("/ended")[0]["CallStatus"] == "completed"


def test_the_fallback_url_takes_over_when_the_first_fails(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    (number,) = carrier.sdk().incoming_phone_numbers.list(phone_number=shop, limit=1)
    number.update(voice_fallback_url=customer.to("/spare"))
    customer.statuses["/voice"] = [500]
    carrier.call(lead, shop)
    (spare,) = customer.wait_for("/spare")
    assert spare["ErrorCode"] == "11200"


def test_without_any_twiml_the_caller_hears_an_apology(
    carrier: Carrier, customer: Customer, shop: str, lead: str
) -> None:
    customer.statuses["/voice"] = [500, 500]
    call = carrier.call(lead, shop)
    customer.wait_for("/ended")
    assert any("application error" in line["text"] for line in carrier.show_call(call)["log"])
