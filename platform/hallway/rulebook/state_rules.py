"""State calling hours, holidays and frequency caps as dated data; checked once when loaded."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from hallway.rulebook.places import area_codes, read_table

FEDERAL = "US"
NO_STATE = "UNKNOWN"
CANADA = "CANADA"

Span = tuple[time, time]


@dataclass(frozen=True)
class Cap:
    """At most `count` marketing messages in any `hours`; some states lift it for existing customers."""

    state: str
    count: int
    hours: int
    ebr_exempt: bool


@dataclass(frozen=True)
class StateRule:
    """One state's hours while it is in force. Spans are local times, start inside, end outside; None is no day."""

    state: str
    name: str
    weekday: Span | None
    saturday: Span | None
    sunday: Span | None
    holidays_off: bool
    cap: Cap | None
    effective_from: date
    effective_to: date
    source: str
    reviewed_on: date

    def span_on(self, day: date) -> Span | None:
        """The hours of a local calendar day, None when nothing may be sent."""
        if self.holidays_off and is_holiday(self.state, day):
            return None
        return (self.weekday, self.saturday, self.sunday)[max(0, day.weekday() - 4)]


def rule_for(state: str, day: date) -> StateRule:
    """The rule in force that day; the federal one before a state's own begins. KeyError for an unknown state."""
    for rule in _rules()[state]:
        if rule.effective_from <= day <= rule.effective_to:
            return rule
    return _rules()[FEDERAL][0]


def span_for(state: str, day: date) -> Span | None:
    """The state's hours on a local calendar day, None when nothing may be sent."""
    return rule_for(state, day).span_on(day)


def caps_for(states: Iterable[str], day: date) -> list[Cap]:
    """The frequency caps that any of these states sets."""
    return [cap for state in sorted(set(states)) if (cap := rule_for(state, day).cap)]


def is_state(code: str) -> bool:
    """Whether the code is a US state, DC or a territory we hold a rule for."""
    return code in _rules() and code not in (FEDERAL, NO_STATE, CANADA)


def is_holiday(state: str, day: date) -> bool:
    """State or federal holiday. Past the end of our calendar every day counts as one, so nothing slips through."""
    if day.year > holidays_known_through():
        return True
    return day in _holidays()[FEDERAL] or day in _holidays().get(state, ())


def holidays_known_through() -> int:
    """The last year the holiday calendar covers."""
    return max(day.year for day in _holidays()[FEDERAL])


@cache
def _rules() -> dict[str, tuple[StateRule, ...]]:
    rules: dict[str, tuple[StateRule, ...]] = defaultdict(tuple)
    for row in read_table("state_rules.tsv"):
        rule = _parsed(row)
        rules[rule.state] += (rule,)
    _check(rules)
    return dict(rules)


@cache
def _holidays() -> dict[str, frozenset[date]]:
    days: dict[str, set[date]] = defaultdict(set)
    for row in read_table("state_holidays.tsv"):
        days[row["scope"]].add(date.fromisoformat(row["date"]))
    return {scope: frozenset(found) for scope, found in days.items()}


def _parsed(row: dict[str, str]) -> StateRule:
    return StateRule(
        state=row["state"],
        name=row["name"],
        weekday=_span(row["weekday_start"], row["weekday_end"]),
        saturday=_span(row["sat_start"], row["sat_end"]),
        sunday=_span(row["sun_start"], row["sun_end"]),
        holidays_off=row["block_holidays"] == "yes",
        cap=_cap(row),
        effective_from=date.fromisoformat(row["effective_from"] or "0001-01-01"),
        effective_to=date.fromisoformat(row["effective_to"] or "9999-12-31"),
        source=row["source"],
        reviewed_on=date.fromisoformat(row["reviewed_on"]),
    )


def _cap(row: dict[str, str]) -> Cap | None:
    if not row["cap_count"]:
        return None
    return Cap(row["state"], int(row["cap_count"]), int(row["cap_hours"]), row["cap_ebr_exempt"] == "yes")


def _span(start: str, end: str) -> Span | None:
    return None if start == "no_send" else (time.fromisoformat(start), time.fromisoformat(end))


def _check(rules: dict[str, tuple[StateRule, ...]]) -> None:
    """Every area code's state has a rule, and none is looser than the federal one."""
    missing = {place.state for place in area_codes().values() if place.state} - set(rules)
    if missing:
        raise ValueError(f"state_rules.tsv: no rule for {sorted(missing)}")
    opens, closes = rules[FEDERAL][0].weekday or (time.min, time.max)
    for rule in (rule for state, found in rules.items() if state != CANADA for rule in found):
        for span in (rule.weekday, rule.saturday, rule.sunday):
            if span and not opens <= span[0] < span[1] <= closes:
                raise ValueError(f"state_rules.tsv: {rule.state} is looser than federal law or ends before it starts")
