"""Hours as people write them: "after 3", "between 2 and 4", "9-11am", "tomorrow morning"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Parts of the day as minutes after midnight.
DAYPARTS = {
    "first thing": (480, 600),
    "early morning": (420, 540),
    "late morning": (600, 720),
    "mid morning": (540, 660),
    "morning": (480, 720),
    "lunchtime": (720, 780),
    "lunch": (720, 780),
    "noon": (720, 780),
    "midday": (720, 780),
    "early afternoon": (720, 900),
    "late afternoon": (900, 1020),
    "afternoon": (720, 1020),
    "end of day": (960, 1080),
    "after work": (1020, 1200),
    "before work": (420, 540),
    "evening": (1020, 1200),
    "tonight": (1020, 1260),
    "night": (1020, 1260),
    "mediodia": (720, 780),
    "mediodía": (720, 780),
    "tarde": (720, 1140),
    "noche": (1020, 1260),
}
_DAY_START, _DAY_END = 420, 1260

_HOUR = (
    r"(?P<h{n}>1[0-2]|0?[1-9]|2[0-3]|1[3-9])(?::(?P<m{n}>[0-5]\d))?"
    r"\s?(?P<a{n}>[ap]\.?m\.?(?![a-z])|[ap](?=\b(?!['’])))?"
)
_ONE = _HOUR.format(n=1)
_TWO = _HOUR.format(n=2)
# A figure that counts things is no hour: "after 2 weeks", "at 3 locations", "by 4 inches".
_NO_COUNT = (
    r"(?![\w%$/-])(?![.:,]\d)(?!\s*(?:inch|in\.|ft|feet|foot|hour|hr|min|day|week|month|year|time|toilet|bath"
    r"|bed|door|window|"
    r"unit|car|people|dollar|buck|percent|different|other|of\b|more|amp|volt|gallon|ton|mile|story|stories"
    r"|floor|room|ppl|"
    r"place|location|visit|call|house"
    r"|sink|leak|drain|outlet|light|year|yr|or so\s+(?:day|week)|th\b|st\b|nd\b|rd\b|\d))"
)
_RANGE = re.compile(
    rf"\b(?:(?P<lead>between|from|btwn|entre(?: las)?|de)\s+)?{_ONE}\s*(?P<dash>-|–|—|to|and|until|till"
    rf"|y(?: las)?|a(?: las)?)\s*{_TWO}{_NO_COUNT}",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    rf"\b(?P<lead>after|before|by|until|till|at|around|about|between|from|past|@|despu[eé]s de las?"
    rf"|antes de las?|a las?)\s*{_ONE}(?P<clock>\s?o['’]?clock)?{_NO_COUNT}",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?<![\w$:/.#-]){_ONE}{_NO_COUNT}", re.IGNORECASE)
_NOT_YET = re.compile(r"(?:\b(?:not|nobody|no one|wont|cant|dont|isnt)|n['’]t)\b[^.!?]{0,30}\Z", re.IGNORECASE)
_NOON = re.compile(r"\b(?P<lead>after|before|by|around|until|at)\s+(?P<noon>noon|lunch|midday)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:"
    + "|".join(sorted((re.escape(p).replace(r"\ ", r"[ -]") for p in DAYPARTS), key=len, reverse=True))
    + r")s?\b|\b(?:en|por|de|a) la ma[nñ]ana\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes after midnight on some day, where they were said, and what they are called."""

    start: int
    stop: int
    span: tuple[int, int]
    label: str


def find_hours(text: str) -> list[Hours]:
    """Every stretch of hours in a text, in order and without overlaps."""
    taken: list[Hours] = []
    for found in (*_ranges(text), *_noons(text), *_singles(text), *_plains(text), *_parts(text)):
        if not any(_overlap(found.span, other.span) for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda hours: hours.span)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _ranges(text: str) -> Iterator[Hours]:
    for match in _RANGE.finditer(text):
        if not _meant_as_range(text, match):
            continue
        stop = _minutes(match, 2, _half(match, 2), _evening(text, match))
        start = _minutes(match, 1, _half(match, 1) or _lent_half(match), _evening(text, match))
        if start >= stop and not _half(match, 1) and start >= 720:
            start -= 720
        if start >= stop and not _half(match, 2) and stop < 720:
            stop += 720
        if start < stop:
            yield Hours(start, stop, match.span(), _between(start, stop))


def _meant_as_range(text: str, match: re.Match[str]) -> bool:
    """ "2 to 4" may count things; a lead word, an am/pm or a dash between hours makes it a time."""
    if re.search(r"[\w$#/.:-]\Z", text[: match.start()]) or (match["dash"] in {"y", "a", "and"} and not match["lead"]):
        return False
    marked = match["lead"] or match["a1"] or match["a2"] or match["m1"] or match["m2"]
    dashed = match["dash"] in "-–—" and _near_day(text, match)
    return dashed or (bool(marked) and match["lead"] != "de")


