"""Settings → Teams and shifts: who works with whom, and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.guard import MANAGERS, page
from groundwork import clock
from hallway.routing import Team, places
from tenants import members, shifts
from tenants.businesses import DAY_NAMES
from tenants.models import Member

shift_list = Blueprint("shift_list", __name__, url_prefix="/settings/shifts")


@shift_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page()


@shift_list.post("/<uuid:member_id>")
@page(writes=MANAGERS)
def save(member_id: UUID) -> ResponseReturnValue:
    """A member's week: the browser's times, "24:00" for a midnight that ends the day."""
    session = guard.tenant_session()
    member = session.get(Member, (session.tenant_id, member_id))
    if member is None or member.removed_at:
        abort(404)
    week = _week()
    try:
        shifts.keep(session, member, week)
    except shifts.ShiftError as error:
        return _page({member.id: (str(error), week)}), 422
    guard.note("Changed a member's shifts", {"member": member.name})
    flash(f"{member.name}: saved.", "good")
    return redirect(url_for("shift_list.show"), 303)


@shift_list.post("/teams")
@page(writes=MANAGERS)
def add_team() -> ResponseReturnValue:
    return _keep(None)


@shift_list.post("/teams/<uuid:team_id>")
@page(writes=MANAGERS)
def change_team(team_id: UUID) -> ResponseReturnValue:
    return _keep(_team(team_id))


@shift_list.post("/teams/<uuid:team_id>/remove")
@page(writes=MANAGERS)
def remove_team(team_id: UUID) -> ResponseReturnValue:
    team = _team(team_id)
    try:
        places.remove_team(guard.tenant_session(), team)
    except places.RoutingError as error:
        flash(str(error), "error")
    else:
        guard.note("Removed a team", {"team": team.name})
        flash(f"{team.name} is gone.", "good")
    return redirect(url_for("shift_list.show", _anchor="teams"), 303)


def _keep(team: Team | None) -> ResponseReturnValue:
    name = request.form.get("name", "").strip()[:40]
    chosen = [member.id for member in members.members(guard.tenant_session()) if str(member.id) in _ticked()]
    if not name:
        return _page(team_error="Give the team a name."), 422
    try:
        kept = places.keep_team(guard.tenant_session(), team, name, chosen)
    except places.RoutingError as error:
        return _page(team_error=f"{name}: {error}"), 422
    guard.note("Changed a team", {"team": kept.name})
    flash(f"{kept.name}: saved.", "good")
    return redirect(url_for("shift_list.show", _anchor="teams"), 303)


def _ticked() -> list[str]:
    return request.form.getlist("members")


def _week() -> dict[str, list[tuple[str, str]]]:
    found = {}
    for day in DAY_NAMES:
        pairs = zip(request.form.getlist(f"{day}_from"), request.form.getlist(f"{day}_to"), strict=False)
        stretches = [(starts, "24:00" if ends == "00:00" else ends) for starts, ends in pairs if starts or ends]
        if stretches:
            found[day] = stretches
    return found


def _team(team_id: UUID) -> Team:
    session = guard.tenant_session()
    team = session.get(Team, (session.tenant_id, team_id))
    if team is None:
        abort(404)
    return team


def _page(refused: dict[UUID, Any] | None = None, *, team_error: str | None = None) -> str:
    session = guard.tenant_session()
    return render_template(
        "settings/shifts.html",
        days=DAY_NAMES,
        people=[one for one in members.members(session) if one.role in guard.WRITERS],
        refused=refused or {},
        team_error=team_error,
        teams=places.teams(session),
        weeks=shifts.weeks(session),
        working={member.id for member in shifts.on_shift(session, g.tenant, clock.now())},
    )
