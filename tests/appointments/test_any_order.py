"""Whatever is booked, moved and cancelled in whatever order: each version is told once at most, and only while true."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from groundwork import clock, timers
from hallway import appointments
from hallway.appointments import Appointment
from hallway.appointments.planning import plan, wall
from hallway.conversations import Message
from hallway.sending import Lane
from hallway.sending.claiming import claim
from tests import makers
from tests.makers import Business
from workers import jobs

BEGIN = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
_numbers = count(100)
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(1, 60)),  # hours go by
        st.tuples(st.just("move"), st.integers(2, 120)),  # to so many hours from then
        st.tuples(st.just("amend"), st.integers(0, 1)),
        st.tuples(st.just("sleep"), st.integers(1, 40)),  # hours in which nothing runs
        st.tuples(st.just("cancel"), st.just(0)),
    ),
    max_size=8,
)


@given(first=st.integers(1, 120), actions=ACTIONS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_version_is_told_once_at_most_and_only_while_it_is_true(
    plumber: Business, first: int, actions: list[tuple[str, int]]
) -> None:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        visit, talk = _book(plumber, first)
        in_force = [(clock.now(), 1)]
        for action, amount in [*actions, ("pass", 150)]:
            if action in ("pass", "sleep"):
                _hours(plumber, traveller, amount, awake=action == "pass")
            else:
                traveller.shift(60)
                in_force.append((clock.now(), _change(plumber, visit, action, amount)))
                _work(plumber)
    with plumber.open() as session:
        over = session.get_one(Appointment, (plumber.id, visit))
        left = (Message.conversation_id == talk, Message.claimed_at.is_not(None))
        texts = session.scalars(select(Message).where(*left)).all()
    told = [(text.kind, text.appointment_version) for text in texts]
    assert len(told) == len(set(told))
    for text in texts:
        assert text.claimed_at
        assert text.appointment_version == [version for at, version in in_force if at <= text.claimed_at][-1]
        if over.status == "cancelled" and text.kind != "appointment_cancelled":
            assert over.over_at
            assert text.claimed_at <= over.over_at


def _book(business: Business, hours: int) -> tuple[UUID, UUID]:
    with business.open() as session:
        phone = f"+1512555{next(_numbers) % 9000 + 1000:04}"
        talk = makers.make_conversation(session, makers.make_contact(session, "Dana", phone, line_type="mobile"))
        visit = appointments.book(session, talk, clock.in_(hours=hours))
    _work(business)
    return visit.id, talk.id


def _change(business: Business, visit_id: UUID, action: str, amount: int) -> int:
    with business.open() as session:
        visit = session.get_one(Appointment, (business.id, visit_id))
        if action == "cancel":
            appointments.cancel(session, visit)
        elif visit.status != "cancelled" and action == "move":
            appointments.reschedule(session, visit, clock.in_(hours=amount))
        elif visit.status != "cancelled":
            appointments.amend(session, visit, technician=("Luis", "Rosa")[amount])
        return visit.version


def _hours(business: Business, traveller: time_machine.Traveller, hours: int, *, awake: bool) -> None:
    for _ in range(hours // 3 + 1 if awake else 1):
        traveller.shift(timedelta(hours=3 if awake else hours))
        _work(business)


def _work(business: Business) -> None:
    """The workers' part up to the carrier: what they claim counts as gone."""
    while timers.run_due(business.id, jobs.TIMERS):
        pass
    lanes: tuple[Lane, ...] = ("now", "soon")
    for lane in lanes:
        with business.open() as session:
            claim(session, lane)
            gone = update(Message).where(Message.tenant_id == business.id, Message.state == "claimed")
            session.execute(gone.values(state="delivered", due_at=None))


@given(
    day=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001  (a wall clock)
    zone=st.sampled_from(["America/Phoenix", "America/Chicago", "America/Indiana/Indianapolis", "America/New_York"]),
    eve=st.times(),
    morning=st.times(),
)
def test_reminders_stand_on_the_property_s_wall_clock(day: datetime, zone: str, eve: time, morning: time) -> None:
    at = {"eve": f"{eve:%H:%M}", "morning": f"{morning:%H:%M}"}
    starts_at = wall(day.date(), f"{day:%H:%M}", zone)
    before, same = plan(starts_at, zone, BEGIN, at["eve"], at["morning"])
    for one, wanted, ahead in ((before, at["eve"], 1), (same, at["morning"], 0)):
        local = one.due_at.astimezone(ZoneInfo(zone))
        assert wall(local.date(), wanted, zone) == one.due_at
        assert (starts_at.astimezone(ZoneInfo(zone)).date() - local.date()).days == ahead
        if one.rule is None:
            assert BEGIN < one.due_at < one.good_until
