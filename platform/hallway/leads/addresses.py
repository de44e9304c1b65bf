"""Street addresses and ZIPs in running text.

Candidates are found by their shape (number, street words, suffix), and only then split by usaddress, which
labels every word of a text when it is given more than an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import usaddress

from hallway.leads.fields import Field, field
from hallway.leads.tables import rows, word_set
from hallway.leads.words import plain

_NUMBER = re.compile(r"(?<![\w$#.,:/+-])(\d{1,6}(?:-\d{1,4})?[A-Za-z]?)(?: 1/2)?(?=[ ,]+[A-Za-zÀ-ÿ0-9])")
_WORD = re.compile(r"[ ]{1,2}([A-Za-zÀ-ÿ0-9][\w'’-]*)(\.?)")
_CUE = re.compile(
    r"(?:\b(?:at|address|address is|addr|located at|live at|lives at|house is|is at|over at|come to|go to"
    r"|out to|to|from|we're|i'm|am"
    r"|en|direcci[oó]n|direcci[oó]n es|domicilio|domicilio es|vivo en|estoy en)|@)[ :,-]*\Z",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r",?[ ]+(?:(?:apt|apartment|unit|suite|ste|lot|bldg|building|room|rm|space|spc|trailer|apto"
    r"|depto)\.? ?#? ?(?:\d+[A-Za-z]?|[A-Za-z]-?\d+|[B-Zb-z]|A)\b|#[ ]?\w{1,6}\b)",
    re.IGNORECASE,
)
_ZIP = r"\d{5}(?:-\d{4})?"
_STATES = {name.casefold(): code for code, name in rows("states")}
_STATE_NAMES = "|".join(sorted(_STATES, key=len, reverse=True))
_CODE = "|".join(_STATES.values())
_CITY = r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.'’-]+(?: [A-Za-zÀ-ÿ][A-Za-zÀ-ÿ.'’-]+){0,2}"
_PROPER = r"[A-ZÀ-Þ][a-zß-ÿ.'’-]+(?: [A-ZÀ-Þ][a-zß-ÿ.'’-]+){0,2}"
# Two-letter codes are words too ("in", "or", "me"), so lower case needs a ZIP after it.
_PLACE = (
    re.compile(rf",?(?: in)?\s+(?P<city>{_CITY}),? +(?P<state>(?i:{_CODE}|{_STATE_NAMES}))\.?,? +(?P<zip>{_ZIP})\b"),
    re.compile(rf",?(?: in)?\s+(?P<city>{_PROPER}),? +(?P<state>{_CODE}|Tx|(?i:{_STATE_NAMES}))\b"),
    re.compile(rf",?\s+(?P<state>{_CODE}|(?i:{_STATE_NAMES})),? +(?P<zip>{_ZIP})\b"),
    re.compile(rf",?(?: in)?\s+(?P<city>{_PROPER}),? +(?P<zip>{_ZIP})\b"),
    re.compile(rf",(?: in)? +(?P<city>{_PROPER})(?= *(?:[.!,;\n]|\Z))"),
    re.compile(rf" in +(?P<city>{_PROPER})(?= *(?:[.!,;\n]|\Z))"),
    re.compile(rf",?\s+(?P<zip>{_ZIP})\b"),
)
_ZIP_ALONE = re.compile(rf"(?<![\w$#.,:/+-])(?P<zip>{_ZIP})(?![\w%]|[.,:/-]\d)")
_ZIP_CUE = re.compile(
    r"(?:\bzip(?: ?code)?(?: is)?|\bin|\bnear|\baround|\bcode|\b[A-Z]{2}|\bc[oó]digo postal)[ :,#]*\Z", re.IGNORECASE
)
_NOT_ZIP_BEFORE = re.compile(
    r"\b(?:model|invoice|order|job|ticket|permit|serial|code|policy|claim|po|part|number|no|ref|estimate"
    r"|account|acct|unit|work order|wo)\b[ :#.]*(?:is |number )?\Z",
    re.IGNORECASE,
)
_NOT_ZIP_AFTER = re.compile(
    r"\s*(?:sq|square|dollars|bucks|btu|miles|feet|ft|gallons?|people|watts?|ppm|k\b|usd)", re.IGNORECASE
)
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class AddressParts:
    """A postal address in parts; a part that was not said is empty."""

    street: str
    unit: str
    city: str
    state: str
    zip: str

    def line(self) -> str:
        """One line: "1120 Bluff Creek Dr Apt 4B, Austin, TX 78745"."""
        city = f"{self.city}," if self.city and self.state else self.city
        region = " ".join(part for part in (city, self.state, self.zip) if part)
        return ", ".join(part for part in (f"{self.street} {self.unit}".strip(), region) if part)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    street_end: int
    unit_end: int
    place: re.Match[str] | None
    confidence: float
    reason: str


def _lead(text: str, position: int) -> str:
    """The words just before a place, enough to tell what it is."""
    return text[max(0, position - 40) : position]


def _words(kind: str) -> frozenset[str]:
    """Words of one kind in the street table: strong and weak suffixes, highways, directions, stops."""
    return word_set("streets", kind)


def find_address(text: str) -> Field | None:
    """The most certain street address in a text, or None; times, prices, phones and years are not."""
    best = max(_candidates(text), key=lambda c: (c.confidence, -c.start), default=None)
    if best is None:
        return None
    line = _parts_of(text, best).line()
    span = best.start, best.end
    return field("address", text, span, value=line, label=line, confidence=best.confidence, reason=best.reason)


def split_address(line: str) -> AddressParts:
    """Split an address written alone (as `Field.value` gives it, or typed by a person) into parts."""
    try:
        labels: dict[str, str] = usaddress.tag(line)[0]
    except usaddress.RepeatedLabelError:
        return AddressParts(line.strip(), "", "", "", "")
    unit = [v for k, v in labels.items() if k.startswith(("Occupancy", "Subaddress"))]
    outside = {"PlaceName", "StateName", "ZipCode", "CountryName", "Recipient"}
    street = [v for k, v in labels.items() if k not in outside and not k.startswith(("Occupancy", "Subaddress"))]
    city, state, code = (labels.get(key, "") for key in ("PlaceName", "StateName", "ZipCode"))
    return AddressParts(" ".join(street), " ".join(unit), city, _state(state), code)


def find_zip(text: str, address: Field | None) -> Field | None:
    """The ZIP: the address's own, else one said alone; order, model and price figures are not."""
    for match in _ZIP_ALONE.finditer(text):
        span = match.span("zip")
        inside = address is not None and address.start < span[0] and span[1] <= address.end
        sure = 0.95 if inside else _zip_confidence(text, match, address)
        if sure:
            code = match["zip"]
            return field("zip", text, span, value=code[:5], label=code, confidence=sure, reason="a ZIP code")
    return None


