"""The checklist of security names every item, and tests that exist."""

from __future__ import annotations

import re

import pytest

from tests.house.test_features import NAMED, ROOT, names_in

LIST = ROOT / "docs" / "security.md"
# Items up to level 2 of ASVS 4.0.3: how many each section has, without those that were deleted or are for level 3.
ITEMS = {
    "2.1": range(1, 13), "2.2": range(1, 4), "2.3": range(1, 4), "2.4": range(1, 6), "2.5": range(1, 8),
    "2.6": range(1, 4), "2.7": range(1, 7), "2.8": range(1, 7), "2.9": range(1, 4), "2.10": range(1, 5),
    "3.1": (1,), "3.2": range(1, 5), "3.3": range(1, 5), "3.4": range(1, 6), "3.5": range(1, 4), "3.7": (1,),
    "4.1": (1, 2, 3, 5), "4.2": (1, 2), "4.3": range(1, 4),
}  # fmt: skip
UNUSED = {"2.4.3", "2.4.4"}  # about hashes that are not here


def rows() -> dict[str, str]:
    lines = LIST.read_text().splitlines()
    return {found[1]: line for line in lines if (found := re.match(r"\| (\d+\.\d+\.\d+) \|", line))}


def test_every_item_stands_in_the_list() -> None:
    assert list(rows()) == [f"{section}.{n}" for section, numbers in ITEMS.items() for n in numbers]


@pytest.mark.parametrize(("item", "line"), rows().items())
def test_an_item_is_shown_by_a_test_that_exists_or_is_plainly_not_met(item: str, line: str) -> None:
    shown = [(path, test) for path, test in NAMED.findall(line) if test]
    assert shown or "**Not met.**" in line or item in UNUSED
    for path, test in shown:
        assert test in names_in(ROOT / path), f"{path} has no {test}"
