"""What a text costs, against the published vectors, and what the repair may change."""

import csv
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hallway.rulebook.segments import GSM_BASIC, GSM_EXTENDED, measure, repair, tidy

VECTORS = Path(__file__).parents[1] / "vectors" / "sms_segments.tsv"


def test_every_vector_is_counted_exactly_before_and_after_repair() -> None:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == 39
    for row in rows:
        body = json.loads(row["text_json"])
        sent, repaired = measure(body), measure(repair(body))
        assert [sent.encoding, str(sent.units), str(sent.segments)] == [
            row["encoding"],
            row["code_units"],
            row["segments"],
        ], row["id"]
        assert [repaired.encoding, str(repaired.units), str(repaired.segments)] == [
            row["encoding_after_substitution"],
            row["units_after"],
            row["segments_after"],
        ], row["id"]


def test_the_characters_that_make_a_text_dear_are_named_once_in_order() -> None:
    assert measure("“Hi” — “there” 👍").offending == ("“", "”", "—", "👍")


def test_an_emoji_family_is_never_split_and_keeps_its_joiners() -> None:
    family = "👨‍👩‍👧"
    assert measure(family).units == 8
    assert repair(family) == family
    # 60 units, then 8 that do not fit into the 7 left of the first part.
    assert measure("b" * 60 + family + "b" * 60).segments == 3


def test_a_flag_and_a_skin_tone_move_whole_to_the_next_part() -> None:
    assert measure("a" * 65 + "🇺🇸" + "a" * 64).segments == 3
    assert measure("a" * 64 + "👍🏽" + "a" * 64).segments == 3
    assert measure("a" * 63 + "🇺🇸" + "a" * 67).segments == 2


def test_invisible_characters_and_odd_spaces_do_not_triple_the_price() -> None:
    assert repair("a\u00a0b\u200bc\ufeffd\u2011e\u2212f") == "a bcd-e-f"


def test_tidying_composes_accents_and_line_ends() -> None:
    assert tidy("cafe\u0301\r\nok") == "café\nok"
    assert measure(tidy("cafe\u0301")).encoding == "GSM-7"


@given(st.text(max_size=300))
def test_parts_are_never_fewer_than_the_units_need(body: str) -> None:
    counted = measure(body)
    single, part = (160, 153) if counted.encoding == "GSM-7" else (70, 67)
    least = 0 if not body else 1 if counted.units <= single else -(-counted.units // part)
    assert counted.segments >= least
    assert (counted.segments == 0) == (body == "")


@given(st.text(alphabet=sorted(GSM_BASIC | GSM_EXTENDED), max_size=300))
def test_repair_leaves_a_cheap_text_as_it_is(body: str) -> None:
    assert repair(body) == body
