"""When a lead would like someone to come, in the zone of the place.

A small grammar of our own: general date parsers read "between 2 and 4" as a date and "and may need" as May.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hallway.leads.clock import Hours, find_hours
from hallway.leads.days import Days, find_days
from hallway.leads.fields import Field, field

_OPEN, _CLOSE = 8 * 60, 20 * 60
_FAR = 40
_BRIDGE = re.compile(
    r"[\s,.(]*(?:(?:anytime|any time|sometime|some time|in the|at|on|the|for|around|about|preferably|early|late"
    r"|de la|por la|en la|a|el|@)(?!\w)[\s,(]*)*",
    re.IGNORECASE,
)
# A day or hour told of the past is no wish: "stopped working this morning", "since Monday", "last Friday".
_PAST = re.compile(
    r"\b(?:yesterday|since|last|past|stopped|started|starting|began|broke|died|quit|went|failed|happened|noticed"
    r"|called|texted|came|come out|installed|fixed|left|was|were|had|been|happening|burst|flooded|tripped|snapped"
    r"|fell|bought|built|empez[oó]|desde|pas[oó]|dej[oó])\b"
    r"(?:\W+(?!but\b|can\b|need\b|please\b|and\b|so\b)\w+){0,4}\W*\Z",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:not|can['’]?t|cannot|won['’]?t|except|unless|isn['’]?t|doesn['’]?t|don['’]?t|never|unavailable|busy"
    r"|closed|no puedo|(?:have|need|got) to (?:be|leave|go|get)|leave for|leaving)\b"
    r"(?:\W+(?!but\b|until\b)\w+){0,3}\W*\Z",
    re.IGNORECASE,
)
_TROUBLE = re.compile(  # when it happens is not when they want somebody
    r"\b(?:every|each|cada|todas las)\s+\Z"
    r"|\b(?:runs?|running|leak\w*|drip\w*|nois\w+|goes (?:on|off|out)|clicking|cycling|smells?|sale|gotea)\b"
    r"(?:\s+\w+)?\s+(?:all|at|in the|toda la|por la|de)\s+\Z",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"next|tom|tmr|ma[nñ]ana|pr[oó]xim", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?:\b(?:not|nobody|no one|wont|cant|dont|isnt)|n['’]t)\b[^.!?]{0,30}\b(?:until|till|before)\b.{0,2}\Z",
    re.IGNORECASE,
)
_REFUSED_AFTER = re.compile(
    r"\W+(?:is|are|does|do|will|wo)?\s?(?:n['’]?t|not|no good|doesn['’]?t|won['’]?t|is bad|no)\b", re.IGNORECASE
)
_LIMIT = re.compile(r"\b(by|before|after|until)\s+(?:the\s+)?\Z", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:can|could|come|free|available|schedule|prefer|want|need|pueden?|vengan?)\b[^.!?,;\n]*\Z", re.IGNORECASE
)
_INSTEAD = re.compile(
    r"\W*(?:\w+\W+){0,2}(?:instead|is better|works better|preferred|would be better)\b", re.IGNORECASE
)


Pair = tuple[Days | None, Hours | None]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time: aware datetimes in the place's zone, `start < end`."""

    start: datetime
    end: datetime
    label: str
    span: tuple[int, int]
    confidence: float

    @property
    def value(self) -> str:
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


def window_of(value: str) -> tuple[datetime, datetime]:
    """Read back the interval a preferred-time field holds."""
    start, _, end = value.partition("/")
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def find_time(text: str, *, now: datetime, zone: str, hidden: Sequence[tuple[int, int]] = ()) -> Field | None:
    """The window a lead asks for, or None. `hidden` spans (an address) are not read."""
    windows = find_windows(text, now=now, zone=zone, hidden=hidden)
    if not windows:
        return None
    chosen = _wished_most(text, windows)
    return field(
        "preferred_time",
        text,
        chosen.span,
        value=chosen.value,
        label=chosen.label,
        confidence=chosen.confidence,
        reason="the time they asked for",
    )


def _wished_most(text: str, windows: list[Window]) -> Window:
    """What is told as a choice, else what is asked for, else the first."""
    told = (w for w in windows if _INSTEAD.match(text[w.span[1] :]))
    asked = (w for w in windows if _ASKED.search(text[max(0, w.span[0] - _FAR) : w.span[0]]))
    return next(told, None) or next(asked, None) or windows[0]


