"""What holds for any text at all, however odd."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.leads.extract import extract
from hallway.leads.services import TRADES, services
from hallway.leads.urgency import signs

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
ZONE = "America/Chicago"

_PIECES = (
    "water heater leaking toilet not no heat ac roof 1120 Bluff Creek Dr, Austin TX 78745 today at 3pm between 2 and 4 "
    "this is Dana . , \n ! ? ñ ’ ² ﬁ İ 🚽 #12 1/2 $40 gas smell emergency fuga mañana"
)
_WORDS = st.sampled_from(_PIECES.split(" "))
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=25).map(" ".join))


@given(_TEXTS, st.sampled_from([*TRADES, "zeppelins"]))
def test_any_text_is_read_without_an_error_and_every_field_keeps_its_words(text: str, trade: str) -> None:
    fields = extract(text, trade, now=NOW, zone=ZONE)
    assert len({field.name for field in fields}) == len(fields)
    for field in fields:
        assert field.source_words == text[field.start : field.end] != ""
        assert 0 < field.confidence <= 1
        assert field.value
        assert field.label


def test_an_unknown_trade_reads_as_general() -> None:
    assert services("zeppelins") == services("general")


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_has_a_vocabulary_without_doubled_ids(trade: str) -> None:
    own = [service for service in services(trade) if not service.fallback]
    assert len(own) >= 10
    if trade != "general":
        assert len({service.id for service in own}) == len(own)


def test_every_row_of_the_tables_has_phrases() -> None:
    assert all(service.phrases and service.label for trade in TRADES for service in services(trade))
    assert {sign.level for sign in signs()} == {"ignored", "emergency", "urgent", "normal"}
    assert all(sign.phrases for sign in signs())


def test_words_of_the_address_are_not_read_as_trouble() -> None:
    fields = {f.name: f.value for f in extract("quote for 12 Flooding Rd", "plumbing", now=NOW, zone=ZONE)}
    assert fields["address"] == "12 Flooding Rd"
    assert fields["urgency"] == "normal"


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("pipe burst", "emergency"),
        ("no burst pipes, just a quote for a faucet", "normal"),
        ("it hasn't stopped leaking", "urgent"),
        ("my faucet stopped leaking, new one please", "normal"),
        ("not sure if the toilet is leaking", "urgent"),
        ("no rush on the leaking toilet", "normal"),
        ("water everywhere, no rush lol", "emergency"),
        ("not an emergency but need a toilet fixed asap", "urgent"),
        ("can't stop the leak", "urgent"),
        ("thanks for coming today, the new faucet is nice", "normal"),
        ("basement flooded last year, want a sump pump", "normal"),
        ("there is a leak but don't rush, no hurry", "normal"),
    ],
)
def test_urgency_minds_what_is_denied_over_or_long_ago(message: str, level: str) -> None:
    fields = {f.name: f.value for f in extract(message, "plumbing", now=NOW, zone=ZONE)}
    assert fields["urgency"] == level


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("This is Dana Whitfield at 12 Oak St", "Dana Whitfield"),
        ("my name is dana", "Dana"),
        ("Hello, O'Brien here", "O'Brien"),
        ("Me llamo María José", "María José"),
        ("toilet is clogged. Thanks, Priya", "Priya"),
        ("This is Urgent", None),
        ("I'm Looking for help", None),
        ("its a leak", None),
        ("we are here", None),
    ],
)
def test_a_name_is_taken_only_when_it_is_given_as_one(message: str, name: str | None) -> None:
    fields = {f.name: f.value for f in extract(message, "plumbing", now=NOW, zone=ZONE)}
    assert fields.get("name") == name
