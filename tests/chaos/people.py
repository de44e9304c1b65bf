"""People are followed up over three days of turned time while clock, workers, web, Redis and database are killed.

By the sandbox's own count nobody misses a touch, nobody gets one twice, and nobody gets one after a reply, a booking
or STOP.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from redis import RedisError
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from groundwork import clock
from groundwork.database import Json, dispose
from hallway import appointments, channels, followup
from hallway.channels import carrier as setting_up
from hallway.conversations import Conversation
from tests.carrier import Carrier
from tests.chaos.house import House, open_house
from tests.chaos.reaper import Reaper
from tests.followup.sequence import make_sequence
from tests.makers import Business, make_contact, make_conversation, make_tenant

# Name, zone, state, area code: four zones, one without summer time.
TOWNS = (
    ("Bluff Creek Plumbing", "America/Chicago", "TX", "512"),
    ("Foothills Roofing", "America/Denver", "CO", "303"),
    ("Peachtree Electric", "America/New_York", "GA", "404"),
    ("Saguaro Cooling", "America/Phoenix", "AZ", "602"),
)
TOUCHES = 3
# When each touch is due for everybody, after the morning on which it all begins, and how long the world goes on then.
STEPS: tuple[Json, ...] = (
    {"id": "one", "wait": {"minutes": 5}},
    {"id": "two", "wait": {"days": 1, "at": "10:00"}},
    {"id": "three", "wait": {"days": 1, "at": "10:00"}},
)
DUE = (timedelta(minutes=6), timedelta(days=1), timedelta(days=2))
BEGIN_HOUR = 17  # UTC: ten in Arizona, noon in Georgia
ACTING = 0.3  # of those still there, at each touch
PATIENCE = 300  # seconds that a touch may take to reach everybody who is left
WAITING = """
    select (select count(*) from message where state in ('held', 'queued', 'claimed', 'unknown'))
         + (select count(*) from timer where state = 'ready' and kind = 'sequence_step' and due_at <= %(now)s)
         + (select count(*) from inbound_event where state = 'new')
"""
HEARD = "select count(distinct from_address) from message where direction = 'in' and from_address = any(%(phones)s)"
ACCOUNT_OF = """
    select s.step || ' ' || s.outcome || ' ' || s.rule || ' due ' || s.due_at || ' at ' || s.at
      from enrollment_step s join enrollment e on e.id = s.enrollment_id
      join contact_point p on p.contact_id = e.contact_id where p.value = %(phone)s
    union all select m.direction || ' ' || m.kind || ' ' || m.state || ' ' || m.at || ' accepted '
      || coalesce(m.accepted_at::text, '-') || ' ' || coalesce(m.error, '') from message m
      where %(phone)s in (m.to_address, m.from_address)
    union all select 'timer ' || t.key || ' ' || t.state || ' ' || t.due_at from timer t
      join enrollment e on t.key like e.id || ':%%' join contact_point p on p.contact_id = e.contact_id
      where p.value = %(phone)s
