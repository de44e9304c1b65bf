"""Which numbers are for sale: made up, but the same ones every time, and never one that is taken."""

import re
from collections.abc import Iterator

from sandbox.core import Core
from sandbox.places import PLACES

TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")
AREA_CODE = re.compile(r"[2-9](?!11)\d\d")


def offers(core: Core, area: str = "", *, toll_free: bool = False, pattern: str = "", limit: int = 50) -> list[str]:
    """Up to `limit` numbers of an area code (or of any), matching `pattern` ('512***0123', 'PLUMB' or digits)."""
    wanted = re.compile(_as_digits(pattern))
    found: list[str] = []
    for number in _stock(area, toll_free):
        if wanted.search(number[1:]) and not core.number(number) and not core.handsets.known(number):
            found.append(number)
        if len(found) >= limit:
            break
    return found


def _stock(area: str, toll_free: bool) -> Iterator[str]:
    """Fiction's own 555-01xx first, then the rest of 555, area by area."""
    known = TOLL_FREE_CODES if toll_free else tuple(PLACES)
    codes = tuple(code for code in known if code == area) if toll_free and area else known
    if area and not toll_free:
        codes = (area,) if AREA_CODE.fullmatch(area) and area not in (*TOLL_FREE_CODES, "555") else ()
    for block in (range(100, 190), range(200, 10_000)):
        for code in codes:
            yield from (f"+1{code}555{line:04d}" for line in block)


def _as_digits(pattern: str) -> str:
    """A search pattern with '*' for any digit and letters as on a keypad, as a regular expression."""
    keypad = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
    digits = pattern.upper().translate(keypad).lstrip("+")
    return re.sub(r"[^\d*]", "", digits).replace("*", r"\d")