def _near_day(text: str, match: re.Match[str]) -> bool:
    near = text[max(0, match.start() - 14) : match.start()] + " " + text[match.end() : match.end() + 14]
    return bool(
        re.search(
            r"today|tom+or+ow|tmrw|tonight|(?:mon|tues?|wed|thu|thur|fri|sat|sun)|free|available|anytime",
            near,
            re.IGNORECASE,
        )
    )


def _noons(text: str) -> Iterator[Hours]:
    for match in _NOON.finditer(text):
        yield _led(match["lead"].casefold(), 720, match.span())


def _singles(text: str) -> Iterator[Hours]:
    for match in _SINGLE.finditer(text):
        start = _minutes(match, 1, _half(match, 1), _evening(text, match))
        home = re.search(r"\b(?:home|back|free|off|out|available)\s+\Z", text[: match.start()], re.IGNORECASE)
        lead = match["lead"].casefold()
        away = _NOT_YET.search(text[: match.start()])
        later = (home and lead in {"by", "at", "around", "about"}) or (away and lead in {"until", "till"})
        yield _led("after" if later else lead, start, match.span())


def _plains(text: str) -> Iterator[Hours]:
    for match in _PLAIN.finditer(text):
        half = match["a1"] and len(match["a1"]) > 1
        if half or match["m1"] or (match["a1"] and match["a1"].casefold() == "p" and text[match.end("h1")] in "pP"):
            yield _led("at", _minutes(match, 1, _half(match, 1), _evening(text, match)), match.span())


def _parts(text: str) -> Iterator[Hours]:
    for match in _PART.finditer(text):
        said = " ".join(match.group().casefold().replace("-", " ").split())
        name = said if said in DAYPARTS else said.removesuffix("s") if said.removesuffix("s") in DAYPARTS else "morning"
        start, stop = DAYPARTS[name]
        yield Hours(start, stop, match.span(), _SPANISH.get(name, "night" if name == "tonight" else name))


_SPANISH = {"mediodia": "noon", "mediodía": "noon", "tarde": "afternoon", "noche": "night"}


def _led(lead: str, minutes: int, span: tuple[int, int]) -> Hours:
    """Hours told by one clock time and the word before it."""
    if lead in {"after", "past", "from"} or lead.startswith("desp"):
        return Hours(minutes, max(_DAY_END, min(minutes + 120, 1440)), span, f"after {_said(minutes)}")
    if lead in {"before", "by", "until", "till"} or lead.startswith("antes"):
        return Hours(min(_DAY_START, minutes - 60), minutes, span, f"before {_said(minutes)}")
    return Hours(minutes, minutes + 60, span, f"{'around ' if lead in {'around', 'about'} else ''}{_said(minutes)}")


def _half(match: re.Match[str], n: int) -> str:
    """ "a", "p" or nothing."""
    return (match[f"a{n}"] or "")[:1].casefold()


def _lent_half(match: re.Match[str]) -> str:
    """In "2-4pm" the end lends its half to the start, unless that turns them around ("9-1pm")."""
    half, first, last = _half(match, 2), int(match["h1"]) % 12, int(match["h2"]) % 12
    return half if half and first <= last else ""


def _evening(text: str, match: re.Match[str]) -> str:
    """The half of the day named beside the hour: "at 8 tonight", "tomorrow morning at 7"."""
    near = text[max(0, match.start() - 14) : match.start()] + "|" + text[match.end() : match.end() + 18]
    if re.search(r"\b(?:tonight|evening|afternoon|night|tarde|noche)\b", near, re.IGNORECASE):
        return "p"
    return "a" if re.search(r"\bmorning\b", near, re.IGNORECASE) else ""


def _minutes(match: re.Match[str], n: int, half: str, around: str) -> int:
    """Minutes after midnight; a bare hour from 1 to 6 is in the afternoon, from 7 to 11 in the morning."""
    hour, minute = int(match[f"h{n}"]), int(match[f"m{n}"] or 0)
    if hour > 12:
        return hour * 60 + minute
    half = half or around or ("p" if hour < 7 or hour == 12 else "a")
    # "8 in the morning" said of 12 means noon all the same.
    hour = hour % 12 + (12 if half == "p" or (hour == 12 and match[f"a{n}"] is None) else 0)
    return hour * 60 + minute


def _between(start: int, stop: int) -> str:
    first, last = _said(start), _said(stop)
    same_half = first[-3:] == last[-3:] and first[-3:] in {" am", " pm"}
    return f"{first[:-3] if same_half else first}–{last}"


def _said(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    clock = f"{(hour - 1) % 12 + 1}" + (f":{minute:02d}" if minute else "")
    return "noon" if minutes == 720 else f"{clock} {'am' if hour % 24 < 12 else 'pm'}"
