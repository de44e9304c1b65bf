"""Days as people write them: "tomorrow", "next Tuesday", "this weekend", "Dec 5", "the 5th", "in two hours"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hallway.leads.tables import rows

_WEEKDAYS, _MONTHS, _NUMBERS = (
    {name: int(row[1]) for row in rows("calendar") if row[0] == kind for name in row[2].split("|")}
    for kind in ("weekday", "month", "number")
)
_DAY_NAMES = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_COUNT = r"\d{1,2}|a couple of|a couple|half an|an?|one|two|three|four|five|six|una?|dos|tres"

_TODAY = re.compile(
    r"\b(?:today|2day|tonight|hoy|(?:this|esta) (?=morning|afternoon|evening|tarde|noche|ma[nñ]ana))", re.IGNORECASE
)
_TOMORROW = re.compile(
    r"\b(?P<after>(?:the )?day after )?"
    r"(?P<word>tom+or+ow|tomm?arow|tmrw|tmr|tomo|(?<!la )(?<!una )(?<!esta )ma[nñ]ana|pasado ma[nñ]ana)\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\b(?P<which>next|this|coming|this coming|el pr[oó]ximo|el|este)?\s?\b(?P<day>{_DAY_NAMES})(?P<plural>s)?\b\.?",
    re.IGNORECASE,
)
_WEEKDAY_RANGE = re.compile(
    rf"\b(?P<first>{_DAY_NAMES})\s*(?:-|–|to|thru|through|a)\s*(?P<last>{_DAY_NAMES})\b", re.IGNORECASE
)
_WEEKEND = re.compile(r"\b(?P<which>this|next|the|over the|este)?\s?(?:weekend|fin de semana)\b", re.IGNORECASE)
_WEEK = re.compile(r"\b(?P<which>next|this|later this|pr[oó]xima|esta) (?:week|semana)\b", re.IGNORECASE)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_MONTH_NAMES})\.?\s+(?:the )?(?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)?\b"
    r"(?!:|%|\s*(?:of\b|pm|am|people|times))(?:,?\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?P<th>st|nd|rd|th)?\s+(?:of |de )?(?P<month>{_MONTH_NAMES})\b(?:,?\s+(?P<year>20\d\d))?",
    re.IGNORECASE,
)
_THE_NTH = re.compile(
    r"\b(?:the|on the|el d[ií]a)\s+(?P<day>\d{1,2})(?P<th>st|nd|rd|th)\b"
    r"(?!\s+(?:floor|time|story|unit|street|st|ave|avenue|one|bath|bed|grade|level|call|visit|toilet|of the))",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    r"(?<![\w/.$#-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?"
    r"(?![\w/\"”″-]|\s*(?:inch|in\b|\"|of|hp|ton|pipe|full|copper|pex|bath|cup|mile|drywall|plywood))",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d{2})-(?P<day>\d{2})\b")
_IN_TIME = re.compile(
    rf"\b(?P<lead>in|within|en)\s+(?:the next\s+)?(?P<count>{_COUNT})\s+"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?|horas?|d[ií]as?|semanas?|minutos?)\b",
    re.IGNORECASE,
)
_LED = re.compile(r"\b(?:on|by|for|before|after)\s\Z", re.IGNORECASE)
_FRACTIONS = {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 8), (3, 8), (5, 8), (7, 8)}


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day meant; `moment` is set instead for "in two hours" (minutes from now, and their slack)."""

    first: date
    last: date
    span: tuple[int, int]
    moment: tuple[int, int] | None = None


def find_days(text: str, now: datetime) -> list[Days]:
    """Every day named in a text, in order and without overlaps; days gone by this year mean the next year."""
    today = now.date()
    taken: list[Days] = []
    for found in (*_dates(text, today), *_spans_of_time(text, today), *_relative(text, today), *_weekdays(text, today)):
        if not any(found.span[0] < other.span[1] and other.span[0] < found.span[1] for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda days: days.span)


def _dates(text: str, today: date) -> Iterator[Days]:
    for pattern in (_ISO, _MONTH_DAY, _DAY_MONTH, _SLASHED, _THE_NTH):
        for match in pattern.finditer(text):
            day = _date_of(match, today) if _is_date(match) else None
            if day:
                yield Days(day, day, match.span())


def _is_date(match: re.Match[str]) -> bool:
    """Fractions are no dates, and "may 2" and "mar 2" need a capital or an ending to be one."""
    groups = match.groupdict()
    month = groups.get("month") or ""
    if match.re is _SLASHED and not groups["year"] and not _LED.search(match.string[: match.start()]):
        return (int(month), int(groups["day"])) not in _FRACTIONS
    doubtful = month.casefold() in {"may", "mar", "march", "sep", "jun"} and not month[:1].isupper()
    return not doubtful or bool(groups.get("th") or groups.get("year"))


