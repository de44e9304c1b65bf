"""What is done twice by mistake happens once; what is no address is fetched never."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from hallway import calls, sending
from hallway.calls.models import Call, Phone
from hallway.channels import media
from hallway.conversations import Conversation
from tests.calls.door import Door
from tests.makers import DANA, Author, make_conversation, make_text_out

BUCKETS = "https://s3-external-1.amazonaws.com"
NO_ADDRESSES = (
    *("https://api.twilio.com:999999/x", "https://[", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"),
    *("https://api.twilio.com@169.254.169.254/x", "https://api.twilio.com\\@evil.com/x", "//api.twilio.com/x", ""),
    *("https://api.twilio.com.evil.com/x", f"{BUCKETS}/other-bucket/x", "https://127.0.0.1/x"),
    *(f"{BUCKETS}/media.twiliocdn.com.evil/x", f"{BUCKETS}/media.twiliocdn.com/../other-bucket/x"),
    "https://evil.com/#https://api.twilio.com/",
)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_nothing_is_fetched_from_an_address_that_is_not_the_carrier_s(url: str) -> None:
    assert not media.is_the_carrier_s(url)


def test_two_taps_on_call_back_ring_the_phone_once(door: Door, workday: time_machine.Traveller) -> None:
    with door.business.open() as session:
        talk, phone = make_conversation(session), session.scalars(select(Phone)).one()
        calls.call_back(session, talk, phone, "Alice")
        with pytest.raises(calls.CannotCallBackError, match="already"):
            calls.call_back(session, talk, phone, "Bob")
        assert len(session.scalars(select(Call)).all()) == 1
    workday.shift(timedelta(minutes=5))
    with door.business.open() as session:
        again = session.scalars(select(Conversation)).one()
        assert calls.call_back(session, again, session.scalars(select(Phone)).one(), "Alice").id


def test_an_offer_that_was_refused_is_no_answer_when_it_is_tried_again(door: Door) -> None:
    with door.business.open() as session:
        offer = make_text_out(
            session, make_conversation(session), "$79 tune-up", business=door.business, to=DANA, kind="campaign",
            purpose="marketing", state="refused",
        )  # fmt: skip
        again = sending.retry(session, offer, Author(offer.id, "Alice"))
        assert (again.state, again.held_rule) == ("refused", "consent.missing")
