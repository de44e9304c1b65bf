"""What the gate would have said at a moment that is over: today's facts, with what changes in time put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from groundwork import config
from groundwork.database import Json, ScopedSession
from hallway import consent
from hallway.channels import Number
from hallway.consent import Ask, Decision, Facts
from hallway.consent.facts import Channel, Purpose, about_words
from hallway.consent.gathering import gather
from hallway.insight.past import Person, Sent

DAY, WEEK, TEN_MINUTES = timedelta(days=1), timedelta(days=7), timedelta(minutes=10)
OFFERS = ("follow_up", "marketing")
TOUCHES = ("informational", *OFFERS)
CHANNELS: tuple[Channel, ...] = ("sms", "email")


@dataclass(frozen=True)
class Letter:
    """A message the draft would have sent: by which channel, with which words, good until when."""

    channel: Channel
    purpose: Purpose
    words: str
    good_until: datetime


Today = Mapping[tuple[int, str], Facts]


def today(session: ScopedSession, people: list[Person], now: datetime) -> Today:
    """What the gate knows of each today, by the person's place in the list and the channel. Nothing is stored."""
    places: list[tuple[int, Channel]] = [(place, channel) for place in range(len(people)) for channel in CHANNELS]
    number = session.scalar(select(Number.e164).where(Number.active).order_by(Number.id).limit(1))
    senders = {"sms": number, "email": config.settings().mail_from if config.settings().mail_url else None}
    asks = [_ask(people[place], channel, senders[channel], now) for place, channel in places]
    return {key: known.facts for key, known in zip(places, gather(session, asks), strict=True)}


def answer(known: Facts, person: Person, letter: Letter, at: datetime, tenant_name: str) -> Decision:
    """The real rules' answer to this letter at that moment.

    Who the person was then (opt-outs, consent, what was said and sent) is put back to `at`. The business's settings,
    the line's type, blocks and pauses are taken as they are today, and texting as running.
    """
    then: Json = {"at": at, "purpose": letter.purpose, "expires_at": letter.good_until, "stopped_reason": None}
    then |= about_words(letter.words, tenant_name) | {"heard_at": person.heard_by(at)}
    then |= (
        _stops(person, letter.channel, at) | _consent(person, letter.channel, at) | _said(person, letter.channel, at)
    )
    return consent.decide(replace(known, **then))


def _ask(person: Person, channel: Channel, sender: str | None, now: datetime) -> Ask:
    return Ask(
        address=person.addresses.get(channel, ""),
        purpose="informational",
        kind="sequence",
        at=now,
        body="",
        channel=channel,
        sender=sender,
        lane="soon",
        conversation_id=person.conversation.id,
    )


def _stops(person: Person, channel: str, at: datetime) -> Json:
    address = person.addresses.get(channel)
    then = [
        stop
        for stop in person.stops
        if (stop.channel, stop.address) == (channel, address)
        and stop.created_at <= at
        and (stop.released_at is None or stop.released_at > at)
    ]
    every = [stop for stop in then if stop.scope == "all"]
    found: Json = {"marketing_stopped": len(every) < len(then)}
    return found | {
        "suppressed_reason": max((stop.reason for stop in every), default=None),
        "suppressed_at": max((stop.created_at for stop in every), default=None),
    }


def _consent(person: Person, channel: str, at: datetime) -> Json:
    address = person.addresses.get(channel)
    theirs = [one for one in person.consents if (one.channel, one.address) == (channel, address)]
    known = [one for one in reversed(theirs) if one.occurred_at <= at]
    about = next((one for one in known if one.purpose == "follow_up" or one.action == "revoked"), None)
    agreed = about.occurred_at if about and about.action == "granted" and about.wording else None
    last = next((one for one in known if one.purpose != "follow_up"), None)
    found: Json = {"consent_action": last.action if last else None, "consent_method": last.method if last else None}
    return found | {"consent_worded": bool(last and last.wording), "follow_up_agreed_at": agreed}


def _said(person: Person, channel: str, at: datetime) -> Json:
    """What had gone to them by then; a touch counts whichever way it came."""
    before = [one for one in person.sent if one.at <= at]
    mine = [one for one in before if one.channel == channel]
    touches = [one.at for one in before if one.automatic and one.purpose in TOUCHES]
    offers = [one.at for one in mine if one.purpose in OFFERS and one.at > at - DAY]
    day, week = ([one for one in touches if one > at - span] for span in (DAY, WEEK))
    return {
        "stop_said": any(one.says_stop for one in mine),
        "automatic_10m": len([one for one in mine if one.automatic and one.at > at - TEN_MINUTES]),
        "touches_24h": len(day),
        "touches_7d": len(week),
        "oldest_touch_24h": min(day, default=None),
        "oldest_touch_7d": min(week, default=None),
        "marketing_24h": len(offers),
        "oldest_marketing_24h": min(offers, default=None),
    }


def remember(person: Person, letter: Letter, at: datetime) -> None:
    """The letter went, in the replay: later ones count it."""
    person.sent.append(Sent(at, letter.channel, letter.purpose, automatic=True))
