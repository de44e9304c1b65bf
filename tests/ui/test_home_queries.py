"""The home page's numbers, counted by hand against the query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from groundwork.database import ScopedSession
from hallway.calls.models import Phone
from hallway.channels.models import Number
from hallway.conversations import inbox
from hallway.insight import home
from hallway.insight.health import earliest_id
from tenants.models import Tenant
from tests import makers
from tests.makers import World

pytestmark = pytest.mark.usefixtures("clean")
NOON = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # 1 PM in Chicago


@pytest.fixture
def world() -> World:
    return makers.make_world()


def missed(session: ScopedSession, world: World, phone: str, at: datetime, *, text_after: float | None = 6) -> None:
    """A caller missed at `at`, texted some seconds later, and delivered two seconds after that."""
    talk = makers.make_conversation(session, makers.make_contact(session, phone, phone))
    call = makers.make_call(session, talk, business=world.plumber, caller=phone, at=at, missed_at=at)
    if text_after is not None:
        accepted = at + timedelta(seconds=text_after)
        text = makers.make_text_out(session, talk, business=world.plumber, to=phone, at=accepted, call_id=call.id,
                                    accepted_at=accepted, delivered_at=accepted + timedelta(seconds=2))  # fmt: skip
        call.text_back, call.text_back_message_id = "sent", text.id
        session.flush()


def read(session: ScopedSession, world: World, now: datetime = NOON) -> home.Home:
    tenant = session.get(Tenant, world.plumber.id)
    assert tenant
    return home.today(session, tenant, now)


def test_callers_are_counted_once_through_the_funnel(world: World) -> None:
    with world.plumber.open() as session:
        missed(session, world, "+15125550201", NOON - timedelta(minutes=50))
        missed(session, world, "+15125550201", NOON - timedelta(minutes=45), text_after=None)
        missed(session, world, "+15125550202", NOON - timedelta(minutes=40), text_after=10)
        missed(session, world, "+15125550203", NOON - timedelta(minutes=30), text_after=None)
        talk = makers.make_conversation(session, makers.make_contact(session, "A", "+15125550202"))
        makers.make_text_in(session, talk, business=world.plumber, at=NOON - timedelta(minutes=30))
        makers.make_text_out(session, talk, "On our way", business=world.plumber, kind="person",
                             at=NOON - timedelta(minutes=20))  # fmt: skip
        page = read(session, world)
    assert page.today[1:] == (3, 2, 1, 1)
    assert page.booked is None


def test_the_day_is_the_businesss_own(world: World) -> None:
    # 11:30 PM of the 9th and 12:30 AM of the 10th in Chicago; in UTC both are the 10th.
    with world.plumber.open() as session:
        missed(session, world, "+15125550201", datetime(2026, 3, 10, 4, 30, tzinfo=UTC))
        missed(session, world, "+15125550202", datetime(2026, 3, 10, 5, 30, tzinfo=UTC))
        week = read(session, world).week
    assert [day.missed for day in week] == [0, 0, 0, 0, 0, 1, 1]
    assert str(week[-1].date) == "2026-03-10"


def test_speed_is_the_median_and_the_95th_percentile(world: World) -> None:
    with world.plumber.open() as session:
        for n in range(1, 22):
            missed(session, world, f"+151255502{n:02d}", NOON - timedelta(hours=n), text_after=n)
        page = read(session, world)
    assert page.first_text == home.Speed(11.0, 20.0)
    assert page.delivered == home.Speed(13.0, 22.0)
    assert page.first_person is None


def test_each_number_of_the_funnel_leads_to_its_conversations(world: World) -> None:
    with world.plumber.open() as session:
        missed(session, world, "+15125550201", NOON - timedelta(minutes=50))
        missed(session, world, "+15125550202", NOON - timedelta(minutes=40), text_after=None)
        tenant = session.get(Tenant, world.plumber.id)
        assert tenant
        found = {
            step: len(inbox.page(session, "all", None, among=home.conversations_of(tenant, NOON, step)).lines)
            for step in home.STEPS
        }
    assert found == {"missed": 2, "texted": 1, "replied": 0, "answered": 0, "booked": 0}


def test_a_new_business_has_nothing_to_show_and_no_made_up_numbers(world: World) -> None:
    with world.plumber.open() as session:
        page = read(session, world)
    assert page.last_call is None
    assert (page.first_text, page.delivered, page.first_person) == (None, None, None)
    assert page.today[1:] == (0, 0, 0, 0)
    assert page.troubles == []


def test_what_would_make_a_caller_go_unheard_is_told(world: World) -> None:
    with world.plumber.open() as session:
        session.get_one(Number, (world.plumber.id, world.plumber.number_id)).ring_seconds = 30
        phone = session.get_one(Phone, (world.plumber.id, world.plumber.phone_id))
        phone.rings = phone.on_call = False
        talk = makers.make_conversation(session)
        makers.make_text_out(session, talk, business=world.plumber, state="undelivered", at=NOON)
        session.get_one(Tenant, world.plumber.id).text_back_enabled = False
        told = [trouble.words for trouble in read(session, world).troubles]
    assert told[0] == "Texting back is switched off"
    assert set(told) >= {"Main line rings for 30 seconds", "No phone of yours rings", "Nobody is on call",
                           "1 text was not delivered in the last 24 hours"}  # fmt: skip


def test_rows_since_a_moment_are_found_by_key() -> None:
    assert earliest_id(NOON).version == 7
    assert earliest_id(NOON) < earliest_id(NOON + timedelta(milliseconds=1))
