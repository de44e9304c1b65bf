"""Settings → Hours: the week, closed days, holidays, and the crew-busy switch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, WRITERS, page
from groundwork import clock
from groundwork.database import Json
from hallway.playbooks import say
from tenants import businesses, hours

opening_hours = Blueprint("opening_hours", __name__, url_prefix="/settings/hours")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
BUSY_FOR = {"60": "1 hour", "120": "2 hours", "240": "4 hours", "day": "The rest of today"}


class ClosedDayForm(Schema):
    date = fields.Date(
        required=True, error_messages={"required": "Choose a day.", "invalid": "That is not a day. Choose one."}
    )
    name = fields.Str(load_default="", validate=validate.Length(max=60, error="Up to 60 characters."))


@opening_hours.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form(as_fields(g.tenant.hours)), Form())


@opening_hours.post("")
@page(writes=MANAGERS)
def save() -> ResponseReturnValue:
    week, form = read_week(request.form)
    if not form.ok:
        return _page(form, Form()), 422
    observe = "observe_federal_holidays" in request.form
    changed = businesses.change(g.tenant, {"hours": week, "observe_federal_holidays": observe})
    if changed:
        guard.note("Changed the opening hours", changed)
    flash("Saved.", "good")
    return redirect(url_for("opening_hours.show"), 303)


@opening_hours.post("/closed-days")
@page(writes=MANAGERS)
def add_closed_day() -> ResponseReturnValue:
    form = forms.read(ClosedDayForm())
    if form.ok:
        try:
            businesses.add_closed_day(g.tenant, form.loaded["date"], form.loaded["name"] or "Closed")
        except businesses.BusinessError as error:
            form.refuse("date", str(error))
    if not form.ok:
        return _page(Form(as_fields(g.tenant.hours)), form), 422
    guard.note("Added a closed day", {"day": form.values["date"], "name": form.loaded["name"]})
    return redirect(url_for("opening_hours.show", _anchor="closed"), 303)


@opening_hours.post("/closed-days/remove")
@page(writes=MANAGERS)
def remove_closed_day() -> ResponseReturnValue:
    form = forms.read(ClosedDayForm())
    if not form.ok or not businesses.remove_closed_day(g.tenant, form.loaded["date"]):
        abort(404)
    guard.note("Removed a closed day", {"day": form.values["date"]})
    return redirect(url_for("opening_hours.show", _anchor="closed"), 303)


@opening_hours.post("/busy")
@page(writes=WRITERS)
def busy() -> ResponseReturnValue:
    """Switch the busy sign: `for` is 60, 120, 240 (minutes), day, or off."""
    choice, now = request.form.get("for", "off"), clock.now()
    if choice not in BUSY_FOR and choice != "off":
        abort(400)
    until = None if choice == "off" else businesses.end_of_day(g.tenant, now)
    if choice.isdigit():
        until = now + timedelta(minutes=int(choice))
    businesses.change(g.tenant, {"busy_until": until})
    guard.note("Switched the busy sign on" if until else "Switched the busy sign off", {"for": BUSY_FOR.get(choice)})
    return redirect(url_for("opening_hours.show"), 303)


def read_week(sent: Mapping[str, str]) -> tuple[Json, Form]:
    """{"mon": [["08:00", "17:00"]], ...} out of mon_open, mon_from, mon_to, mon_from2, mon_to2 and so on."""
    form, week = Form(dict(sent)), {}
    for day, name in businesses.DAY_NAMES.items():
        if f"{day}_open" not in sent:
            continue
        pairs = [(sent.get(f"{day}_from{n}", ""), sent.get(f"{day}_to{n}", "")) for n in ("", "2")]
        given = [list(pair) for pair in pairs if any(pair)]
        if not given or not all(TIME.fullmatch(time) for pair in given for time in pair):
            form.refuse(day, f"{name} is open: give both a beginning and an end.")
        elif len(given) == 2 and given[1][0] <= given[0][1]:
            form.refuse(day, f"On {name} the second stretch begins before the first has ended.")
        week[day] = given
    return week, form


def as_fields(week: Json) -> dict[str, Any]:
    """The week as the form's fields; a closed day proposes 8 to 5 for when it is ticked."""
    values: dict[str, Any] = {}
    for day in businesses.DAY_NAMES:
        stretches = week.get(day) or []
        values[f"{day}_open"] = bool(stretches)
        values[f"{day}_from"], values[f"{day}_to"] = stretches[0] if stretches else ("08:00", "17:00")
        values[f"{day}_from2"], values[f"{day}_to2"] = stretches[1] if len(stretches) > 1 else ("", "")
    return values


def _page(form: Form, day_form: Form) -> str:
    now = clock.now()
    situation = hours.situation(g.tenant, now)
    today = now.astimezone(hours.zone(g.tenant)).date()
    said = say(guard.tenant_session(), g.tenant, f"text_back.{situation}")
    return render_template(
        "settings/hours.html",
        form=form,
        day_form=day_form,
        days=businesses.DAY_NAMES,
        busy_for=BUSY_FOR,
        situation=situation,
        opens=hours.reopens_in_words(g.tenant, now),
        closures=list(businesses.closures(g.tenant, today)),
        today=today,
        now=now,
        said=said,
    )
