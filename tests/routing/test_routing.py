"""Where a lead goes, why, what happens when nobody answers, and what is asked of the customer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from hallway import sending
from hallway.calls import Alarm
from hallway.contacts import find
from hallway.conversations import Message
from hallway.leads import LeadField
from hallway.leads.times import window_of
from hallway.routing import places
from hallway.routing.models import RoutingRule
from hallway.routing.rules import Traits, choose
from tenants import hours, shifts
from tenants.models import Member, Tenant
from tests import makers
from tests.inbound.door import text_in
from tests.makers import DANA, MARCUS, PRIYA, Business, World
from tests.routing.conftest import ALWAYS, WORKDAY
from tests.routing.door import conversations, notices_of, steps, texts_to, work

USUAL = {"services": [], "places": [], "keywords": [], "channels": [], "hours": "any", "active": True}


@pytest.fixture
def plumber(world: World) -> Business:
    return world.plumber


def member(business: Business, role: str) -> UUID:
    found = business.people[role].member
    assert found
    return found


def put_on_shift(business: Business, *roles: str) -> None:
    with business.open() as session:
        for role in roles:
            shifts.keep(session, session.get_one(Member, (business.id, member(business, role))), ALWAYS)


def rule(business: Business, name: str, **values: object) -> None:
    leads_to = {"team_id": None, "member_id": None, **USUAL, "name": name, **values}
    with business.open() as session:
        places.keep_rule(session, None, leads_to)


def plan(business: Business, **values: object) -> None:
    with business.open() as session:
        places.change_plan(session, values)


def asked(business: Business) -> list[str]:
    with business.open() as session:
        return list(session.scalars(select(Message.body).where(Message.kind == "question").order_by(Message.id)))


def test_the_first_rule_that_fits_decides_and_the_thread_can_say_why(plumber: Business) -> None:
    rule(plumber, "Toilets", keywords=["toilet"], member_id=member(plumber, "owner"))
    rule(plumber, "South Austin", places=["787"], member_id=member(plumber, "agent"))
    text_in(plumber, "Water heater leaking at 1120 Bluff Creek Dr, Austin TX 78704")
    assert conversations(plumber)[0].assigned_to == member(plumber, "agent")
    with plumber.open() as session:
        from_rule = session.scalars(select(RoutingRule)).all()
        traits = Traits(zip="78704", words="my toilet")
        fit = choose(from_rule, traits)
        assert fit
        assert fit.why == "Rule “Toilets”: they said “toilet”"
    assert steps(plumber) == [("lead", "Bob Tran")]


def test_a_rule_of_one_business_routes_nothing_of_the_other(world: World) -> None:
    rule(world.plumber, "All", member_id=member(world.plumber, "agent"))
    text_in(world.charlie, "My garage door is stuck", PRIYA)
    assert steps(world.charlie) == [("lead", "Charlie Novak")]
    assert steps(world.plumber) == []


def test_leads_go_in_turn_to_those_on_shift_alone(plumber: Business) -> None:
    put_on_shift(plumber, "agent")
    makers.make_member(plumber, "Rosa Diaz", "manager")
    for sender in (DANA, MARCUS, PRIYA, "+15125550171"):
        text_in(plumber, "My sink is leaking", sender)
    assert sorted(name for _, name in steps(plumber)) == ["Alice Romero", "Alice Romero", "Bob Tran", "Bob Tran"]


def test_who_says_more_is_routed_by_what_they_say_until_somebody_takes_it_in_hand(plumber: Business) -> None:
    rule(plumber, "Water heaters", services=["water_heater_leak"], member_id=member(plumber, "agent"))
    text_in(plumber, "Hello?")
    assert conversations(plumber)[0].assigned_to == member(plumber, "owner")
    text_in(plumber, "My water heater is leaking")
    assert conversations(plumber)[0].assigned_to == member(plumber, "agent")
    assert steps(plumber) == [("lead", "Alice Romero"), ("again", "Bob Tran")]


def test_silence_goes_to_the_next_person_then_everybody_then_on_call_until_somebody_answers(
    plumber: Business, workday: time_machine.Traveller
) -> None:
    put_on_shift(plumber, "agent")
    plan(plumber, otherwise="on_shift", escalate_minutes=5, escalate_to="next")
    text_in(plumber, "My sink is leaking")
    first = conversations(plumber)[0].assigned_to
    for minutes, told in ((4, 1), (6, 2), (12, 3), (18, 4)):
        workday.move_to(WORKDAY + timedelta(minutes=minutes))
        work(plumber)
        assert len(steps(plumber)) == told
    assert [step for step, _ in steps(plumber)] == ["lead", "next", "everybody", "on_call"]
    assert conversations(plumber)[0].assigned_to != first
    with plumber.open() as session:
        assert session.scalars(select(Alarm.reason)).all() == ["unanswered"]
    assert "A lead nobody has answered" in texts_to(plumber, plumber.cell)[-1]
    workday.move_to(WORKDAY + timedelta(hours=3))
    work(plumber)
    assert len(steps(plumber)) == 4


def test_an_answer_in_time_ends_the_escalation(plumber: Business, workday: time_machine.Traveller) -> None:
    plan(plumber, otherwise="on_shift", escalate_minutes=5, escalate_to="on_call")
    text_in(plumber, "My sink is leaking")
    work(plumber)
    text_in(plumber, "On my way", plumber.cell)
    workday.move_to(WORKDAY + timedelta(minutes=6))
    work(plumber)
    assert steps(plumber) == [("lead", "Alice Romero")]


def test_at_night_nobody_is_chased_before_the_doors_open(plumber: Business, workday: time_machine.Traveller) -> None:
    plan(plumber, otherwise="on_shift", escalate_minutes=5, escalate_to="on_call")
    workday.move_to(WORKDAY + timedelta(hours=10))  # 9 pm
    text_in(plumber, "My sink is leaking")
    workday.move_to(WORKDAY + timedelta(hours=11))
    work(plumber)
    assert len(steps(plumber)) == 1
    workday.move_to(WORKDAY + timedelta(hours=21, minutes=6))  # 8:06 am
    work(plumber)
    assert [step for step, _ in steps(plumber)] == ["lead", "on_call"]


def test_off_shift_one_is_left_in_peace_unless_it_is_urgent(plumber: Business) -> None:
    with plumber.open() as session:
        one = session.get_one(Member, (plumber.id, member(plumber, "owner")))
        shifts.keep(session, one, {"sun": [("08:00", "12:00")]})
    rule(plumber, "All", member_id=member(plumber, "owner"))
    text_in(plumber, "I would like a new faucet some time")
    work(plumber)
    assert [one.quiet for one in notices_of(plumber, "new_lead")] == [True]
    assert texts_to(plumber, plumber.cell) == []
    text_in(plumber, "My basement is flooding, pipe burst!", MARCUS)
    work(plumber)
    assert any("New lead" in text for text in texts_to(plumber, plumber.cell))


def test_a_burst_of_texts_is_one_card(plumber: Business) -> None:
    for words in ("My sink is leaking", "in the kitchen", "please hurry"):
        text_in(plumber, words)
        work(plumber)
    assert len([text for text in texts_to(plumber, plumber.cell) if "New lead" in text]) == 1


@pytest.fixture
def asking(plumber: Business) -> Business:
    plan(plumber, otherwise="on_shift", escalate_minutes=0, questions_on=True, most_questions=3)
    return plumber


def test_what_is_missing_is_asked_one_at_a_time_and_what_is_known_is_not(asking: Business) -> None:
    text_in(asking, "Hi, my water heater is leaking")
    assert len(asked(asking)) == 1
    assert "address" in asked(asking)[0]
    text_in(asking, "1120 Bluff Creek Dr, Austin TX 78704")
    assert len(asked(asking)) == 2
    assert "good time" in asked(asking)[1]
    text_in(asking, "tomorrow after 3")
    assert len(asked(asking)) == 2


def test_an_answer_that_answers_nothing_ends_the_questions(asking: Business) -> None:
    text_in(asking, "Hi, my water heater is leaking")
    text_in(asking, "How much would that be?")
    assert len(asked(asking)) == 1


def test_questions_stop_when_one_of_ours_writes(asking: Business) -> None:
    text_in(asking, "Hi, my water heater is leaking")
    work(asking)
    text_in(asking, "Where is it?", asking.cell)
    text_in(asking, "1120 Bluff Creek Dr, Austin TX 78704")
    assert len(asked(asking)) == 1


def test_nothing_is_asked_in_an_emergency_after_a_stop_or_where_the_tenant_does_not_want_it(
    world: World, asking: Business
) -> None:
    text_in(asking, "I smell gas in the kitchen!!")
    text_in(asking, "please stop texting me", MARCUS)
    text_in(world.charlie, "My garage door is stuck", PRIYA)
    assert asked(asking) == asked(world.charlie) == []


def test_never_more_questions_than_the_tenant_allows_and_in_the_customers_language(asking: Business) -> None:
    plan(asking, most_questions=1)
    text_in(asking, "Hola, tengo una fuga de agua en mi casa")
    assert asked(asking)[0].startswith("Bluff Creek Plumbing: Gracias.")
    text_in(asking, "1120 Bluff Creek Dr, Austin TX 78704")
    assert len(asked(asking)) == 1


@pytest.mark.parametrize(
    ("said", "local"),
    [
        ("My sink leaks at 1120 Main St, Phoenix AZ 85004. Can you come tomorrow at 9am?", "2026-11-19T09:00:00-07:00"),
        ("My sink leaks, can you come tomorrow at 9am?", "2026-11-19T09:00:00-06:00"),
        ("Sink leaks at 200 Ocean Ave, Boston MA 02108, tomorrow at 9am please", "2026-11-19T09:00:00-05:00"),
        ("Mi baño tiene una fuga, 85004, mañana a las 9", "2026-11-19T09:00:00-07:00"),
    ],
)
def test_hours_are_meant_on_the_clock_of_the_property(plumber: Business, said: str, local: str) -> None:
    text_in(plumber, said)
    with plumber.open() as session:
        value = session.scalars(select(LeadField.value).where(LeadField.name == "preferred_time")).one()
    assert window_of(value)[0].isoformat() == local


def test_a_lead_that_is_somebodys_already_stays_theirs(plumber: Business) -> None:
    with plumber.open() as session:
        talk = makers.make_conversation(session, assigned_to=member(plumber, "agent"))
        sending.queue(session, talk, "Hi", kind="person", purpose="reply", shelf_life=timedelta(hours=1))
        assert find(session, DANA)
    text_in(plumber, "My sink is leaking")
    assert steps(plumber) == []
    assert [one.member_id for one in notices_of(plumber)] == [member(plumber, "agent")]


def test_a_night_shift_runs_past_midnight_on_the_businesss_clock(plumber: Business) -> None:
    with plumber.open() as session:
        one = session.get_one(Member, (plumber.id, member(plumber, "owner")))
        shifts.keep(session, one, {"wed": [("22:00", "06:00")]})
        tenant = session.get_one(Tenant, plumber.id)
        zone = hours.zone(tenant)
        night = WORKDAY.astimezone(zone).replace(hour=23)
        at = [night, night + timedelta(hours=6), night + timedelta(hours=8), night - timedelta(hours=3)]
        assert [shifts.is_on_shift(session, tenant, one.id, moment) for moment in at] == [True, True, False, False]
        with pytest.raises(shifts.ShiftError, match="overlap"):
            shifts.keep(session, one, {"mon": [("08:00", "12:00"), ("11:00", "15:00")]})
