"""The sequences a business starts with are good enough to leave on."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hallway.followup import MOMENTS, Plan
from hallway.followup.steps import FIELDS
from hallway.playbooks import TRADES, default_sequence, lint_step, render, sequences
from hallway.playbooks.step_wording import WORDS
from hallway.rulebook.segments import measure, repair

LONG_NAME = "Bluff Creek Plumbing & Drain Services LLC"
OPT_OUT = {"en": " Reply STOP to opt out.", "es": " Responda STOP para cancelar."}  # what the gate adds to a first text
PRESSURE = re.compile(
    r"!|\bact now\b|\bhurry\b|\bonly today\b|\blast chance\b|\bexpires?\b|\bdon't miss\b", re.IGNORECASE
)
EVERY = [(trade, moment) for trade in TRADES for moment in MOMENTS]


def told(trade: str, moment: str) -> dict[str, Any]:
    found = default_sequence(trade, moment)
    assert found
    return found


def fields(sequence: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Every field of words: its step, its name, its source."""
    for step in sequence["steps"]:
        for words in WORDS.get(step["kind"], ()):
            for name in (words.name, f"{words.name}_es"):
                if step.get(name):
                    yield step, name, step[name]


def said(source: str, *, known: bool = True, name: str = LONG_NAME) -> str:
    dana = {"first_name": "Bartholomew", "name": "Bartholomew Whitfield", "phone": "(512) 555-0142"}
    contact = dana if known else dict.fromkeys(dana)
    business = {"name": name, "phone": "(512) 555-0100", "reopens": "Monday at 8 am"}
    return render(source, {"business": business, "contact": contact, "moment": {}})


@pytest.mark.parametrize(("trade", "moment"), EVERY)
def test_each_moment_of_each_trade_is_a_plan_the_engine_takes_and_a_lint_finds_nothing(trade: str, moment: str) -> None:
    sequence = told(trade, moment)
    plan = Plan.from_json(sequence)
    assert {"reply", "booking", "opt_out", "takeover", "closed"} <= set(plan.stop_on)
    assert len({step.id for step in plan.steps}) == len(plan.steps)
    for step, name, source in fields(sequence):
        assert lint_step(step["kind"], name, source, plan.purpose) == [], f"{step['id']}.{name}"


@pytest.mark.parametrize(("trade", "moment"), EVERY)
@pytest.mark.parametrize("known", [True, False])
def test_a_text_names_the_business_asks_one_thing_and_fits_two_plain_segments(
    trade: str, moment: str, known: bool
) -> None:
    for step, name, source in fields(told(trade, moment)):
        if step["kind"] != "sms":
            continue
        text = said(source, known=known)
        assert LONG_NAME in text
        assert text.count("?") <= 1, text
        stop = "" if "STOP" in text else OPT_OUT["es" if name.endswith("_es") else "en"]
        measured = measure(repair(text + stop))
        assert (measured.encoding, measured.segments <= 2) == ("GSM-7", True), f"{measured}: {text}"


@pytest.mark.parametrize(("trade", "moment"), EVERY)
def test_the_words_put_no_pressure_on_anybody_and_leave_no_gap_where_a_name_is_unknown(trade: str, moment: str) -> None:
    for step, name, source in fields(told(trade, moment)):
        assert not PRESSURE.search(source), f"{step['id']}.{name}"
        for known in (True, False):
            text = said(source, known=known)
            assert "{" not in text
            assert not re.search(r" [,.?]|,,|\bNone\b|Hi,|Hola \W", text), text


@pytest.mark.parametrize(("trade", "moment"), EVERY)
def test_every_message_to_a_person_has_its_spanish_and_every_sequence_a_call_or_a_reason_for_none(
    trade: str, moment: str
) -> None:
    sequence = told(trade, moment)
    for step in sequence["steps"]:
        if step["kind"] in ("sms", "email"):
            assert step.get("body_es"), step["id"]
            assert bool(step.get("subject")) == bool(step.get("subject_es"))
    if moment != "past_customer":
        assert "task" in {step["kind"] for step in sequence["steps"]}


def test_only_the_sequence_for_past_customers_is_marketing_and_it_waits_to_be_switched_on() -> None:
    for trade, moment in EVERY:
        sequence = told(trade, moment)
        marketing = moment == "past_customer"
        assert (sequence["purpose"] == "marketing", sequence.get("enabled", True) is False) == (marketing, marketing)
        if marketing:
            assert all("STOP" in step["body"] for step in sequence["steps"] if step["kind"] == "sms")


def test_each_trade_speaks_in_its_own_words_and_keeps_its_own_times() -> None:
    for moment in ("missed_call", "past_customer"):
        assert len({str(told(trade, moment)["steps"]) for trade in TRADES}) == len(TRADES)

    def days(trade: str) -> int:
        waits = [step.wait for step in Plan.from_json(told(trade, "estimate")).steps]
        return sum(wait.amount for wait in waits if wait.unit == "days")

    assert days("cleaning") < days("general") < days("hvac") < days("roofing")


def test_nothing_in_the_files_is_lost_on_the_way_into_a_plan() -> None:
    """A field the engine does not know would be dropped without a word."""
    for trade, moment in EVERY:
        for step in told(trade, moment)["steps"]:
            assert set(step) <= {"id", "kind", "wait", *FIELDS[step["kind"]]}, step["id"]


def test_a_trade_that_changes_a_step_which_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="no step is called 'day-2'"):
        sequences._steps([{"id": "day-1", "body": "Hello"}], {"change": {"day-2": {"body": "Hi"}}})


def test_an_unknown_trade_reads_as_general_and_an_unknown_moment_as_none() -> None:
    assert default_sequence("beekeeping", "form") == default_sequence("general", "form")
    assert default_sequence("general", "full_moon") is None


def test_a_form_is_answered_once_so_its_sequence_begins_with_a_person() -> None:
    """The form's own answer leaves at once; a touch of the sequence in the same minute would be a second one."""
    assert {told(trade, "form")["steps"][0]["kind"] for trade in TRADES} == {"task"}
