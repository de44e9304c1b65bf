"""`hallway demo clients 40`: the demo agency grows to so many clients, three of which need help."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import click
from sqlalchemy import func, select

from groundwork import clock, scope
from groundwork.database import ScopedSession, new_id, open_session
from hallway.calls.models import Call, Phone
from hallway.channels.models import Number
from hallway.conversations import Conversation
from hallway.followup import MOMENTS, sequences
from hallway.registration.models import Registration
from tenants import accounts
from tenants.models import Agency, Member, Tenant
from workers import seed, surroundings
from workers.demo import month, world
from workers.demo.rings import Business

TOWNS = ("Cedar Park", "Round Rock", "Lakeway", "Dripping Springs", "Buda", "Kyle", "San Marcos", "Bastrop", "Hutto",
         "Leander", "Manor", "Elgin", "Lockhart", "Wimberley")  # fmt: skip
KINDS = (("Plumbing", "plumbing"), ("Roofing", "roofing"), ("Garage Doors", "garage_doors"))
MOST = len(TOWNS) * len(KINDS)


@click.group()
def demo() -> None:
    """More of the demo world."""


@demo.command()
@click.argument("number", type=click.IntRange(1, MOST))
def clients(number: int) -> None:
    """Let the demo agency have NUMBER clients; the last three that are new need help."""
    surroundings.adopt_running(os.environ)
    made = grow(number, seed.connect_and_buy)
    click.echo(f"{made} clients were added." if made else f"There are {number} clients or more already.")


def grow(number: int, connect: Callable[[Tenant, str], None]) -> int:
    """Add what is missing to `number`; returns how many. `connect(tenant, area_code)` gives each its phone number."""
    with open_session(scope.SYSTEM) as session:
        agency = session.scalars(select(Agency).where(Agency.slug == world.AGENCY["slug"])).one_or_none()
        if agency is None:
            raise click.ClickException("The demo agency is not here. Start `hallway run` on an empty installation.")
        there = session.scalar(select(func.count()).where(Tenant.agency_id == agency.id)) or 0
        known = set(session.scalars(select(Tenant.name)))
    free = [(f"{town} {kind}", trade) for kind, trade in KINDS for town in TOWNS]
    wanted = [one for one in free if one[0] not in known][: max(0, number - there)]
    for place, (name, trade) in enumerate(wanted):
        needs = NEEDS[len(wanted) - 1 - place] if len(wanted) - place <= len(NEEDS) else None
        _open(agency.id, name, trade, place, connect, needs)
    return len(wanted)


def _open(
    agency_id: UUID,
    name: str,
    trade: str,
    place: int,
    connect: Callable[[Tenant, str], None],
    needs: Callable[[ScopedSession], None] | None,
) -> None:
    slug = name.lower().replace(" ", "-")
    tenant = Tenant(id=new_id(), agency_id=agency_id, name=name, slug=slug, trade=trade, timezone="America/Chicago")
    tenant.state, tenant.zip, tenant.hours, tenant.phone = "TX", "78704", world.WEEK, f"+1512555{3000 + place}"
    with open_session(scope.SYSTEM) as session:
        session.add(tenant)
        session.flush()
        owner = accounts.create_account(session, f"owner@{slug}.example", f"Owner of {name}", world.PASSWORD)
    with open_session(scope.tenant(tenant.id)) as session:
        session.add(Member(user_id=owner.id, name=owner.name, email=owner.email, role="owner"))
        session.add(Phone(id=new_id(), label="Owner's cell", e164=tenant.phone, rings=True, on_call=True))
    connect(tenant, "512")
    with open_session(scope.tenant(tenant.id)) as session:
        _live(session, place)
        if needs:
            needs(session)


def _live(session: ScopedSession, place: int) -> None:
    """A few conversations of the past, all answered but perhaps one of just now."""
    now = clock.now()
    business = Business(
        tenant=session.scalars(select(Tenant)).one(),
        number=session.scalars(select(Number)).one(),
        phone=session.scalars(select(Phone)).one(),
        members=list(session.scalars(select(Member))),
    )
    for moment in MOMENTS:
        sequences.install(session, moment)
    told = sorted(month.stories(business.tenant.trade), key=lambda one: (-one.day, one.hour))
    for story in told[place % 3 :: 3]:
        month.tell(session, business, story, now)
    session.flush()
    for call in session.scalars(select(Call).where(Call.outcome == "missed", Call.text_back.is_(None))):
        call.text_back, call.text_back_reason = "skipped", "They were texted for the call before."
    for number, talk in enumerate(session.scalars(select(Conversation).order_by(Conversation.last_event_at.desc()))):
        talk.waiting_since = now - timedelta(minutes=7 + place) if number == 0 and place % 4 == 0 else None


def _stop(session: ScopedSession) -> None:
    tenant = session.scalars(select(Tenant)).one()
    tenant.sending_stopped_reason = "The carrier suspended the account: unpaid balance."


def _refuse(session: ScopedSession) -> None:
    reasons = [{"field": "website", "words": "The website does not show the business's name."}]
    session.add(Registration(kind="10dlc", state="refused", reasons=reasons, tries=1, decided_at=clock.now()))


def _keep_waiting(session: ScopedSession) -> None:
    talks = session.scalars(select(Conversation).order_by(Conversation.last_event_at.desc()).limit(3)).all()
    for days, talk in enumerate(talks, 1):
        talk.waiting_since, talk.status = clock.now() - timedelta(days=days, hours=2), "open"


NEEDS = (_stop, _refuse, _keep_waiting)