def _zip_confidence(text: str, match: re.Match[str], address: Field | None) -> float:
    before, after = _lead(text, match.start()), text[match.end() : match.end() + 20]
    if match["zip"] < "00501" or (address and address.start <= match.start() < address.end):
        return 0.0
    cued = bool(_ZIP_CUE.search(before)) and not re.search(r"\b(?:error|promo) code[ :]*\Z", before, re.IGNORECASE)
    if cued or match["zip"] == text.strip():
        return 0.9
    return 0.0 if _NOT_ZIP_BEFORE.search(before) or _NOT_ZIP_AFTER.match(after) else 0.55


def _candidates(text: str) -> Iterator[_Candidate]:
    for number in _NUMBER.finditer(text):
        street = _street(text, number)
        if street:
            yield _finished(text, number.start(), *street)


def _street(text: str, number: re.Match[str]) -> tuple[int, float, str] | None:
    """End of the street name, how sure, and why."""
    run = _name_run(text, number.end())
    words = [plain(word.group(1)) for word in run]
    by_suffix = _suffix_end(words)
    if by_suffix is not None and _credible(number, run[: by_suffix + 1], by_suffix):
        return run[by_suffix].end(1), 0.9, "a house number, a street name and a street suffix"
    return _street_without_suffix(text, number, run, words)


def _name_run(text: str, position: int) -> list[re.Match[str]]:
    """Words that may belong to a street name, up to punctuation or an everyday word."""
    run: list[re.Match[str]] = []
    while len(run) < _MOST_WORDS and (word := _WORD.match(text, position)):
        spelled = plain(word.group(1))
        if spelled in _words("stop") or (spelled.isdigit() and not _numbered(run)):
            break
        run.append(word)
        position = word.end()
        if word.group(2) and spelled not in _words("strong") | _words("direction") | _words("abbreviation"):
            break
    return run


def _numbered(run: list[re.Match[str]]) -> bool:
    """A bare figure belongs to the name only after "Highway", "County Road" or a grid direction."""
    return bool(run) and plain(run[-1].group(1)) in _words("highway") | _words("direction")


