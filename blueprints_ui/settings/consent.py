"""Settings → Consent: when we may text, and who asked us not to."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from groundwork.database import Json
from hallway.consent import suppressions
from tenants import businesses

consent_rules = Blueprint("consent_rules", __name__, url_prefix="/settings/consent")
COLUMNS = ("text_back_enabled", "text_back_window_hours", "marketing_start", "marketing_end", "marketing_sunday")
CLOCK = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d$", error="Enter a time.")


class RulesForm(Schema):
    text_back_enabled = fields.Bool()
    text_back_window_hours = fields.Int(
        required=True,
        validate=validate.Range(1, 168, error="Choose between 1 and 168 hours."),
        error_messages={"invalid": "Enter a whole number of hours."},
    )
    marketing_start = fields.Str(required=True, validate=CLOCK)
    marketing_end = fields.Str(required=True, validate=CLOCK)
    marketing_sunday = fields.Bool()

    @validates_schema
    def in_order(self, values: Json, **_kept: Any) -> None:
        if values.get("marketing_start", "") >= values.get("marketing_end", "24:00"):
            raise ValidationError("The end has to be later than the beginning.", "marketing_end")


@consent_rules.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form({column: getattr(g.tenant, column) for column in COLUMNS}))


@consent_rules.post("")
@page(writes=MANAGERS)
def save() -> ResponseReturnValue:
    form = forms.read(RulesForm())
    if not form.ok:
        return _page(form), 422
    changed = businesses.change(g.tenant, form.loaded)
    if changed:
        guard.note("Changed the texting rules", changed)
    flash("Saved.", "good")
    return redirect(url_for("consent_rules.show"), 303)


def _page(form: Form) -> str:
    wanted = request.args.get("q", "").strip()
    found = suppressions.search(guard.tenant_session(), wanted, request.args.get("after"))
    return render_template("settings/consent.html", form=form, found=found, wanted=wanted, reasons=suppressions.REASONS)
