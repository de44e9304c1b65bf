"""The demo's past, told at any hour of the day, holds together: nobody was texted whom the gate would refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from groundwork import scope
from groundwork.config import Settings
from groundwork.database import ScopedSession, open_session
from hallway.calls.models import Call, Phone
from hallway.channels.models import Number
from hallway.consent.models import GateDecision
from hallway.conversations import Conversation, Mention, Message, Task
from hallway.insight import home, tower
from hallway.playbooks import saved_replies
from tenants.models import Member, Tenant
from tests import makers
from workers.demo import crew, growing, month, world
from workers.demo.rings import Business

NOON = datetime(2026, 11, 18, 18, tzinfo=UTC)  # a Wednesday in Austin
SHOPS = {str(shop.columns["trade"]): shop for shop in world.SHOPS}


def live_through(trade: str, now: datetime) -> makers.Business:
    """The month of one demo business, as it ended at `now`."""
    shop = SHOPS[trade]
    columns = {key: shop.columns[key] for key in ("trade", "timezone", "state", "zip", "phone")}
    business = makers.make_tenant(str(shop.columns["name"]), shop.slug, hours=shop.hours, **columns)  # type: ignore[arg-type]
    for person in shop.people:
        makers.make_member(business, person.name, person.role, person.email)
    with business.open() as session:
        rows = rings_of(session)
        for story in sorted(month.stories(trade), key=lambda one: (-one.day, one.hour)):
            month.tell(session, rows, story, now)
    return business


def rings_of(session: ScopedSession) -> Business:
    return Business(
        tenant=session.scalars(select(Tenant)).one(),
        number=session.scalars(select(Number)).one(),
        phone=session.scalars(select(Phone)).one(),
        members=list(session.scalars(select(Member).order_by(Member.id))),
    )


@pytest.mark.parametrize("trade", SHOPS)
@pytest.mark.parametrize("hours", [-18, 81, 101])
def test_every_text_of_the_past_was_allowed_by_the_gate(clean: Settings, trade: str, hours: int) -> None:
    business = live_through(trade, NOON + timedelta(hours=hours))
    with business.open() as session:
        refused = session.scalars(select(GateDecision).where(GateDecision.answer != "allow")).all()
        assert [(one.rule, one.explanation, one.asked_at) for one in refused] == []
        texts = session.scalar(select(func.count(Message.id)).where(Message.direction == "out"))
        assert session.scalar(select(func.count(GateDecision.id))) == texts


def test_the_crew_has_left_a_note_a_text_for_later_and_replies_to_use(clean: Settings) -> None:
    business = live_through("plumbing", NOON)
    with business.open() as session:
        rows = rings_of(session)
        with time_machine.travel(NOON, tick=True):
            crew.work(session, rows, NOON)
        text = session.scalars(select(Message).where(Message.send_at.is_not(None))).one()
        assert (text.state, text.due_at) == ("queued", text.send_at)
        assert len(saved_replies.every(session)) == len(crew.REPLIES)
        assert session.scalar(select(func.count(Mention.id))) == 1
        assert session.scalar(select(func.count(Conversation.id)).where(Conversation.status == "snoozed")) == 1


def test_nothing_of_the_past_lies_in_the_future(clean: Settings) -> None:
    business = live_through("plumbing", NOON)
    with business.open() as session:
        assert session.scalars(select(Message.id).where(Message.delivered_at > NOON)).all() == []
        assert session.scalars(select(Call.id).where(Call.started_at > NOON)).all() == []


def test_a_week_of_a_plumber_is_told_with_callers_who_cannot_be_texted(clean: Settings) -> None:
    business = live_through("plumbing", NOON)
    with business.open() as session:
        found = home.today(session, session.scalars(select(Tenant)).one(), NOON + timedelta(minutes=1))
        kinds = set(session.execute(select(Task.kind, Task.rule)))
    assert all(day.missed >= 2 for day in found.week)
    assert sum(day.texted for day in found.week) < sum(day.missed for day in found.week)
    assert {("call_back", "landline"), ("call_back", "anonymous")} < kinds
    assert any(kind == "review_reply" for kind, _ in kinds)


def test_the_demo_agency_grows_to_clients_of_whom_three_need_help(clean: Settings) -> None:
    agency = makers.make_agency(**world.AGENCY)

    def connect(tenant: Tenant, area_code: str) -> None:
        with open_session(scope.tenant(tenant.id)) as session:
            e164 = f"+1{area_code}555{tenant.id.int % 10_000:04}"
            session.add(Number(e164=e164, provider_sid=f"PN{tenant.id.hex}", label="Main line"))

    assert growing.grow(6, connect) == 6
    assert growing.grow(6, connect) == 0
    with open_session(scope.SYSTEM) as session:
        ids = list(session.scalars(select(Tenant.id)))
    seen = tower.look(agency, ids)
    assert [bool(one.troubles) for one in seen] == [True, True, True, False, False, False]
