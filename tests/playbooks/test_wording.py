"""The wording a business starts with is good enough to leave on."""

import re

import pytest

from hallway.playbooks.keys import KEYS, SITUATIONS, sample_variables
from hallway.playbooks.lint import lint, preview
from hallway.playbooks.templates import render
from hallway.playbooks.wording import LANGUAGES, TRADES, default_wording
from hallway.rulebook.segments import measure, repair

TEXT_BACKS = [f"text_back.{situation}" for situation in SITUATIONS]
LONG_NAME = "Bluff Creek Plumbing & Drain Services LLC"


def _said(trade: str, key: str, language: str = "en", name: str = "Bluff Creek Plumbing", *, full: bool = True) -> str:
    variables = sample_variables(key, full=full)
    variables["business"]["name"] = name
    return render(default_wording(trade, key, language), variables)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trade", TRADES)
def test_no_default_wording_has_a_problem(trade: str, language: str) -> None:
    for key in KEYS:
        assert lint(default_wording(trade, key, language), key) == [], key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("key", TEXT_BACKS)
def test_a_text_back_fits_two_plain_segments_even_for_a_long_name(trade: str, key: str, language: str) -> None:
    measured = measure(repair(_said(trade, key, language, LONG_NAME)))
    assert measured.encoding == "GSM-7"
    assert measured.segments <= 2


@pytest.mark.parametrize("trade", TRADES)
@pytest.mark.parametrize("key", TEXT_BACKS)
def test_a_text_back_owns_up_to_the_call_names_the_business_asks_and_tells_how_to_stop(trade: str, key: str) -> None:
    said = _said(trade, key)
    assert "missed your call" in said
    assert "this is Bluff Creek Plumbing" in said
    assert "?" in said or "Text us" in said
    assert said.endswith("Reply STOP to opt out.")


@pytest.mark.parametrize("trade", TRADES)
def test_the_wording_holds_no_link_and_no_symbol_outside_plain_text(trade: str) -> None:
    for key in KEYS:
        source = default_wording(trade, key)
        assert "http" not in source
        assert source.isascii()


def test_each_trade_asks_in_its_own_words() -> None:
    asked = {default_wording(trade, "text_back.open") for trade in TRADES}
    assert len(asked) == len(TRADES)


@pytest.mark.parametrize(("trade", "safety"), [("plumbing", "gas"), ("hvac", "gas"), ("electrical", "sparks")])
def test_closed_trades_with_emergencies_point_to_a_second_call_and_to_911(trade: str, safety: str) -> None:
    for situation in ("after_hours", "holiday"):
        said = _said(trade, f"text_back.{situation}")
        assert "call us again" in said
        assert safety in said
        assert "911" in said


@pytest.mark.parametrize("trade", ["roofing", "garage_doors", "cleaning", "general"])
def test_other_trades_speak_of_no_emergency(trade: str) -> None:
    assert not re.search(r"emergency|911", _said(trade, "text_back.after_hours"))


def test_after_hours_tells_when_the_doors_open_when_that_is_known() -> None:
    assert "closed until Monday at 8 am" in _said("plumbing", "text_back.after_hours")
    assert "closed until our next business day" in _said("plumbing", "text_back.after_hours", full=False)


def test_the_opt_out_confirmation_is_one_plain_line() -> None:
    assert _said("roofing", "opt_out_confirmation") == (
        "Bluff Creek Plumbing: You're opted out and will get no more texts from us. Reply START to resume."
    )


def test_help_tells_brand_contact_rates_and_stop() -> None:
    said = _said("hvac", "help")
    for part in ("Bluff Creek Plumbing", "(512) 555-0100", "rates may apply", "STOP"):
        assert part in said
    assert "reply with your question" in _said("hvac", "help", full=False)


def test_the_greeting_mentions_the_text_only_when_one_goes_out() -> None:
    assert "sending you a text" in _said("plumbing", "greeting.open")
    silent = _said("plumbing", "greeting.open", full=False)
    assert "text" not in silent
    assert "will be recorded" in silent


def test_a_spanish_caller_is_greeted_in_spanish() -> None:
    for situation in SITUATIONS:
        assert _said("electrical", f"greeting.{situation}", "es").startswith("Gracias por llamar")
        assert _said("electrical", f"text_back.{situation}", "es").startswith("Hola")


def test_an_unknown_trade_speaks_like_the_general_one() -> None:
    assert default_wording("zeppelins", "text_back.open") == default_wording("general", "text_back.open")
    assert default_wording("../secrets", "text_back.open") == default_wording("general", "text_back.open")


def test_a_language_without_words_of_its_own_falls_back_to_english() -> None:
    assert default_wording("plumbing", "whisper", "es") == default_wording("general", "whisper")
    assert default_wording("plumbing", "text_back.open", "fr") == default_wording("plumbing", "text_back.open")


def test_an_unknown_key_says_which_there_are() -> None:
    with pytest.raises(KeyError, match=r"text_back\.open"):
        default_wording("plumbing", "text_back.lunch")


def test_the_whisper_tells_who_calls_and_what_to_press() -> None:
    assert _said("plumbing", "whisper") == "Call for Bluff Creek Plumbing from Dana Whitfield. Press 1 to accept."


def test_the_alarm_reads_well_without_a_name_or_a_link() -> None:
    said = _said("plumbing", "repeat_caller_alarm", full=False)
    assert said == (
        "Bluff Creek Plumbing: (512) 555-0142 called twice in 10 minutes and nobody answered. "
        "Call back (512) 555-0142. Reply OK to acknowledge."
    )


def test_a_preview_shows_the_business_and_the_cost() -> None:
    shown = preview(default_wording("plumbing", "text_back.open"), "text_back.open", {"name": "Acme Drains"})
    assert "this is Acme Drains" in shown.text
    assert shown.segments is not None
    assert shown.segments.segments == 1
    assert shown.problems == []
