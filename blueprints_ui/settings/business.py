"""Settings → Business: name, trade, phone, place and time zone; and the list of all settings."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from groundwork import clock, phones
from groundwork.database import Json
from hallway.calls.phones import phones as all_phones
from hallway.channels import mail_addresses
from hallway.channels.numbers import numbers as all_numbers
from tenants import businesses, hours, members

business = Blueprint("business", __name__, url_prefix="/settings")


class BusinessForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(1, 80, error="Enter a name of up to 80 characters."))
    trade = fields.Str(required=True, validate=validate.OneOf(list(businesses.TRADES), error="Choose a trade."))
    phone = fields.Str(load_default="")
    website = fields.Str(load_default="", validate=validate.Length(max=200, error="That is too long."))
    state = fields.Str(load_default="", validate=validate.OneOf(["", *businesses.STATES], error="Choose a state."))
    zip = fields.Str(load_default="", validate=validate.Regexp(r"(\d{5}(-\d{4})?)?$", error="A ZIP has five digits."))
    timezone = fields.Str(required=True)
    postal_address = fields.Str(load_default="", validate=validate.Length(max=300, error="That is too long."))
    brand_color = fields.Str(
        load_default="", validate=validate.Regexp(r"(#[0-9a-fA-F]{6})?$", error="Write the color like #0f766e.")
    )
    logo_url = fields.Str(load_default="", validate=validate.Length(max=500, error="That is too long."))

    @validates("logo_url")
    def is_picture(self, value: str, **_kept: Any) -> None:
        if value and not (value.startswith("https://") and " " not in value):
            raise ValidationError("The logo's address has to begin with https://.")

    @pre_load
    def with_scheme(self, values: Json, **_kept: Any) -> Json:
        website = values.get("website", "")
        return {**values, "website": f"https://{website}"} if website and "://" not in website else values

    @validates("website")
    def is_address(self, value: str, **_kept: Any) -> None:
        if value and not (value.startswith(("https://", "http://")) and "." in value and " " not in value):
            raise ValidationError("That is not a web address. Write it like bluffcreekplumbing.com.")

    @validates("timezone")
    def is_zone(self, value: str, **_kept: Any) -> None:
        if value not in available_timezones():
            raise ValidationError("Choose a time zone.")

    @validates("phone")
    def is_phone(self, value: str, **_kept: Any) -> None:
        if value:
            try:
                phones.e164(value)
            except phones.NotAPhoneNumberError as error:
                raise ValidationError(str(error)) from error

    @post_load
    def as_columns(self, values: Json, **_kept: Any) -> Json:
        values["phone"] = phones.e164(values["phone"]) if values["phone"] else None
        return {name: value or None for name, value in values.items()}


@business.get("")
@page()
def overview() -> ResponseReturnValue:
    """Every part of the settings with how it stands."""
    session, now = guard.tenant_session(), clock.now()
    return render_template(
        "settings/overview.html",
        situation=hours.situation(g.tenant, now),
        opens=hours.reopens_in_words(g.tenant, now),
        phones=all_phones(session),
        numbers=all_numbers(session),
        members=members.members(session),
        trades=businesses.TRADES,
    )


@business.get("/business")
@page()
def show() -> ResponseReturnValue:
    columns = ["name", "trade", "website", "state", "zip", "timezone", "postal_address", "brand_color", "logo_url"]
    values = {column: getattr(g.tenant, column) for column in columns}
    return _page(Form({**values, "phone": phones.pretty(g.tenant.phone) if g.tenant.phone else ""}))


@business.post("/business")
@page(writes=MANAGERS)
def save() -> ResponseReturnValue:
    form = forms.read(BusinessForm())
    if not form.ok:
        return _page(form), 422
    changed = businesses.change(g.tenant, form.loaded)
    if changed:
        guard.note("Changed the business's details", changed)
    flash("Saved.", "good")
    return redirect(url_for("business.show"), 303)


def _page(form: Form) -> str:
    zones = dict(businesses.ZONES)
    zones.setdefault(g.tenant.timezone, g.tenant.timezone)
    states = [(state, state) for state in businesses.STATES]
    address = mail_addresses.published_address(g.tenant.slug)
    choices = {"trades": businesses.TRADES, "states": states, "zones": zones}
    return render_template("settings/business.html", form=form, mail_address=address, **choices)
