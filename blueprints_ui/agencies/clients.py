"""A new client: made with the playbook of its trade and the agency's own, and its owner invited by mail."""

from __future__ import annotations

from flask import Blueprint, g, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from blueprints_ui.forms import Form
from groundwork import config
from hallway.agencies import opening
from hallway.agencies.opening import NewClient
from tenants.businesses import STATES, TRADES, ZONES

agency_clients = Blueprint("agency_clients", __name__, url_prefix="/agency/<uuid:agency_id>/clients")


class ClientForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(2, 80, error="Write the name of the business."))
    trade = fields.Str(required=True, validate=validate.OneOf(TRADES, error="Choose a trade."))
    timezone = fields.Str(required=True, validate=validate.OneOf(ZONES, error="Choose a time zone."))
    state = fields.Str(validate=validate.OneOf(("", *STATES), error="Choose a state."), load_default="")
    owner_name = fields.Str(validate=validate.Length(max=80, error="That name is too long."), load_default="")
    owner_email = fields.Str(load_default="")


class OwnerForm(Schema):
    owner_email = fields.Email(required=True, error_messages={"invalid": "That is not an e-mail address."})
    owner_name = fields.Str(required=True, validate=validate.Length(1, 80, error="Write the owner's name too."))


@agency_clients.get("/new")
@agency_page(sees="manage")
def show() -> ResponseReturnValue:
    return _page(Form({"timezone": "America/New_York", "trade": "plumbing"}))


@agency_clients.post("/new")
@agency_page()
def send() -> ResponseReturnValue:
    """The business with its sequences; the owner gets a link, and starts in the middle of set-up."""
    form = forms.read(ClientForm())
    if form.ok and form.loaded["owner_email"]:
        form.errors |= forms.read(OwnerForm()).errors
    if not form.ok:
        return _page(form), 422
    told = NewClient(**form.loaded)
    tenant = opening.open_client(g.house, told, g.who, _link)
    invited = f" {told.owner_name} was invited by e-mail." if told.owner_email else ""
    address = url_for("agency.places") + f"#client-{tenant.id}"
    return telling.back_to(address, f"{tenant.name} is there, with the playbook of its trade.{invited}")


def _link(slug: str, token: str) -> str:
    return config.settings().tenant_url(slug) + url_for("auth.join", token=token)


def _page(form: Form) -> str:
    return doors.show(
        "client_new",
        "clients",
        form=form,
        trades=TRADES,
        zones=ZONES,
        states=[("", "Choose later"), *((one, one) for one in STATES)],
    )
