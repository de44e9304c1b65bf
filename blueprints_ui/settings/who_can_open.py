"""Settings → Members → Who can open it: everybody with role, second factor and devices, for owners to look over."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import filters, guard
from blueprints_ui.guard import OWNERS, page
from groundwork import scope
from groundwork.database import open_session
from groundwork.sheets import safe_cell
from tenants import roster, signin
from tenants.members import ROLE_WORDS
from tenants.roster import Person

who_can_open = Blueprint("who_can_open", __name__, url_prefix="/settings/members/access")
HEADS = ("name", "e-mail", "role", "of", "second factor", "e-mail confirmed", "devices", "last seen")


@who_can_open.get("")
@page(roles=OWNERS)
def show() -> ResponseReturnValue:
    people = _people()
    alone = [one for one in people if not one.second_factor]
    return render_template("settings/who_can_open.html", people=people, alone=alone, role_words=ROLE_WORDS)


@who_can_open.get("/who-can-open.csv")
@page(roles=OWNERS)
def download() -> ResponseReturnValue:
    """The same as a table, for an audit; times are UTC."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADS)
    lines.writerows([safe_cell(cell) for cell in _cells(one)] for one in _people())
    answer = Response(text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="who-can-open.csv"'
    guard.note("Downloaded the list of who can open this business")
    return answer


@who_can_open.post("/<uuid:user_id>/log-out")
@page(roles=OWNERS)
def log_out(user_id: UUID) -> ResponseReturnValue:
    """Every device of one person is out of this business, and of no other."""
    one = next((one for one in _people() if one.user_id == user_id), None)
    if one is None:
        abort(404)
    with open_session(scope.SYSTEM) as system:
        signin.end_at(system, user_id, g.tenant.id)
    guard.note("Logged a person's devices out here", {"person": one.name, "e-mail": one.email})
    flash(f"{one.name} has to log in again here.", "good")
    return redirect(url_for("who_can_open.show"), 303)


def _people() -> list[Person]:
    with open_session(scope.SYSTEM) as system:
        return roster.of(system, g.tenant)


def _cells(one: Person) -> list[str]:
    ways = [*(["codes of an app"] if one.app_codes else []), *([f"{one.passkeys} passkeys"] if one.passkeys else [])]
    devices = (f"{filters.device(device.user_agent)} from {device.ip or 'unknown'}" for device in one.devices)
    seen = one.seen_at.strftime("%Y-%m-%d %H:%M") if one.seen_at else ""
    said = [", ".join(ways) or "none", "yes" if one.confirmed else "no", "; ".join(devices), seen]
    return [one.name, one.email, ROLE_WORDS[one.role], one.agency or g.tenant.name, *said]
