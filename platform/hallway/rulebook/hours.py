"""Quiet hours: may a message reach this person now, by every place they may be in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from hallway.rulebook.places import Place, is_zone, place_of, zones_of_state
from hallway.rulebook.state_rules import (
    CANADA,
    FEDERAL,
    NO_STATE,
    Span,
    is_holiday,
    is_state,
    rule_for,
    span_for,
)

Purpose = Literal["marketing", "informational", "reply"]
Decision = Literal["allow", "hold", "refuse"]

# Queues and carriers delay: the gate stops marketing this long before the law does.
CLOSING_MARGIN = timedelta(minutes=20)
SEARCH_DAYS = 14
CLOCK_TIME = "%-I:%M %p"
LOWER_48 = ("America/Los_Angeles", "America/New_York")


@dataclass(frozen=True)
class TenantWindow:
    """A business's own hours for automated texts, in the recipient's time; can only narrow the law's.

    The default satisfies every state's row but Kentucky's start and Rhode Island's hours.
    """

    start: time = time(9)
    end: time = time(20)
    days: frozenset[int] = frozenset(range(6))
    holidays_off: bool = True

    def span_on(self, day: date) -> Span | None:
        """The hours of a local day; days are 0 (Monday) to 6 (Sunday)."""
        if day.weekday() not in self.days or (self.holidays_off and is_holiday(FEDERAL, day)):
            return None
        return self.start, self.end


@dataclass(frozen=True)
class HoursDecision:
    """The answer, with what it was made of. `until` is the next opening, `closes` the end of the open window (UTC)."""

    decision: Decision
    rule: str
    explanation: str
    until: datetime | None = None
    closes: datetime | None = None
    zones: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Clock:
    """One rule seen in one zone."""

    owner: str
    zone: str
    span_on: Callable[[date], Span | None]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.zone))
        span = self.span_on(local.date())
        return span is not None and span[0] <= local.time() < span[1]

    def bounds(self, day: date) -> tuple[datetime, datetime] | None:
        span = self.span_on(day)
        if span is None:
            return None
        start, end = (datetime.combine(day, edge, ZoneInfo(self.zone)).astimezone(UTC) for edge in span)
        return start, end

    def local_day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Known:
    """What is known of the person's place beside the area code, and of the business's own place."""

    address_state: str | None = None
    address_zone: str | None = None
    contact_zone: str | None = None
    tenant_state: str | None = None
    tenant_zone: str | None = None

    @property
    def told_zones(self) -> list[str]:
        return [zone for zone in (self.address_zone, self.contact_zone) if zone]


@dataclass(frozen=True)
class Whereabouts:
    """Every state and zone the person may be in, and the clocks that follow."""

    states: list[str]
    zones: list[str]
    clocks: list[Clock]


def decide(
    to: str,
    purpose: Purpose,
    at: datetime,
    *,
    address_state: str | None = None,
    address_zone: str | None = None,
    contact_zone: str | None = None,
    tenant_state: str | None = None,
    tenant_zone: str | None = None,
    tenant_window: TenantWindow | None = None,
    margin: timedelta = timedelta(0),
) -> HoursDecision:
    """Allow, hold until the next opening, or refuse a message to an E.164 number at an aware instant.

    Without a tenant window and margin the answer is the law's alone. A `reply` answers the person's own
    message or call at once and without promotion: it may go at any hour. Raises ValueError in plain words.
    """
    _check(purpose, at)
    place = place_of(to)
    where = _whereabouts(place, Known(address_state, address_zone, contact_zone, tenant_state, tenant_zone))
    if outright := _outright(place, purpose, where):
        return outright
    return _by_the_clock(_narrowed(where, tenant_window), at, margin)


def law_window(
    to: str,
    day: date,
    *,
    address_state: str | None = None,
    address_zone: str | None = None,
    contact_zone: str | None = None,
    tenant_state: str | None = None,
    tenant_zone: str | None = None,
) -> tuple[datetime, datetime] | None:
    """Opening and closing instants (UTC) of a local calendar day by law, or None when that day has no window."""
    known = Known(address_state, address_zone, contact_zone, tenant_state, tenant_zone)
    bounds = [clock.bounds(day) for clock in _whereabouts(place_of(to), known).clocks]
    spans = [bound for bound in bounds if bound]
    if not spans or len(spans) < len(bounds):
        return None
    opens, closes = max(start for start, _ in spans), min(end for _, end in spans)
    return (opens, closes) if opens < closes else None


def _whereabouts(place: Place, known: Known) -> Whereabouts:
    """Union of the places an area code, an address and the person's own word point to."""
    _check_known(known)
    zones = [*place.zones, *known.told_zones]
    if place.kind == "canada":
        return Whereabouts([], sorted(set(zones)), [_clock(CANADA, zone) for zone in sorted(set(zones))])
    states = sorted({place.state, known.address_state or ""} - {""})
    if not states:
        return _unlocated(known)
    if known.address_state and known.address_state != place.state and not known.address_zone:
        zones += zones_of_state(known.address_state)
    return _located(states, zones)


def _located(states: list[str], zones: list[str]) -> Whereabouts:
    zones = sorted(set(zones))
    return Whereabouts(states, zones, [_clock(state, zone) for state in states for zone in zones])


