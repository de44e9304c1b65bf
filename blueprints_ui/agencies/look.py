"""White label: what an agency's clients see in place of our name, colour and mark."""

from __future__ import annotations

import hashlib
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import NotFound

from blueprints_ui import forms, telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from blueprints_ui.forms import Form
from blueprints_ui.guard import open_page
from groundwork import scope
from groundwork.database import open_session
from hallway.conversations.files import kind_of
from tenants import branding
from tenants.models import Agency

agency_look = Blueprint("agency_look", __name__)
FIELDS = ("product_name", "support_email", "brand_color")


class LookForm(Schema):
    product_name = fields.Str(validate=validate.Length(max=40, error="Use up to 40 characters."), load_default="")
    support_email = fields.Str(load_default="")
    brand_color = fields.Str(
        validate=validate.Regexp(r"\Z|#[0-9a-fA-F]{6}\Z", error="Write a color like #0f766e."), load_default=""
    )
    without_logo = fields.Bool()


class MailForm(Schema):
    support_email = fields.Email(required=True, error_messages={"invalid": "That is not an e-mail address."})


@agency_look.get("/agency/<uuid:agency_id>/look")
@agency_page(sees="lead")
def show() -> ResponseReturnValue:
    return _page(Form({name: getattr(g.house, name) or "" for name in FIELDS}))


@agency_look.post("/agency/<uuid:agency_id>/look")
@agency_page(writes="lead")
def save() -> ResponseReturnValue:
    """Name, support address, colour and logo; empty fields go back to ours."""
    form, logo = forms.read(LookForm()), request.files.get("logo")
    data = logo.read(branding.LARGEST_LOGO + 1) if logo and logo.filename else b""
    if form.ok and form.loaded["support_email"]:
        form.errors |= forms.read(MailForm()).errors
    if data:
        _check(form, data)
    if not form.ok:
        return _page(form), 422
    with open_session(scope.SYSTEM) as system:
        house = system.get_one(Agency, g.house.id)
        for name in FIELDS:
            setattr(house, name, form.loaded[name] or None)
        if data or form.loaded["without_logo"]:
            house.logo, house.logo_type = (data, kind_of(data)) if data else (None, None)
    return telling.back_to(url_for(".show", agency_id=g.house.id), "Saved. Your clients see it at once.")


def _check(form: Form, data: bytes) -> None:
    """By its first bytes: what a file says of itself is not believed, and nothing that could hold a script is taken."""
    if kind_of(data) not in branding.LOGO_KINDS:
        form.refuse("logo", "Choose a PNG, JPEG or WebP picture.")
    elif len(data) > branding.LARGEST_LOGO:
        form.refuse("logo", "The picture is too large: up to 300 KB.")


@agency_look.get("/look/<uuid:agency_id>/colors.css")
@open_page
def colors(agency_id: UUID) -> ResponseReturnValue:
    """The agency's colour in place of ours, on pages of its clients."""
    color = _agency(agency_id).brand_color
    if color is None:
        raise NotFound
    return _kept(Response(branding.style(color), mimetype="text/css"))


@agency_look.get("/look/<uuid:agency_id>/logo")
@open_page
def logo(agency_id: UUID) -> ResponseReturnValue:
    house = _agency(agency_id)
    if house.logo is None or house.logo_type is None:
        raise NotFound
    return _kept(Response(house.logo, mimetype=house.logo_type))


def _agency(agency_id: UUID) -> Agency:
    with open_session(scope.SYSTEM) as system:
        house = system.get(Agency, agency_id)
        if house is None:
            raise NotFound
        _ = house.logo
    return house


def _kept(answer: Response) -> ResponseReturnValue:
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32])
    return answer.make_conditional(request)


def _page(form: Form) -> str:
    look = branding.of_agency(g.house)
    return doors.show("look", "look", form=form, look=look)
