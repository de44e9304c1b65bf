"""Put a conversation aside until a time: it leaves the lists of work; a timer or a word from them brings it back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from groundwork import clock, live, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.conversations import notes
from hallway.conversations.models import Conversation
from tenants import hours
from tenants.models import Tenant

TIMER = "wake"
MORNING, NOON = time(8), time(12)
TEXT_MORNING = time(9)  # Texas allows none before (rulebook/data/state_rules.tsv)
EVENING = time(18)
A_WHILE = timedelta(hours=3)
LONGEST = timedelta(days=366)


class SnoozeError(ValueError):
    """A time that cannot be slept until; the message says why."""


class Choice(NamedTuple):
    """One of the usual times: its key in the form, its words, and the moment."""

    key: str
    words: str
    at: datetime


def choices(tenant: Tenant, now: datetime, morning: time = MORNING) -> list[Choice]:
    """Later today while the day still has hours, tomorrow morning, and Monday when that is another day."""
    zone = hours.zone(tenant)
    local = now.astimezone(zone)
    later = (now + A_WHILE).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if later.time() < morning:
        later = datetime.combine(later.date(), NOON, zone)
    tomorrow = local.date() + timedelta(days=1)
    monday = local.date() + timedelta(days=7 - local.weekday())
    found = [Choice("tomorrow", "Tomorrow morning", datetime.combine(tomorrow, morning, zone))]
    if later.date() == local.date() and later.time() <= EVENING:
        found.insert(0, Choice("today", "Later today", later))
    if monday != tomorrow:
        found.append(Choice("monday", "Monday morning", datetime.combine(monday, morning, zone)))
    return found


def moment(tenant: Tenant, now: datetime, chosen: str, picked: str = "", morning: time = MORNING) -> datetime:
    """The moment of a choice's key, or of `picked` (2026-11-28T09:30 by the business's clock). Raises SnoozeError."""
    usual = {choice.key: choice.at for choice in choices(tenant, now, morning)}
    if chosen in usual:
        return usual[chosen]
    return wall_clock(tenant, now, picked)


def wall_clock(tenant: Tenant, now: datetime, picked: str) -> datetime:
    """A time as a browser's field gives it, in the business's zone; an hour that the spring skips is moved on.

    Raises SnoozeError for what is no time, is over, or is more than a year away.
    """
    try:
        naive = datetime.fromisoformat(picked)
        # Through UTC and back: 2:30 in the night when clocks go forward becomes 3:30.
        at = naive.replace(tzinfo=hours.zone(tenant)).astimezone(UTC) if naive.tzinfo is None else None
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise SnoozeError("Choose a day and a time.")
    if at <= now:
        raise SnoozeError("That time is over. Choose a later one.")
    if at - now > LONGEST:
        raise SnoozeError("That is more than a year away. Choose an earlier time.")
    return at


def snooze(session: ScopedSession, conversation: Conversation, until: datetime, by: notes.Author) -> None:
    """Put it aside until `until`; who waited waits on, and is shown as waiting since then once it is back."""
    conversation.status, conversation.snoozed_until, conversation.unread = "snoozed", until, False
    timers.put(session, TIMER, conversation.id, until, move=True)
    tenant = session.get_one(Tenant, session.tenant_id)
    words = until.astimezone(hours.zone(tenant)).strftime("%A, %B %-d, %-I:%M %p")
    notes.write(session, conversation, "", by, kind="snooze", about=f"Snoozed until {words}")


def wake(session: ScopedSession, timer: Timer) -> None:
    """Handler of `wake`: back among the open ones, on top and unread. Nothing when it woke before."""
    conversation = session.get(Conversation, (session.tenant_id, UUID(timer.key)), with_for_update=True)
    now = clock.now()
    if conversation is None or conversation.status != "snoozed":
        return
    if conversation.snoozed_until and conversation.snoozed_until > now:
        return
    conversation.status, conversation.snoozed_until, conversation.unread = "open", None, True
    conversation.last_event_at = now
    live.tell(session, "conversation", conversation.id)
