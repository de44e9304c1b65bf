"""The explain commands, through the door a person uses."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from workers.explain import explain

HOURS = ["hours", "--to", "+18505550134", "--purpose", "marketing", "--at"]


def _lines(*arguments: str, stdin: str = "") -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(explain, list(arguments), input=stdin)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_a_reply_is_explained_line_by_line() -> None:
    code, lines = _lines("reply", stdin='"STOP"\n"Can you stop by at noon?"\n')
    assert (code, lines[0]) == (0, {"label": "opt_out", "rule": "opt_out.keyword.stop"})
    assert lines[1]["label"] == "ordinary"


def test_a_bad_line_is_told_in_its_place_and_the_others_are_kept() -> None:
    code, lines = _lines("reply", stdin='"STOP"\nnot json\n7\n"HELP"\n')
    assert code == 1
    assert [line.get("label") for line in lines] == ["opt_out", None, None, "help"]
    assert "not JSON" in lines[1]["error"]
    assert "not a string" in lines[2]["error"]


def test_bytes_that_are_no_text_and_a_huge_line_do_no_harm() -> None:
    huge = json.dumps("please stop texting me " * 100_000).encode()
    result = CliRunner().invoke(explain, ["reply"], input=b'"caf\xe9"\n\n' + huge + b'\n"\\ud83d stop"')
    first, second, third = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert "not JSON" in first["error"]
    assert (second["label"], third["label"]) == ("opt_out", "opt_out")


def test_a_line_of_thousands_of_brackets_does_no_harm() -> None:
    code, lines = _lines("segments", stdin="[" * 100_000 + '\n"A"\n')
    assert code == 1
    assert lines[1]["segments"] == 1


def test_segments_are_counted_as_they_are_and_after_repair() -> None:
    assert _lines("segments", stdin='"It\\u2019s"\n""\n') == (
        0,
        [
            {
                "encoding": "UCS-2",
                "units": 4,
                "segments": 1,
                "repaired": {"encoding": "GSM-7", "units": 4, "segments": 1},
            },
            {
                "encoding": "GSM-7",
                "units": 0,
                "segments": 0,
                "repaired": {"encoding": "GSM-7", "units": 0, "segments": 0},
            },
        ],
    )


def test_hours_are_explained_with_rule_zones_and_states() -> None:
    code, [found] = _lines(*HOURS, "2026-11-24T13:59:59Z")
    assert code == 0
    assert {key: found[key] for key in ("decision", "until", "rule", "zones", "states")} == {
        "decision": "hold",
        "until": "2026-11-24T14:00:00Z",
        "rule": "hold.hours.FL",
        "zones": ["America/Chicago", "America/New_York"],
        "states": ["FL"],
    }


def test_a_state_in_small_letters_is_understood() -> None:
    _, [found] = _lines(*HOURS, "2026-11-24T18:00:00Z", "--state", "ri")
    assert found["states"] == ["FL", "RI"]


@pytest.mark.parametrize(
    "arguments",
    [
        [*HOURS, "2026-11-24T13:59:59"],
        [*HOURS, "tomorrow"],
        [*HOURS, "2026-11-24T13:59:59Z", "--state", "Texas"],
        ["hours", "--to", "512", "--purpose", "marketing", "--at", "2026-11-24T13:59:59Z"],
        ["hours", "--to", "+18505550134", "--purpose", "promo", "--at", "2026-11-24T13:59:59Z"],
    ],
)
def test_a_wrong_question_is_refused_on_the_error_stream(arguments: list[str]) -> None:
    result = CliRunner().invoke(explain, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error:" in result.stderr
