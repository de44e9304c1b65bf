"""The list of features names files and tests that exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "features.md"
NAMED = re.compile(r"`([\w./-]+?)(?:::(\w+))?`")
BUILT = {"LD1", "LD2"}
BUILT |= {"IN6"}
BUILT |= {"IN1", "IN2", "IN3", "IN4", "IN5", "IN7", "CO8", "TN5", "API1", "API3", "API4", "RP1", "OP1", "OP2", "OP4"}
BUILT |= {"AP1", "AP2", "AP3", "AP4", "AP5", "AP6"}
BUILT |= {f"SQ{n}" for n in range(1, 9)} | {f"MC{n}" for n in range(1, 10)} | {f"CO{n}" for n in range(1, 7)}
BUILT |= {f"LD{n}" for n in range(4, 8)} | {"CO7", "TN1", "TN2", "TN3", "TN6"}
BUILT |= {"TN4", "IN8"}
BUILT |= {"TN7", "RP3"}
BUILT |= {"BI1", "BI2", "BI3", "AG1", "AG2", "AG3", "AG4"}


def rows() -> dict[str, list[str]]:
    """The cells of each feature by its id."""
    lines = [line.strip("| ").split(" | ") for line in LIST.read_text().splitlines() if re.match(r"\| [A-Z]+\d", line)]
    return {cells[0]: cells for cells in lines}


@cache
def names_in(path: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE))


def test_every_feature_built_is_listed() -> None:
    assert set(rows()) == BUILT


@pytest.mark.parametrize("feature", sorted(BUILT))
def test_a_feature_names_its_files_and_a_test_at_its_door(feature: str) -> None:
    where, doors = NAMED.findall(rows()[feature][2]), NAMED.findall(rows()[feature][3])
    assert where
    assert doors
    assert [path for path, _ in where + doors if not (ROOT / path).is_file()] == []
    assert [test for path, test in doors if test not in names_in(ROOT / path)] == []
