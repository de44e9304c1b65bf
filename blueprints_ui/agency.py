"""The businesses a person may open, the agency's view over its clients, and switching between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from blueprints_ui import guard
from blueprints_ui.guard import account_page, page
from groundwork import clock, config, scope
from groundwork.database import open_session
from hallway.calls.models import Call
from hallway.conversations import Conversation, Task
from tenants import acting, members
from tenants.businesses import TRADES
from tenants.models import ROLES

agency = Blueprint("agency", __name__)


@dataclass(frozen=True)
class Standing:
    """How one client does: who waits, since when, what is open, and today's calls."""

    waiting: int = 0
    waiting_since: datetime | None = None
    tasks: int = 0
    missed: int = 0
    texted: int = 0


@agency.get("/businesses")
@account_page
def places() -> ResponseReturnValue:
    """Where this person works; the only business opens at once."""
    with open_session(scope.SYSTEM) as system:
        mine = members.places_of(system, g.who.user_id)
        agencies = list(members.agencies_of(system, g.who.user_id))
    if len(mine) == 1 and not agencies:
        return _open(mine[0].tenant_id)
    standings = {house.id: _standings(house.id) for house in agencies}
    return render_template("agency/places.html", places=mine, agencies=agencies, standings=standings, trades=TRADES)


@agency.post("/businesses/<uuid:tenant_id>/open")
@account_page
def open_business(tenant_id: UUID) -> ResponseReturnValue:
    return _open(tenant_id)


@agency.get("/switch")
@page()
def switch() -> ResponseReturnValue:
    """The other businesses of this person, for the menu at the top of the frame."""
    with open_session(scope.SYSTEM) as system:
        mine = members.places_of(system, g.who.user_id)
    return render_template("agency/switch.html", places=mine)


@agency.post("/switch/<uuid:tenant_id>")
@page(writes=ROLES)
def switch_to(tenant_id: UUID) -> ResponseReturnValue:
    return _open(tenant_id)


@agency.post("/leave")
@page(writes=ROLES)
def leave() -> ResponseReturnValue:
    """Out of this business, back to the list of all."""
    g.noted = True
    acting.leave(g.who, g.tenant.id, guard.browser())
    guard.sign_out()
    return redirect(config.settings().public_url + url_for("agency.places"), 303)


def _open(tenant_id: UUID) -> ResponseReturnValue:
    opened = acting.open_business(g.who.user_id, tenant_id, guard.browser(), g.who.proof)
    if opened is None:
        abort(404)
    place, token = opened
    g.noted = True
    return redirect(config.settings().tenant_url(place.slug) + url_for("auth.enter", t=token), 303)


def _standings(agency_id: UUID) -> dict[UUID, Standing]:
    """Every client of an agency in three queries, read through the agency's own wall."""
    a_day_ago = clock.in_(hours=-24)
    waiting = (
        select(Conversation.tenant_id, func.count(), func.min(Conversation.waiting_since))
        .where(Conversation.waiting_since.is_not(None), Conversation.status == "open")
        .group_by(Conversation.tenant_id)
    )
    tasks = select(Task.tenant_id, func.count()).where(Task.done_at.is_(None)).group_by(Task.tenant_id)
    calls = (
        select(Call.tenant_id, func.count(), func.count().filter(Call.text_back == "sent"))
        .where(Call.started_at >= a_day_ago, Call.direction == "in", Call.outcome == "missed")
        .group_by(Call.tenant_id)
    )
    with open_session(scope.agency(agency_id)) as session:
        waits = {row[0]: (row[1], row[2]) for row in session.execute(waiting)}
        open_tasks = {row[0]: row[1] for row in session.execute(tasks)}
        missed = {row[0]: (row[1], row[2]) for row in session.execute(calls)}
    known = {*waits, *open_tasks, *missed}
    return {
        tenant_id: Standing(
            *waits.get(tenant_id, (0, None)), open_tasks.get(tenant_id, 0), *missed.get(tenant_id, (0, 0))
        )
        for tenant_id in known
    }