def _date_of(match: re.Match[str], today: date) -> date | None:
    groups = match.groupdict()
    number = int(groups["day"])
    if groups.get("month") is None:
        return _next_nth(number, today)
    said = groups["month"].casefold()
    month = int(said) if said.isdigit() else _MONTHS[said]
    if groups.get("year"):
        return _day(2000 + int(groups["year"]) % 100, month, number)
    this_year = _day(today.year, month, number)
    return this_year if this_year and this_year >= today else _day(today.year + 1, month, number)


def _next_nth(number: int, today: date) -> date | None:
    for ahead in range(3):
        month = today.month - 1 + ahead
        day = _day(today.year + month // 12, month % 12 + 1, number)
        if day and day >= today:
            return day
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _spans_of_time(text: str, today: date) -> Iterator[Days]:
    for match in _IN_TIME.finditer(text):
        said, unit = match["count"].casefold(), match["unit"].casefold()
        count = int(said) if said.isdigit() else _NUMBERS[said]
        if unit[:1] in {"m", "h"}:
            minutes = 30 if said == "half an" else count * (60 if unit[:1] == "h" else 1)
            within = match["lead"].casefold() == "within"
            yield Days(today, today, match.span(), (0, max(minutes, 30)) if within else (minutes, 60))
        else:
            day = today + timedelta(days=count * (7 if unit[:1] in {"w", "s"} else 1))
            yield Days(day, day, match.span())


def _relative(text: str, today: date) -> Iterator[Days]:
    for match in _TODAY.finditer(text):
        yield Days(today, today, match.span())
    for match in _TOMORROW.finditer(text):
        two = match["after"] or match["word"].casefold().startswith("pasado")
        day = today + timedelta(days=2 if two else 1)
        yield Days(day, day, match.span())


def _weekdays(text: str, today: date) -> Iterator[Days]:
    monday = today - timedelta(days=today.weekday())
    for match in _WEEKEND.finditer(text):
        saturday = monday + timedelta(days=12 if (match["which"] or "").casefold() == "next" else 5)
        yield Days(max(saturday, today), saturday + timedelta(days=1), match.span())
    for match in _WEEK.finditer(text):
        following = match["which"].casefold().startswith(("next", "pr"))
        start = monday + timedelta(days=7) if following else today
        yield Days(start, max(start, monday + timedelta(days=11 if following else 4)), match.span())
    yield from _weekday_ranges(text, today)
    for match in _WEEKDAY.finditer(text):
        if _is_weekday(text, match):
            day = _weekday(match, today, monday)
            yield Days(day, day, (match.start("which") if match["which"] else match.start("day"), match.end("day")))


def _weekday_ranges(text: str, today: date) -> Iterator[Days]:
    """ "Mon-Fri": what is left of the stretch that runs now, else the next one."""
    for match in _WEEKDAY_RANGE.finditer(text):
        first, last = (_WEEKDAYS[match[name].casefold()] for name in ("first", "last"))
        length, begun = (last - first) % 7, (today.weekday() - first) % 7
        if begun > length:
            start = today + timedelta(days=7 - begun)
            yield Days(start, start + timedelta(days=length), match.span())
        else:
            yield Days(today, today + timedelta(days=length - begun), match.span())


def _is_weekday(text: str, match: re.Match[str]) -> bool:
    """ "sat", "sun", "mon", "wed" and "fri" are days when capitalized, led by on/this/next, or before an hour."""
    day = match["day"]
    if len(day) > 4 or day.casefold() not in {"sat", "sun", "mon", "wed", "mar"}:
        return match["plural"] is None or len(day) > 4
    led = match["which"] or re.search(
        r"\b(?:on|by|or|and|until|before|after)\s\Z", text[: match.start("day")], re.IGNORECASE
    )
    followed = re.match(
        r"\.?,?\s+(?:at|after|before|between|around|morning|afternoon|evening|night|\d)",
        text[match.end("day") :],
        re.IGNORECASE,
    )
    return bool(led or followed or (day[0].isupper() and not text[match.end("day") :].lstrip().startswith("is ")))


def _weekday(match: re.Match[str], today: date, monday: date) -> date:
    """The next such day; "next Friday" is the one of the coming calendar week."""
    number = _WEEKDAYS[match["day"].casefold()]
    if (match["which"] or "").casefold() == "next":
        return monday + timedelta(days=7 + number)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