def find_windows(text: str, *, now: datetime, zone: str, hidden: Sequence[tuple[int, int]] = ()) -> list[Window]:
    """Every future window in a text, in order. `now` must be aware; `zone` is an IANA name."""
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    here = now.astimezone(ZoneInfo(zone))
    readable = _blanked(text, hidden)
    pairs = _pairs(readable, find_days(readable, here), find_hours(readable))
    wishes = (pair for pair in pairs if not _no_wish(readable, *pair))
    windows = (_window(days and _limited(readable, days, here), hours, here) for days, hours in wishes)
    return [window for window in windows if window]


def _blanked(text: str, hidden: Sequence[tuple[int, int]]) -> str:
    """Hidden spans become bars of the same length, so that places stay right and nothing joins over them."""
    for start, end in hidden:
        text = text[:start] + "|" * (end - start) + text[end:]
    return text


def _pairs(text: str, days: list[Days], hours: list[Hours]) -> Iterator[Pair]:
    """Join each day with the hours told right beside it."""
    free = list(hours)
    joined: list[Pair] = []
    for day in _joined_days(text, days):
        beside = None if day.moment else next((h for h in free if _beside(text, day.span, h.span)), None)
        if beside:
            wish = [h for h in free if h is beside or _same_wish(text, beside, h)]
            free = [h for h in free if h not in wish]
            beside = min(wish, key=lambda h: h.stop - h.start)
        joined.append((day, beside))
    joined.extend((None, h) for h in free)
    yield from _lent(text, sorted(joined, key=lambda pair: _span(*pair)))


def _lent(text: str, pairs: list[Pair]) -> Iterator[Pair]:
    """ "Friday or Saturday morning": the hours belong to both days."""
    for place, (days, hours) in enumerate(pairs):
        after_days, after_hours = pairs[place + 1] if place + 1 < len(pairs) else (None, None)
        if days and not hours and after_days and after_hours and _is_choice(text, days, after_days):
            yield days, after_hours
        else:
            yield days, hours


def _is_choice(text: str, days: Days, other: Days) -> bool:
    between = text[days.span[1] : other.span[0]]
    return not days.moment and bool(re.fullmatch(r",?\s*(?:or|and|o|y)\s+(?:on\s+)?", between, re.IGNORECASE))


def _joined_days(text: str, days: list[Days]) -> list[Days]:
    """ "Thursday, Dec 5" and "tomorrow (Friday)" are one day: the dated word tells it, the span holds both."""
    merged: list[Days] = []
    for day in days:
        last = merged[-1] if merged else None
        if last and _same_day(text, last, day):
            exact = day if _weight(text, day) >= _weight(text, last) else last
            merged[-1] = Days(exact.first, exact.last, (last.span[0], day.span[1]))
        else:
            merged.append(day)
    return merged


def _same_day(text: str, one: Days, other: Days) -> bool:
    alike = one.first == other.first or _weight(text, one) != _weight(text, other)
    apart = text[one.span[1] : other.span[0]]
    return alike and not (one.moment or other.moment) and bool(re.fullmatch(r"[\s,(]*(?:the )?", apart))


def _weight(text: str, day: Days) -> int:
    """Dates tell more than weekdays, weekdays more than "next week"."""
    return 2 if any(c.isdigit() for c in text[slice(*day.span)]) else int(day.first == day.last)


def _beside(text: str, day: tuple[int, int], hours: tuple[int, int]) -> bool:
    first, second = sorted((day, hours))
    if second[0] - first[1] > _FAR:
        return False
    return first[1] > second[0] or bool(_BRIDGE.fullmatch(text[first[1] : second[0]]))


def _same_wish(text: str, one: Hours, other: Hours) -> bool:
    """ "tomorrow morning at 9": the part of the day and the hour are one wish."""
    return _beside(text, one.span, other.span) and max(one.start, other.start) < min(one.stop, other.stop)


def _span(days: Days | None, hours: Hours | None) -> tuple[int, int]:
    spans = [part.span for part in (days, hours) if part]
    return min(s for s, _ in spans), max(e for _, e in spans)


