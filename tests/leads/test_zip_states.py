"""ZIP codes and their states: every prefix belongs to one state, and single codes of another are listed."""

from __future__ import annotations

import itertools

import pytest

from hallway.leads.property import place_in, state_of_zip, states
from hallway.rulebook.places import read_table, zone_of_property, zones_of_state
from hallway.rulebook.state_rules import is_state

# One in each state and territory: its capital's.
CAPITALS = """
AL 36104 AK 99801 AZ 85007 AR 72201 CA 95814 CO 80202 CT 06103 DE 19901 DC 20001 FL 32301 GA 30303 HI 96813 ID 83702
IL 62701 IN 46204 IA 50309 KS 66603 KY 40601 LA 70802 ME 04330 MD 21401 MA 02201 MI 48933 MN 55102 MS 39205 MO 65101
MT 59623 NE 68502 NV 89701 NH 03301 NJ 08608 NM 87501 NY 12207 NC 27601 ND 58501 OH 43215 OK 73102 OR 97301 PA 17101
RI 02903 SC 29217 SD 57501 TN 37219 TX 78701 UT 84111 VT 05602 VA 23219 WA 98507 WV 25301 WI 53703 WY 82001 PR 00901
VI 00802 GU 96910 AS 96799 MP 96950
""".split()  # noqa: SIM905
PAIRS = list(zip(CAPITALS[::2], CAPITALS[1::2], strict=True))
# The first and the last prefix of states whose neighbours begin right behind them.
BORDERS = """
MA 010 MA 027 RI 028 RI 029 NH 030 NH 038 ME 039 ME 049 VT 050 MA 055 VT 056 CT 060 CT 069 NJ 070 NJ 089 NY 100 NY 149
PA 150 PA 196 DE 197 DE 199 DC 200 VA 201 DC 202 DC 205 MD 206 MD 219 VA 220 VA 246 WV 247 WV 268 NC 270 NC 289 SC 290
SC 299 GA 300 GA 319 FL 320 FL 349 AL 350 AL 369 TN 370 TN 385 MS 386 MS 397 GA 398 GA 399 KY 400 KY 427 OH 430 OH 459
IN 460 IN 479 MI 480 MI 499 IA 500 IA 528 WI 530 WI 549 MN 550 MN 567 SD 570 SD 577 ND 580 ND 588 MT 590 MT 599 IL 600
IL 629 MO 630 MO 658 KS 660 KS 679 NE 680 NE 693 LA 700 LA 714 AR 716 AR 729 OK 730 TX 733 OK 734 OK 749 TX 750 TX 799
CO 800 CO 816 WY 820 WY 831 ID 832 ID 838 UT 840 UT 847 AZ 850 AZ 865 NM 870 NM 884 TX 885 NV 889 NV 898 CA 900 CA 961
HI 967 HI 968 OR 970 OR 979 WA 980 WA 994 AK 995 AK 999
""".split()  # noqa: SIM905


@pytest.mark.parametrize(("state", "code"), PAIRS)
def test_a_capitals_zip_code_names_its_state(state: str, code: str) -> None:
    assert state_of_zip(code) == state
    assert state_of_zip(f"{code}-1234") == state
    assert place_in(f"1 Main St, Somewhere, {state} {code}", "") == (state, code)


@pytest.mark.parametrize(("state", "prefix"), list(zip(BORDERS[::2], BORDERS[1::2], strict=True)))
def test_prefixes_at_the_borders_belong_to_the_right_side(state: str, prefix: str) -> None:
    assert state_of_zip(prefix) == state


def test_every_state_and_territory_is_there_each_prefix_once_and_in_order() -> None:
    assert {state for state, _ in PAIRS} == states()
    assert all(is_state(state) and zones_of_state(state) for state in states())
    rows = [(row["first"], row["last"]) for row in read_table("zip_states.tsv")]
    assert rows == sorted(rows, key=lambda row: row[0].ljust(5, "0"))
    for length in (3, 5):
        alike = [row for row in rows if len(row[0]) == length]
        assert all(first <= last and len(last) == length for first, last in alike)
        assert all(before[1] < after[0] for before, after in itertools.pairwise(alike))
    assert {len(first) for first, _ in rows} == {3, 5}


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("06390", "NY"),  # Fishers Island, reached through Connecticut
        ("20588", "MD"),
        ("20598", "VA"),
        ("73960", "TX"),  # Texhoma, on the line
        ("83414", "WY"),  # Alta, reached through Idaho
        ("00501", "NY"),
        ("88510", "TX"),
        ("96799", "AS"),
        ("96952", "MP"),
        ("96941", None),  # Micronesia
        ("09012", None),  # the military's, wherever it is
        ("34002", None),
        ("96201", None),
        ("00000", None),
        ("99", None),
        ("", None),
    ],
)
def test_single_codes_of_another_state_and_codes_of_none(code: str, state: str | None) -> None:
    assert state_of_zip(code) == state


@pytest.mark.parametrize(
    ("state", "code", "zone"),
    [
        ("TX", "88510", "America/Denver"),  # El Paso's second prefix
        ("KY", "42728", "America/Chicago"),
        ("KY", "42712", "America/Chicago"),
        ("KY", "42701", "America/New_York"),
        ("SD", "57638", "America/Denver"),
        ("SD", "57639", "America/Denver"),
        ("AZ", "86506", "America/Denver"),  # the Navajo Nation keeps summer time
        ("AZ", "86001", "America/Phoenix"),
        ("IN", "46532", "America/Chicago"),
        ("MI", "49881", "America/Chicago"),
    ],
)
def test_codes_on_the_far_side_of_a_zone_s_line_have_its_clock(state: str, code: str, zone: str) -> None:
    assert zone_of_property(state, code, otherwise="America/New_York").zone == zone
