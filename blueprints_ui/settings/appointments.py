"""Settings → Appointments: who sends what and when, what customers may do, and the calendar feed."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from groundwork import config
from hallway.appointments import ical, rules
from hallway.appointments.models import OWNERS

appointment_rules = Blueprint("appointment_rules", __name__, url_prefix="/settings/appointments")
OWNER = validate.OneOf(OWNERS, error="Choose who sends it.")
TIME = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", error="Write the time like 10:00.")
CHOICES = [("hallway", "Hallway"), ("dispatch", "Our dispatch software"), ("nobody", "Nobody")]


class RulesForm(Schema):
    confirmation_by = fields.Str(required=True, validate=OWNER)
    day_before_by = fields.Str(required=True, validate=OWNER)
    morning_of_by = fields.Str(required=True, validate=OWNER)
    day_before_at = fields.Str(required=True, validate=TIME)
    morning_of_at = fields.Str(required=True, validate=TIME)
    leads_may_cancel = fields.Bool(load_default=False)
    mail_invites = fields.Bool(load_default=False)
    mail_reminders = fields.Bool(load_default=False)


@appointment_rules.get("")
@page()
def show() -> ResponseReturnValue:
    ours = rules.of(guard.tenant_session())
    return _page(Form({name: getattr(ours, name) for name in RulesForm().fields}))


@appointment_rules.post("")
@page(writes=MANAGERS)
def save() -> ResponseReturnValue:
    """Reminders already planned keep their hour; who sends them is looked up when they are due."""
    form = forms.read(RulesForm())
    if not form.ok:
        return _page(form), 422
    ours = rules.to_change(guard.tenant_session())
    changed = {name: [getattr(ours, name), new] for name, new in form.loaded.items() if getattr(ours, name) != new}
    for name, new in form.loaded.items():
        setattr(ours, name, new)
    if changed:
        guard.note("Changed the rules of appointments", changed)
    flash("Saved.", "good")
    return redirect(url_for("appointment_rules.show"), 303)


@appointment_rules.post("/feed/<any(open,close):deed>")
@page(writes=MANAGERS)
def feed(deed: str) -> ResponseReturnValue:
    """Make the feed's address, make another one instead, or take it away."""
    if deed == "open":
        ical.open_feed(guard.tenant_session())
        guard.note("Made a new address for the calendar feed")
        flash("The feed has a new address. An older one leads nowhere any more.", "good")
    else:
        ical.close_feed(guard.tenant_session())
        guard.note("Took the calendar feed away")
        flash("The feed is gone. Calendars that used it get nothing any more.", "good")
    return redirect(url_for("appointment_rules.show", _anchor="feed"), 303)


def _page(form: Form) -> str:
    key = ical.feed_key(guard.tenant_session())
    address = f"{config.settings().tenant_url(g.tenant.slug)}/calendar/{key}.ics" if key else None
    return render_template("settings/appointments.html", form=form, choices=CHOICES, address=address)