def _no_wish(text: str, days: Days | None, hours: Hours | None) -> bool:
    start, end = _span(days, hours)
    clause = re.split(r"[.!?\n;]|\bbut\b", text[max(0, start - 2 * _FAR) : start])[-1]
    if _UNTIL.search(clause + text[start : start + 6]):
        return False
    past = _PAST.search(clause) and not (days and days.moment) and not _AHEAD.match(text, start)
    trouble = not days and _TROUBLE.search(clause)
    refused = _REFUSED.search(clause.rpartition(",")[2]) or _REFUSED_AFTER.match(text[end:])
    return bool(past or trouble or refused)


def _limited(text: str, days: Days, now: datetime) -> Days:
    """ "By Friday" runs up to that day, "after the 5th" is the week that follows it."""
    lead = _LIMIT.search(text[: days.span[0]])
    if not lead or days.moment:
        return days
    word, span, day = lead.group(1).casefold(), (lead.start(), days.span[1]), timedelta(days=1)
    if word == "after":
        return Days(days.last + day, days.last + 7 * day, span)
    if word == "until":
        return Days(days.first, days.last, span)
    return Days(now.date(), max(now.date(), days.first - (day if word == "before" else 0 * day)), span)


def _window(days: Days | None, hours: Hours | None, now: datetime) -> Window | None:
    span = _span(days, hours)
    if days and days.moment:
        return _moment(days.moment, span, now)
    if days is None and hours:
        return _hours_alone(hours, span, now)
    if days is None:
        return None
    window = _on_days(days, hours, span, now)
    return window or (_on_days(days, None, span, now) if hours and hours.stop - hours.start <= 60 else None)


def _moment(moment: tuple[int, int], span: tuple[int, int], now: datetime) -> Window | None:
    """ "in two hours": real time, so a clock change in between does not bend it."""
    wait, slack = moment
    start = _add(now, wait)
    end = _add(start, slack)
    label = (
        f"{_day_label(start.date())}, {_clock(start)}" if wait else f"{_day_label(end.date())}, before {_clock(end)}"
    )
    return Window(start, end, label, span, 0.85)


def _add(when: datetime, minutes: int) -> datetime:
    zone = when.tzinfo
    utc = when.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)
    return utc.astimezone(zone).replace(second=0, microsecond=0)


def _hours_alone(hours: Hours, span: tuple[int, int], now: datetime) -> Window | None:
    """An hour without a day is the next such hour: today, else tomorrow."""
    for ahead in (0, 1):
        day = now.date() + timedelta(days=ahead)
        window = _on_days(Days(day, day, span), hours, span, now)
        if window:
            return Window(window.start, window.end, window.label, span, 0.7)
    return None


def _on_days(days: Days, hours: Hours | None, span: tuple[int, int], now: datetime) -> Window | None:
    opening, closing = (hours.start, hours.stop) if hours else (_OPEN, _CLOSE)
    start = _at(days.first, opening, now)
    end = _at(days.last, closing if hours or days.last != now.date() or now.hour < 18 else 24 * 60, now)
    clipped = max(start, now.replace(second=0, microsecond=0), key=datetime.timestamp)
    if end.timestamp() <= now.timestamp() or end.timestamp() <= clipped.timestamp():
        return None
    named = _day_label(days.first) + ("" if days.first == days.last else f" – {_day_label(days.last)}")
    return Window(clipped, end, f"{named}, {hours.label if hours else 'any time'}", span, 0.9 if hours else 0.85)


def _at(day: date, minutes: int, now: datetime) -> datetime:
    """Wall-clock time on a day; an hour that a clock change skips moves on by that hour."""
    midnight = datetime.combine(day + timedelta(days=minutes // 1440), time(), tzinfo=now.tzinfo)
    wall = midnight.replace(hour=minutes % 1440 // 60, minute=minutes % 60)
    return wall.astimezone(ZoneInfo("UTC")).astimezone(now.tzinfo)


def _day_label(day: date) -> str:
    return f"{day:%a, %b} {day.day}"


def _clock(when: datetime) -> str:
    return f"{(when.hour - 1) % 12 + 1}:{when.minute:02d} {'am' if when.hour < 12 else 'pm'}"
