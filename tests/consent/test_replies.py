"""What a reply asks for: the shown vectors, our own, and properties that hold for any text."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hallway.rulebook.replies import carrier_keyword, classify_reply
from tests.timing import works_within

VECTORS = Path(__file__).parents[1] / "vectors"
KEYWORDS = ["stop", "unsubscribe", "end", "quit", "cancel", "stopall", "revoke", "opt out", "alto", "para", "baja"]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


# What was measured when the set was first looked at; nothing is tuned or learned on it.
FOUND, FOUND_OR_ASKED, INVENTED = 0.97, 0.98, 0


def _wrong(rows: Iterator[dict[str, str]]) -> list[str]:
    found = []
    for row in rows:
        body = json.loads(row["text_json"])
        label = classify_reply(body).label
        right = label != "opt_out" if row["label"] == "not_opt_out" else label == row["label"]
        if not right:
            found.append(f"{row['id']} {body!r}: {label}, not {row['label']}")
    return found


def test_every_shown_phrase_gets_its_label() -> None:
    assert _wrong(_rows("replies.tsv")) == []


def test_every_phrase_of_our_own_that_the_rules_were_built_on_gets_its_label() -> None:
    assert _wrong(_rows("replies_own.tsv")) == []


def test_of_phrases_learned_from_few_are_misread() -> None:
    learned = list(_rows("replies_learned.tsv"))[::4]  # a quarter tells as much
    assert len(_wrong(iter(learned))) <= 0.02 * len(learned)


def test_of_phrases_never_seen_nearly_every_opt_out_is_found_and_next_to_none_invented() -> None:
    aside = [(json.loads(row["text_json"]), row["label"] == "opt_out") for row in _rows("replies_aside.tsv")]
    found = [(classify_reply(text).label, wanted) for text, wanted in aside]
    opt_outs = [label for label, wanted in found if wanted]
    assert opt_outs.count("opt_out") >= FOUND * len(opt_outs)
    assert opt_outs.count("opt_out") + opt_outs.count("doubtful") >= FOUND_OR_ASKED * len(opt_outs)
    assert [label for label, wanted in found if not wanted].count("opt_out") <= INVENTED


@pytest.mark.parametrize(
    "body",
    [
        "Can you stop by at noon?",
        "The toilet won't stop running. Text me a price",
        "stop payment on that check",
        "Liked “Reply STOP to opt out”",
        "If I text STOP do I keep my appointment?",
        "no dejen de avisarme",
    ],
)
def test_a_customer_who_only_uses_a_stop_word_is_kept(body: str) -> None:
    assert classify_reply(body).label != "opt_out"


@pytest.mark.parametrize(
    "body",
    [
        "Gate code is 4412, tech can come at 9. The drain is still slow too. Also please stop texting me.",
        "Cancel my appointment and take me off your list",
        "Don't text me after 8pm. Actually just stop texting me",
        "Wrong number. Stop texting.",
        "job info " * 400 + "stop texting me",
    ],
)
def test_a_request_buried_in_other_talk_still_counts(body: str) -> None:
    assert classify_reply(body).label == "opt_out"


def test_a_doubtful_message_is_said_to_be_doubtful() -> None:
    assert classify_reply("Why do you keep texting me").label == "doubtful"


def test_the_decision_carries_a_stable_rule_and_a_version() -> None:
    found = classify_reply("STOP")
    assert found.rule == "opt_out.keyword.stop"
    assert found.version


def test_the_carrier_acts_on_whole_words_only() -> None:
    assert carrier_keyword(" Stop ") == "STOP"
    assert carrier_keyword("YES") == "START"
    assert carrier_keyword("info") == "HELP"
    assert carrier_keyword("Stop please") is None
    assert carrier_keyword("STOP.") is None


@pytest.mark.parametrize("body", ["stoop", "s top", "qiut", "opt put", "unsubcsribe", "rmeove me", "Stahp", "5top"])
def test_a_slip_of_the_thumb_is_understood_when_it_is_the_whole_message(body: str) -> None:
    assert classify_reply(body).label == "opt_out"


@pytest.mark.parametrize("body", ["shop", "step", "quite", "quiet", "remote", "top floor"])
def test_a_word_of_its_own_is_no_slip(body: str) -> None:
    assert classify_reply(body).label != "opt_out"


def test_a_keyword_asked_about_is_doubtful() -> None:
    assert classify_reply("spam?").label == "doubtful"
    assert classify_reply("STOP?").label == "opt_out"


@given(st.text(max_size=400))
@example("\ud83d")
@example("\x00|,|,_")
def test_any_text_gets_an_answer(body: str) -> None:
    assert classify_reply(body).rule


@given(
    st.sampled_from(KEYWORDS),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.text(alphabet=" \t\n.!*~\"'()-", max_size=6),
    st.text(alphabet=" \t\n.!*~\"'()", max_size=6),
)
def test_dressing_a_keyword_does_not_change_its_label(word: str, case: object, before: str, after: str) -> None:
    assert callable(case)
    assert classify_reply(before + case(word) + after).label == "opt_out"


@pytest.mark.parametrize(
    "unit", ["stop ", "don't want to ", "no me ", "remove me and ", "a b ", "i have been told to ", "🛑"]
)
def test_a_very_long_body_is_read_in_bounded_time(unit: str) -> None:
    assert works_within(0.5, lambda: classify_reply(unit * 20_000))


def test_an_ordinary_message_is_read_in_about_a_millisecond() -> None:
    bodies = [json.loads(row["text_json"]) for row in _rows("replies.tsv")]
    # A generous bound for a slow machine; measured 0.25 ms.
    assert works_within(0.003 * len(bodies), lambda: [classify_reply(body) for body in bodies])