"""


@dataclass
class Customer:
    """One person. `most` and `least` are the touches they may and must have got in the end."""

    business: Business
    phone: str
    conversation: UUID
    least: int = TOUCHES
    most: int = TOUCHES
    act: str = ""


def run(count: int, seed: int) -> bool:
    """Follow `count` people up; True when everybody got what they had to and nothing more."""
    chance = random.Random(seed)
    with open_house(_businesses, turned=True) as house:
        _turn_to_the_first_morning(house.carrier)
        begin = clock.now()
        people = list(_people(house.businesses, count))
        print(f"{count} people enrolled; a part needs {house.boot:.0f} s to start", flush=True)
        # Killed more often than it can start, nothing would ever be done.
        with Reaper(house, chance, (min(2.0, house.boot / 2), min(8.0, house.boot * 2))) as reaper:
            for touch, due in enumerate(DUE):
                _turn_to(house.carrier, begin + due)
                _one_touch(house, people, touch, random.Random(seed + touch))
        print(f"killed: {dict(reaper.killed)}", flush=True)
        _drain(house)
        time.sleep(10)  # a second one would come soon after the first
        return _judge(house, people)


# -- the world ---------------------------------------------------------------------------------------------------


def _businesses(carrier: Carrier) -> list[Business]:
    return [_business(carrier, place, *town) for place, town in enumerate(TOWNS)]


def _business(carrier: Carrier, place: int, name: str, zone: str, state: str, area: str) -> Business:
    """A business with its own account at the carrier, and a sequence of three texts after a form."""
    sid, token = setting_up.make_account(name)
    made = make_tenant(
        name, f"town-{place}", timezone=zone, state=state, number=f"+1{area}5550100", cell=f"+1{area}5550177",
        account_sid=sid, auth_token=token,
    )  # fmt: skip
    urls = channels.hook_urls(made.account)
    carrier.sdk(sid, token).incoming_phone_numbers.create(
        phone_number=made.number, sms_url=urls["message"], sms_method="POST", voice_url=urls["voice"],
        status_callback=urls["call-status"],
    )  # fmt: skip
    with made.open() as session:
        session.execute(update(channels.Number).values(per_second=10_000))
    texts = [_text(place, step) for place, step in enumerate(STEPS)]
    make_sequence(made, *texts, skip_live_minutes=0)
    return made


def _text(place: int, step: Json) -> Json:
    body = f"{{{{ business.name }}}} here. Touch {place + 1} of three: still need a hand?"
    return {**step, "kind": "sms", "body": body, "good_for_hours": 8}


def _people(businesses: list[Business], count: int) -> Iterator[Customer]:
    for number in range(count):
        business, area = businesses[number % len(TOWNS)], TOWNS[number % len(TOWNS)][3]
        phone = f"+1{area}{2_000_000 + number}"
        with business.open() as session:
            contact = make_contact(session, "", phone, line_type="mobile", line_checked_at=clock.now())
            conversation = make_conversation(session, contact, source="form")
            followup.moment(session, "form", conversation, number)
        yield Customer(business, phone, conversation.id)


def _turn_to_the_first_morning(carrier: Carrier) -> None:
    now = datetime.now(UTC)
    tuesday = now.date() + timedelta(days=(1 - now.weekday()) % 7 or 7)
    _turn_to(carrier, datetime(tuesday.year, tuesday.month, tuesday.day, BEGIN_HOUR, 5, tzinfo=UTC))


def _turn_to(carrier: Carrier, moment: datetime) -> None:
    ahead = (moment - clock.now()).total_seconds()
    if ahead > 0:
        carrier.control("POST", "clock", {"seconds": ahead})


# -- one touch ---------------------------------------------------------------------------------------------------


def _one_touch(house: House, people: list[Customer], touch: int, chance: random.Random) -> None:
    """The touch falls due for all; some act while it is under way, some once it has arrived."""
    there = [one for one in people if not one.act]
    acting = chance.sample(there, int(len(there) * ACTING))
    under_way, afterwards = acting[: len(acting) // 2], acting[len(acting) // 2 :]
    for one in under_way:
        one.least, one.most = touch, touch + 1
        _act(house, one, chance)
        if chance.random() < 0.05:
            house.carrier.control("POST", "clock", {"seconds": 120})
    _drain(house)
    for one in afterwards:
        one.least = one.most = touch + 1
        _act(house, one, chance)
    _drain(house, afterwards + under_way)
    print(f"touch {touch + 1}: {len(acting)} of {len(there)} replied, booked or wrote STOP", flush=True)


def _act(house: House, one: Customer, chance: random.Random) -> None:
    one.act = chance.choice(("reply", "booking", "STOP"))
    if one.act == "booking":
        _until_it_works(lambda: _book(one))
    else:
        words = "STOP" if one.act == "STOP" else "Yes please, can you come by on Thursday?"
        house.carrier.text(one.phone, one.business.number, words)


def _book(one: Customer) -> None:
    with one.business.open() as session:
        conversation = session.get_one(Conversation, (one.business.id, one.conversation))
        appointments.book(session, conversation, clock.in_(days=60), untold="They were there when it was booked.")


def _until_it_works(deed: Callable[[], Any]) -> Any:
    """The database or Redis may be away for a moment; whoever acts tries again, as a person would."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return deed()
        except (SQLAlchemyError, psycopg.Error, RedisError):
            if time.monotonic() > deadline:
                raise
            dispose()
            time.sleep(0.3)


def _drain(house: House, acted: list[Customer] | None = None) -> None:
    """Until nothing is due any more and everybody who wrote was heard."""
    wrote = [one.phone for one in acted or () if one.act != "booking"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        left = _until_it_works(lambda: house.ask(WAITING, now=clock.now())[0][0])
        heard = _until_it_works(lambda: house.ask(HEARD, phones=wrote)[0][0])
        if left == 0 and heard == len(wrote):
            return
        time.sleep(1)
    print(f"still {left} waiting and {len(wrote) - heard} unheard after {PATIENCE} s", flush=True)


# -- the verdict -------------------------------------------------------------------------------------------------


def _judge(house: House, people: list[Customer]) -> bool:
    """Count by the carrier: which touches each phone got, and how often."""
    arrived: dict[str, Counter[str]] = {one.phone: Counter() for one in people}
    for message in house.carrier.control("GET", "received"):
        if " of three:" in message["body"]:
            arrived[message["to"]][message["body"].split(" of three:")[0][-1]] += 1
    wrong = [one for one in people if not _right(one, arrived[one.phone])]
    counts = Counter(sum(found.values()) for found in arrived.values())
    acts = Counter(one.act or "silent" for one in people)
    print(f"{dict(acts)}; touches got: {dict(sorted(counts.items()))}; wrong: {len(wrong)}; kept in {house.folder}")
    for one in wrong[:20]:
        print(f"  {one.phone} {one.act or 'silent'} {one.least}..{one.most}, got {dict(arrived[one.phone])}")
        for line in house.ask(ACCOUNT_OF, phone=one.phone):
            print(f"    {line[0]}")
    return not wrong


def _right(one: Customer, got: Counter[str]) -> bool:
    in_order = sorted(got) == [str(n + 1) for n in range(len(got))]
    return in_order and set(got.values()) <= {1} and one.least <= len(got) <= one.most
