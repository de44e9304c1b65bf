"""Where a number may be: area code to states, time zones and kind, from dated data."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DATA = Path(__file__).parent / "data"

Kind = Literal[
    "us_geographic", "us_territory", "toll_free", "canada", "other_nanp", "personal", "premium", "unknown", "foreign"
]
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# NANP: area code and exchange start at 2-9; an area code is never N11, nor N9X (kept for expansion).
_NANP = re.compile(r"\+1(?P<npa>[2-9](?!11)[0-8][0-9])(?!.11)[2-9][0-9]{6}")


@dataclass(frozen=True)
class Place:
    """What an area code tells: never proof, people keep numbers when they move."""

    kind: Kind
    npa: str = ""
    country: str = ""
    state: str = ""
    zones: tuple[str, ...] = ()


def place_of(e164: str) -> Place:
    """Look an E.164 number up. Raises ValueError in plain words when it is not a possible number."""
    if not _E164.fullmatch(e164):
        raise ValueError(f"{e164!r} is not a phone number like +15125550134")
    if not e164.startswith("+1"):
        return Place("foreign")
    match = _NANP.fullmatch(e164)
    if match is None:
        raise ValueError(f"{e164!r} is not a possible +1 number: it needs a valid area code and ten digits")
    npa = match["npa"]
    return area_codes().get(npa, Place("unknown", npa))


def is_textable_us(e164: str) -> bool:
    """Can a contractor text this number at all: a US one that is not toll-free, premium or personal.

    A new area code we do not know counts as US: it is a missing place, not a wrong number.
    """
    try:
        return place_of(e164).kind in ("us_geographic", "us_territory", "unknown")
    except ValueError:
        return False


@cache
def area_codes() -> dict[str, Place]:
    """All known +1 area codes. Raises ValueError on a damaged data file."""
    return {row["npa"]: _checked(row) for row in read_table("area_codes.tsv")}


@cache
def zones_of_state(state: str) -> tuple[str, ...]:
    """Every time zone that some area code of the state has; empty for an unknown state."""
    zones = [zone for place in area_codes().values() if state and place.state == state for zone in place.zones]
    return tuple(sorted(set(zones)))


@dataclass(frozen=True)
class PropertyZone:
    """The one zone in which a property's clocks run. `sure` is False where state and ZIP leave a choice."""

    zone: str
    sure: bool


def zone_of_property(state: str | None, zip_code: str | None, *, otherwise: str) -> PropertyZone:
    """By the state; in a state with two zones by ZIP code, the longest known prefix; without a state `otherwise`.

    Where a split state's ZIP is unknown, `otherwise` stands if the state has that zone, else its larger part's.
    """
    state = (state or "").strip().upper()
    parts, zones = split_zips().get(state), zones_of_state(state)
    if parts is None:
        return PropertyZone(zones[0], sure=True) if zones else PropertyZone(otherwise, sure=False)
    digits = (zip_code or "").strip()[:5]
    found = next((parts[digits[:length]] for length in (5, 4, 3) if digits[:length] in parts), None)
    if len(digits) == 5 and digits.isdigit():
        return PropertyZone(found or parts["*"], sure=True)
    return PropertyZone(otherwise if otherwise in parts.values() else parts["*"], sure=False)


@cache
def split_zips() -> dict[str, dict[str, str]]:
    """{state: {ZIP prefix: zone}} for states with more than one zone; "*" is the zone of the larger part."""
    found: dict[str, dict[str, str]] = {}
    for row in read_table("split_zips.tsv"):
        if not is_zone(row["zone"]):
            raise ValueError(f"split_zips.tsv: {row['state']} {row['prefix']} has a wrong zone")
        found.setdefault(row["state"], {})[row["prefix"]] = row["zone"]
    return found


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a data file; the values are taken as they stand, no quoting."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for line, row in enumerate(rows, 2):
        if None in row or None in row.values() or not row["source"] or not row["reviewed_on"]:
            raise ValueError(f"{name} line {line}: a column, the source or the review date is missing")
    return rows


def is_zone(name: str) -> bool:
    """Whether this is an IANA zone name such as America/Denver."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _checked(row: dict[str, str]) -> Place:
    zones = tuple(sorted(filter(None, row["zones"].split(";"))))
    located = row["kind"] in ("us_geographic", "us_territory")
    if row["kind"] not in KINDS or not all(map(is_zone, zones)) or located != bool(row["state"]):
        raise ValueError(f"area_codes.tsv: {row['npa']} has a wrong kind, zone or state")
    if located and not zones:
        raise ValueError(f"area_codes.tsv: {row['npa']} has a state but no zone")
    return Place(KINDS[row["kind"]], row["npa"], row["country"], row["state"], zones)
