"""Settings → Numbers: what customers call, and how calls come from there to us."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from hallway.channels import forwarding, numbers
from hallway.channels.models import Number

number_list = Blueprint("number_list", __name__, url_prefix="/settings/numbers")


class NumberForm(Schema):
    label = fields.Str(required=True, validate=validate.Length(1, 40, error="Give it a name of up to 40 characters."))
    mode = fields.Str(required=True, validate=validate.OneOf(list(numbers.MODES), error="Choose one."))


@number_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page()


@number_list.post("/<uuid:number_id>")
@page(writes=MANAGERS)
def change(number_id: UUID) -> ResponseReturnValue:
    session = guard.tenant_session()
    number = session.get(Number, (session.tenant_id, number_id))
    if number is None:
        abort(404)
    form = forms.read(NumberForm())
    if not form.ok:
        return _page({number.id: form}), 422
    changed = numbers.change_number(number, **form.loaded)
    if changed:
        guard.note("Changed a number", {"number": number.label, **changed})
    flash("Saved.", "good")
    return redirect(url_for("number_list.show"), 303)


def _page(refused: Mapping[UUID, Form] = MappingProxyType({})) -> str:
    """`refused` is the form that was not taken, by its number."""
    mine = numbers.numbers(guard.tenant_session())
    return render_template(
        "settings/numbers.html",
        numbers=mine,
        modes=numbers.MODES,
        forms={number.id: Form({"label": number.label, "mode": number.mode}) for number in mine} | dict(refused),
        ways={number.id: forwarding.ways(number.e164, number.ring_seconds) for number in mine},
    )
