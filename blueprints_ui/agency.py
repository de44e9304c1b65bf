"""The businesses a person may open, the agency's view over its clients, and switching between them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard, hosts
from blueprints_ui.guard import account_page, page
from groundwork import config, scope
from groundwork.database import open_session
from hallway.insight import tower
from tenants import acting, agencies, members
from tenants.businesses import TRADES
from tenants.members import Place
from tenants.models import ROLES

agency = Blueprint("agency", __name__)
SHOWN = 60  # clients that run well; one looks for the others by name


@agency.get("/businesses")
@account_page
def places() -> ResponseReturnValue:
    """Where this person works, and the tower of each agency they are of; the only business opens at once.

    `q` is in the names of the clients looked for; `all` shows also the many that run well.
    """
    with open_session(scope.SYSTEM) as system:
        mine = members.places_of(system, g.who.user_id)
        houses = [agencies.find(system, one.id, g.who.user_id) for one in members.agencies_of(system, g.who.user_id)]
    if len(mine) == 1 and not houses:
        return _open(mine[0].tenant_id)
    words, most = request.args.get("q", "").strip()[:80], None if "all" in request.args else SHOWN
    looks = [(*house, tower.look(house[0].id, _clients(mine, house[0].id))) for house in houses if house]
    towers = [(*look, [one for one in look[2] if words.lower() in one.name.lower()]) for look in looks]
    return render_template("agency/places.html", places=mine, towers=towers, trades=TRADES, q=words, most=most)


def _clients(places: list[Place], agency_id: UUID) -> list[UUID]:
    return [place.tenant_id for place in places if place.agency_id == agency_id]


@agency.post("/businesses/<uuid:tenant_id>/open")
@account_page
def open_business(tenant_id: UUID) -> ResponseReturnValue:
    """Its first page, or the page of it that `next` names."""
    return _open(tenant_id, hosts.own_page_or_none(request.args.get("next", "")))


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


def _open(tenant_id: UUID, next_: str | None = None) -> ResponseReturnValue:
    opened = acting.open_business(g.who.user_id, tenant_id, guard.browser(), g.who.proof)
    if opened is None:
        abort(404)
    place, token = opened
    g.noted = True
    return redirect(config.settings().tenant_url(place.slug) + url_for("auth.enter", t=token, next=next_), 303)
