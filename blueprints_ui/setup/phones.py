"""Set-up, step 4: the phones that ring, in turn or at once, and who is paged."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame
from groundwork import phones as numbering
from hallway.calls import phones as own_phones
from hallway.channels.numbers import RING_ORDERS, change_number, numbers

phones = Blueprint("setup_phones", __name__, url_prefix="/setup/phones")


class PhoneForm(Schema):
    label = fields.Str(load_default="", validate=validate.Length(max=40, error="Up to 40 characters."))
    number = fields.Str(load_default="")
    ring_order = fields.Str(load_default="in_turn", validate=validate.OneOf(list(RING_ORDERS), error="Choose one."))
    deed = fields.Str(load_default="next")


@phones.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    first = not own_phones.phones(guard.tenant_session())
    label = f"{g.who.name.split()[0]}’s cell" if first else ""
    return _page(Form({"label": label}))


@phones.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    """Add the phone that was typed, keep the ring plan, and go on unless another phone is to be added."""
    form = forms.read(PhoneForm())
    if form.ok and form.loaded["number"]:
        _add(form)
    if not form.ok:
        return _page(form), 422
    for each in numbers(guard.tenant_session()):
        change_number(each, ring_order=form.loaded["ring_order"])
    if form.loaded["deed"] == "another":
        return redirect(url_for("setup_phones.show"), 303)
    return frame.go_on("phones")


@phones.post("/remove")
@page(roles=MANAGERS, writes=MANAGERS)
def remove() -> ResponseReturnValue:
    session, wanted = guard.tenant_session(), forms.read(PhoneForm()).values.get("number", "")
    phone = next((one for one in own_phones.phones(session) if one.e164 == wanted), None)
    if phone is None:
        abort(404)
    own_phones.remove_phone(session, phone)
    guard.note("Removed a phone", {"phone": phone.label, "number": numbering.pretty(phone.e164)})
    return redirect(url_for("setup_phones.show"), 303)


def _add(form: Form) -> None:
    session = guard.tenant_session()
    first = not own_phones.phones(session)
    try:
        phone = own_phones.add_phone(session, form.loaded["label"] or "Phone", form.loaded["number"], on_call=first)
    except own_phones.PhoneError as error:
        form.refuse("number", str(error))
    else:
        guard.note("Added a phone", {"phone": phone.label, "number": numbering.pretty(phone.e164)})


def _page(form: Form) -> str:
    session = guard.tenant_session()
    mine = [one for one in numbers(session) if one.active]
    form.values = {"ring_order": mine[0].ring_order if mine else "in_turn", **form.values}
    return frame.show(
        "phones",
        form=form,
        phones=own_phones.phones(session),
        forwarded=bool(mine) and all(one.mode == "forwarded" for one in mine),
        ring_orders=[(value, words.split(",")[0].split(";")[0], None) for value, words in RING_ORDERS.items()],
        suggested=numbering.pretty(g.tenant.phone) if g.tenant.phone else "",
    )