def _suffix_end(words: list[str]) -> int | None:
    """Index of the last word of the street: the first sure suffix, else the first weak one, highways with figures."""
    for index, word in enumerate(words):
        if word in _words("highway") and index + 1 < len(words) and words[index + 1][:1].isdigit():
            return index + 1
    named = [i for i, word in enumerate(words) if i >= 1 and not _only_directions(words[:i]) and word]
    strong = [i for i in named if words[i] in _words("strong")]
    weak = [i for i in named if words[i] in _words("weak")]
    if not strong and not weak:
        return _ordinal_end(words)
    end = (strong or weak)[0]
    while end + 1 < len(words) and words[end + 1] in _words("strong" if strong else "weak") | _words("direction"):
        end += 1
    return end


def _only_directions(words: list[str]) -> bool:
    return all(word in _words("direction") for word in words)


def _ordinal_end(words: list[str]) -> int | None:
    """ "412 W 5th", "1234 S 500 E"."""
    grid = (
        len(words) >= 3 and words[0] in _words("direction") and words[1].isdigit() and words[2] in _words("direction")
    )
    if grid:
        return 2
    led = len(words) >= 2 and words[0] in _words("direction") and bool(re.fullmatch(r"\d+(?:st|nd|rd|th)", words[1]))
    return 1 if led else None


def _credible(number: re.Match[str], run: list[re.Match[str]], end: int) -> bool:
    """A weak suffix after a small number and small letters ("2 car park") is no address."""
    words = [plain(word.group(1)) for word in run]
    if words[end] in _words("strong") | _words("highway") | _words("direction") or words[end][:1].isdigit():
        return True
    return len(number.group(1)) >= 3 or run[0].group(1)[:1].isupper()


def _street_without_suffix(
    text: str, number: re.Match[str], run: list[re.Match[str]], words: list[str]
) -> tuple[int, float, str] | None:
    digits = re.match(r"\d+", number.group(1))
    if not run or not digits or not 3 <= len(digits.group()) <= 5 or words[0][:1].isdigit():
        return None
    kept = _like_a_name(run)
    alone = _alone_on_line(text, number.start(), kept[-1].end())
    told = bool(_CUE.search(_lead(text, number.start())))
    capital = kept[0].group(1)[:1].isupper()
    if not (told or alone) or (len(kept) < 2 and not capital):
        return None
    return kept[-1].end(1), 0.75 if told and capital else 0.6, "a house number and a street name"


def _like_a_name(run: list[re.Match[str]]) -> list[re.Match[str]]:
    """Capitalized words as long as they last; of small letters, the first two."""
    if not run[0].group(1)[:1].isupper():
        return run[:2]
    small = next((i for i, word in enumerate(run) if not word.group(1)[:1].isupper()), len(run))
    return run[: min(small, 4)]


def _alone_on_line(text: str, start: int, end: int) -> bool:
    line_start = text.rfind("\n", 0, start) + 1
    rest = re.match(r"[^\n]*", text[end:])
    return not text[line_start:start].strip(" -*") and not (rest and re.search(r"\w", rest.group().partition(",")[0]))


def _finished(text: str, start: int, street_end: int, confidence: float, reason: str) -> _Candidate:
    """Reach over unit, city, state and ZIP."""
    position = street_end + (text[street_end : street_end + 1] == ".")
    unit = _UNIT.match(text, position)
    unit_end = unit.end() if unit else street_end
    place = next((m for p in _PLACE if (m := p.match(text, unit_end if unit else position)) and _is_place(m)), None)
    end = place.end() if place else unit_end
    return _Candidate(start, end, street_end, unit_end, place, min(confidence + 0.05 * bool(place), 0.95), reason)


def _is_place(match: re.Match[str]) -> bool:
    city = match.groupdict().get("city") or ""
    return not any(plain(word) in _words("stop") | _words("greeting") for word in city.split())


def _parts_of(text: str, found: _Candidate) -> AddressParts:
    street = _spelled(text[found.start : found.street_end])
    unit = text[found.street_end : found.unit_end].strip(" ,.")
    groups = found.place.groupdict() if found.place else {}
    city, state, code = (groups.get(name) or "" for name in ("city", "state", "zip"))
    return AddressParts(street, _spelled(unit), _spelled(city), _state(state), code)


def _spelled(words: str) -> str:
    """Small letters get capitals; what the writer capitalized stays."""
    tidy = " ".join(words.split())
    if any(c.isupper() for c in tidy):
        return tidy
    return re.sub(r"(?<![\w'’])[a-zà-ÿ]", lambda match: match.group().upper(), tidy)


def _state(said: str) -> str:
    """ "Texas" and "tx" both give "TX"."""
    return _STATES.get(said.casefold(), said.upper())