def _unlocated(known: Known) -> Whereabouts:
    """No state to go by: inside the hours of all lower 48 states, and of the business's own place."""
    clocks = [_clock(NO_STATE, zone) for zone in sorted({*LOWER_48, *known.told_zones})]
    home = [known.tenant_zone] if known.tenant_zone else zones_of_state(known.tenant_state or "")
    clocks += [_clock(known.tenant_state or FEDERAL, zone) for zone in home]
    states = [known.tenant_state] if known.tenant_state else []
    return Whereabouts(states, sorted({clock.zone for clock in clocks}), clocks)


def _clock(state: str, zone: str) -> Clock:
    return Clock(state, zone, partial(span_for, state))


def _narrowed(where: Whereabouts, window: TenantWindow | None) -> Whereabouts:
    if window is None:
        return where
    own = [Clock("TENANT", zone, window.span_on) for zone in where.zones]
    return Whereabouts(where.states, where.zones, [*where.clocks, *own])


def _outright(place: Place, purpose: Purpose, where: Whereabouts) -> HoursDecision | None:
    """The answers that need no clock."""

    def answer(decision: Decision, rule: str, explanation: str) -> HoursDecision:
        return HoursDecision(decision, rule, explanation, zones=where.zones, states=where.states)

    if place.kind == "premium":
        return answer("refuse", "refuse.premium", "This is a premium-rate number; it is never texted.")
    if purpose == "reply":
        return answer("allow", "allow.reply", "A prompt answer to the person's own message may go at any hour.")
    if place.kind in ("foreign", "other_nanp"):
        return answer("refuse", "refuse.outside_us", "This number is outside the United States.")
    if purpose == "marketing" and place.kind == "canada":
        return answer("refuse", "refuse.canada", "This is a Canadian number; marketing there needs Canadian consent.")
    if purpose == "marketing" and place.kind == "personal":
        return answer("refuse", "refuse.personal", "This is a personal-service number with no place; no marketing.")
    return None


def _by_the_clock(where: Whereabouts, at: datetime, margin: timedelta) -> HoursDecision:
    blocker = next((clock for clock in where.clocks if not clock.is_open(at)), None)
    closes = None if blocker else _closing(where.clocks, at)
    if closes and at < closes - margin:
        rule = "allow.hours." + "+".join(sorted({clock.owner for clock in where.clocks} - {"TENANT"}))
        explanation = f"Inside the allowed hours, which end {_spoken(closes, where.zones[0])}."
        return HoursDecision("allow", rule, explanation, closes=closes, zones=where.zones, states=where.states)
    rule, why = _reason(blocker, at) if blocker else ("hold.closing_margin", "The allowed hours are about to end.")
    until = _next_opening(where.clocks, at, margin)
    if until is None:
        why = f"{why} No allowed time was found in the next {SEARCH_DAYS} days."
        return HoursDecision("refuse", "refuse.no_legal_window", why, zones=where.zones, states=where.states)
    why = f"{why} The next allowed time is {_spoken(until, where.zones[0])}."
    return HoursDecision("hold", rule, why, until=until, zones=where.zones, states=where.states)


def _closing(clocks: list[Clock], at: datetime) -> datetime:
    return min(bounds[1] for clock in clocks if (bounds := clock.bounds(clock.local_day(at))))


def _next_opening(clocks: list[Clock], at: datetime, margin: timedelta) -> datetime | None:
    """The allowed time is an intersection, so it can only begin where one of its windows begins."""
    starts = {
        bounds[0]
        for clock in clocks
        for ahead in range(SEARCH_DAYS + 1)
        if (bounds := clock.bounds(clock.local_day(at) + timedelta(days=ahead)))
    }
    for start in sorted(start for start in starts if start > at):
        if all(clock.is_open(start) for clock in clocks) and start < _closing(clocks, start) - margin:
            return start
    return None


def _reason(clock: Clock, at: datetime) -> tuple[str, str]:
    """Rule id and plain words for the clock that is shut."""
    local = at.astimezone(ZoneInfo(clock.zone))
    name = "Your own setting" if clock.owner == "TENANT" else rule_for(clock.owner, local.date()).name
    span = clock.span_on(local.date())
    if span:
        hours = f"texts only from {span[0]:{CLOCK_TIME}} to {span[1]:{CLOCK_TIME}}"
        return f"hold.hours.{clock.owner}", f"{name}: {hours}; it is {local:{CLOCK_TIME}} in {_city(clock.zone)}."
    if clock.owner != "TENANT" and local.weekday() == 6:
        return f"hold.sunday.{clock.owner}", f"{name}: no texts on Sundays."
    if is_holiday(FEDERAL if clock.owner == "TENANT" else clock.owner, local.date()):
        return f"hold.holiday.{clock.owner}", f"{name}: no texts on holidays."
    return f"hold.day.{clock.owner}", f"{name}: no texts on {local:%A}s."


def _spoken(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %b %-d, {CLOCK_TIME}} in {_city(zone)}"


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _check(purpose: str, at: datetime) -> None:
    if purpose not in get_args(Purpose):
        raise ValueError(f"{purpose!r} is not a purpose: use marketing, informational or reply")
    if at.utcoffset() is None:
        raise ValueError("the time needs its offset, like 2026-11-24T14:00:00Z")
    if not 2000 <= at.year <= 2100:
        raise ValueError("the time must lie between the years 2000 and 2100")


def _check_known(known: Known) -> None:
    for state in filter(None, (known.address_state, known.tenant_state)):
        if not is_state(state):
            raise ValueError(f"{state!r} is not a US state code like TX")
    for zone in filter(None, (*known.told_zones, known.tenant_zone)):
        if not is_zone(zone):
            raise ValueError(f"{zone!r} is not a time zone like America/Chicago")
