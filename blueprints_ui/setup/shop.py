"""Set-up, step 1: trade, hours, place. The time zone comes from the ZIP code."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame
from groundwork import phones
from groundwork.database import Json
from hallway.leads.property import state_of_zip
from hallway.rulebook.places import zone_of_property
from tenants import businesses
from tenants.businesses import TRADES, ZONES

shop = Blueprint("setup_business", __name__, url_prefix="/setup/business")
WEEKDAYS, SATURDAY, ALL = ("mon", "tue", "wed", "thu", "fri"), ("sat",), tuple(businesses.DAY_NAMES)
PRESETS: dict[str, tuple[str, dict[str, list[list[str]]]]] = {
    "weekdays": ("Weekdays, 8 to 5", {day: [["08:00", "17:00"]] for day in WEEKDAYS}),
    "long": ("Weekdays, 7 to 7", {day: [["07:00", "19:00"]] for day in WEEKDAYS}),
    "saturday": ("Monday to Saturday, 8 to 6", {day: [["08:00", "18:00"]] for day in (*WEEKDAYS, *SATURDAY)}),
    "daily": ("Every day, 8 to 8", {day: [["08:00", "20:00"]] for day in ALL}),
    "always": ("Around the clock", {day: [["00:00", "24:00"]] for day in ALL}),
}
OWN_HOURS = "own"


class ShopForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(1, 80, error="Enter a name of up to 80 characters."))
    trade = fields.Str(required=True, validate=validate.OneOf(list(TRADES), error="Choose a trade."))
    zip = fields.Str(required=True, validate=validate.Regexp(r"\d{5}$", error="A ZIP code has five digits."))
    phone = fields.Str(load_default="")
    website = fields.Str(load_default="", validate=validate.Length(max=200, error="That is too long."))
    service_area = fields.Str(load_default="", validate=validate.Length(max=300, error="Up to 300 characters."))
    hours = fields.Str(required=True, validate=validate.OneOf([*PRESETS, OWN_HOURS], error="Choose your hours."))

    @pre_load
    def with_scheme(self, values: Json, **_kept: Any) -> Json:
        website = values.get("website", "")
        return {**values, "website": f"https://{website}"} if website and "://" not in website else values

    @validates("zip")
    def somewhere(self, value: str, **_kept: Any) -> None:
        if state_of_zip(value) is None:
            raise ValidationError("No state has this ZIP code. Check the digits.")

    @validates("phone")
    def is_phone(self, value: str, **_kept: Any) -> None:
        if value:
            try:
                phones.e164(value)
            except phones.NotAPhoneNumberError as error:
                raise ValidationError(str(error)) from error

    @validates("website")
    def is_address(self, value: str, **_kept: Any) -> None:
        if value and not (value.startswith(("https://", "http://")) and "." in value and " " not in value):
            raise ValidationError("That is not a web address. Write it like bluffcreekplumbing.com.")


@shop.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    tenant = g.tenant
    values = {name: getattr(tenant, name) or "" for name in ("name", "trade", "zip", "website", "service_area")}
    values |= {"phone": phones.pretty(tenant.phone) if tenant.phone else "", "hours": _preset(tenant.hours)}
    values["trade"] = "" if values["trade"] == "general" and not tenant.zip else values["trade"]
    return _page(Form(values))


@shop.get("/place")
@page(roles=MANAGERS)
def place() -> ResponseReturnValue:
    """The fragment that says where a ZIP code is, while it is typed."""
    return render_template("setup/place.html", found=_place(request.args.get("zip", "")), zones=ZONES)


@shop.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    form = forms.read(ShopForm())
    found = _place(form.loaded.get("zip", "")) if form.ok else None
    if found is None:
        return _page(form), 422
    values = {name: form.loaded[name] or None for name in ("name", "trade", "zip", "website", "service_area")}
    values |= {"state": found[0], "timezone": found[1]}
    values["phone"] = phones.e164(form.loaded["phone"]) if form.loaded["phone"] else None
    if form.loaded["hours"] != OWN_HOURS:
        values["hours"] = PRESETS[form.loaded["hours"]][1]
    changed = businesses.change(g.tenant, values)
    if changed:
        guard.note("Changed the business's details", changed)
    return frame.go_on("business")


def _place(code: str) -> tuple[str, str] | None:
    """State and time zone of a ZIP code."""
    state = state_of_zip(code) if len(code) == 5 and code.isdigit() else None
    return (state, zone_of_property(state, code, otherwise=g.tenant.timezone).zone) if state else None


def _preset(hours: Json) -> str:
    return next((name for name, (_, week) in PRESETS.items() if week == hours), OWN_HOURS)


def _page(form: Form) -> str:
    presets = [(name, words) for name, (words, _) in PRESETS.items()]
    if form.values.get("hours") == OWN_HOURS:
        presets.append((OWN_HOURS, "As set in your settings"))
    found = _place(str(form.values.get("zip", "")))
    return frame.show("business", form=form, trades=TRADES, presets=presets, found=found, zones=ZONES)
