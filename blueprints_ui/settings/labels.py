"""Settings → Labels: the business's own words for sorting conversations."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard, regions
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from hallway.conversations import Label
from hallway.conversations import labels as deeds

label_list = Blueprint("label_list", __name__, url_prefix="/settings/labels")


@label_list.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(_blank())


@label_list.post("")
@page(writes=MANAGERS)
def add() -> ResponseReturnValue:
    return _keep(None)


@label_list.post("/<uuid:label_id>")
@page(writes=MANAGERS)
def save(label_id: UUID) -> ResponseReturnValue:
    return _keep(regions.mine(Label, label_id))


@label_list.post("/<uuid:label_id>/remove")
@page(writes=MANAGERS)
def remove(label_id: UUID) -> ResponseReturnValue:
    label = regions.mine(Label, label_id)
    guard.note("Removed a label", {"label": label.name})
    flash(f"{label.name}: removed.", "good")
    deeds.remove(guard.tenant_session(), label)
    return redirect(url_for("label_list.show"), 303)


def _keep(label: Label | None) -> ResponseReturnValue:
    typed = {"name": request.form.get("name", ""), "color": request.form.get("color", "")}
    was = label.name if label else None
    try:
        kept = deeds.keep(guard.tenant_session(), label, typed["name"], typed["color"])
    except deeds.LabelError as error:
        guard.tenant_session().rollback()
        return _page(Form(typed, {error.field: str(error)}), label.id if label else None), 422
    guard.note("Changed a label" if was else "Added a label", {"label": kept.name, "before": was})
    flash(f"{kept.name}: saved.", "good")
    return redirect(url_for("label_list.show"), 303)


def _page(form: Form, label_id: UUID | None = None) -> str:
    """`label_id` is the label whose form it is; None for the form of a new one."""
    used = deeds.counted(guard.tenant_session())
    new = _blank() if label_id else form
    return render_template(
        "settings/labels.html", used=used, form=form, new=new, label_id=label_id, colors=deeds.COLORS
    )


def _blank() -> Form:
    return Form({"name": "", "color": "blue"})
