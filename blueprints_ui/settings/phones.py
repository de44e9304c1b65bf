"""Settings → Phones: which phones ring, in which order and how long."""

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
from groundwork import phones as numbering
from hallway.calls import phones
from hallway.calls.models import Phone
from hallway.channels import numbers
from hallway.channels.models import Number

phone_list = Blueprint("phone_list", __name__, url_prefix="/settings/phones")


class PhoneForm(Schema):
    label = fields.Str(required=True, validate=validate.Length(1, 40, error="Give it a name of up to 40 characters."))
    rings = fields.Bool()
    on_call = fields.Bool()


class NewPhoneForm(PhoneForm):
    number = fields.Str(required=True, validate=validate.Length(min=1, error="Enter the phone's number."))


class RingPlanForm(Schema):
    ring_order = fields.Str(required=True, validate=validate.OneOf(list(numbers.RING_ORDERS), error="Choose one."))
    ring_seconds = fields.Int(
        required=True,
        validate=validate.Range(
            numbers.SHORTEST_RING, numbers.LONGEST_RING, error="Choose between {min} and {max} seconds."
        ),
        error_messages={"invalid": "Enter a whole number of seconds."},
    )


@phone_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form({"rings": True}))


@phone_list.post("")
@page(writes=MANAGERS)
def add() -> ResponseReturnValue:
    form = forms.read(NewPhoneForm())
    if form.ok:
        label, number = form.loaded["label"], form.loaded["number"]
        ticks = {"rings": form.loaded["rings"], "on_call": form.loaded["on_call"]}
        try:
            phone = phones.add_phone(guard.tenant_session(), label, number, **ticks)
        except phones.PhoneError as error:
            form.refuse("number", str(error))
    if not form.ok:
        return _page(form), 422
    guard.note("Added a phone", {"phone": phone.label, "number": numbering.pretty(phone.e164)})
    flash(f"{phone.label} is on the list.", "good")
    return _back()


@phone_list.post("/<uuid:phone_id>")
@page(writes=MANAGERS)
def change(phone_id: UUID) -> ResponseReturnValue:
    phone, form = _phone(phone_id), forms.read(PhoneForm())
    if not form.ok:
        return _page(Form({"rings": True}), {phone.id: form}), 422
    values = form.loaded
    phones.change_phone(
        guard.tenant_session(), phone, values["label"], rings=values["rings"], on_call=values["on_call"]
    )
    guard.note("Changed a phone", {"phone": phone.label, "rings": phone.rings, "on call": phone.on_call})
    return _back()


@phone_list.post("/<uuid:phone_id>/<any(earlier, later):where>")
@page(writes=MANAGERS)
def move(phone_id: UUID, where: str) -> ResponseReturnValue:
    phone = _phone(phone_id)
    phones.move_phone(guard.tenant_session(), phone, -1 if where == "earlier" else 1)
    guard.note("Changed the ring order", {"phone": phone.label, "moved": where})
    return _back()


@phone_list.post("/<uuid:phone_id>/remove")
@page(writes=MANAGERS)
def remove(phone_id: UUID) -> ResponseReturnValue:
    phone = _phone(phone_id)
    phones.remove_phone(guard.tenant_session(), phone)
    guard.note("Removed a phone", {"phone": phone.label, "number": numbering.pretty(phone.e164)})
    flash(f"{phone.label} is off the list.", "good")
    return _back()


@phone_list.post("/ring-plan/<uuid:number_id>")
@page(writes=MANAGERS)
def ring_plan(number_id: UUID) -> ResponseReturnValue:
    number = guard.tenant_session().get(Number, (guard.tenant_session().tenant_id, number_id))
    if number is None:
        abort(404)
    form = forms.read(RingPlanForm())
    if not form.ok:
        return _page(Form({"rings": True}), {number.id: form}), 422
    changed = numbers.change_number(number, **form.loaded)
    if changed:
        guard.note("Changed the ring plan", {"number": number.label, **changed})
    flash("Saved.", "good")
    return _back()


def _phone(phone_id: UUID) -> Phone:
    session = guard.tenant_session()
    phone = session.get(Phone, (session.tenant_id, phone_id))
    if phone is None:
        abort(404)
    return phone


def _back() -> ResponseReturnValue:
    return redirect(url_for("phone_list.show"), 303)


def _page(form: Form, refused: Mapping[UUID, Form] = MappingProxyType({})) -> str:
    """`form` adds a phone; `refused` is the form of a phone or number that was not taken, by its id."""
    session = guard.tenant_session()
    mine = numbers.numbers(session)
    plans = {each.id: Form({"ring_order": each.ring_order, "ring_seconds": each.ring_seconds}) for each in mine}
    return render_template(
        "settings/phones.html",
        form=form,
        phones=phones.phones(session),
        unreachable=phones.unreachable(session),
        start_to=next((one.e164 for one in numbers.numbers(session) if one.active), None),
        numbers=mine,
        plans=plans | dict(refused),
        refused=refused,
        ring_orders=numbers.RING_ORDERS,
        safe_ring=numbers.SAFE_RING,
    )
