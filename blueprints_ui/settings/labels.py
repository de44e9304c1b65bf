"""Settings → Labels: the business's own words for sorting conversations."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard, regions
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.settings import keeping
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
    return keeping.remove_noted("label", label, lambda: deeds.remove(guard.tenant_session(), label), url_for(".show"))


def _keep(label: Label | None) -> ResponseReturnValue:
    typed = {"name": request.form.get("name", ""), "color": request.form.get("color", "")}
    id_, session = label.id if label else None, guard.tenant_session()
    again = lambda wrong: (_page(Form(typed, dict(wrong)), id_), 422)  # noqa: E731
    return keeping.keep_noted("label", label, lambda: deeds.keep(session, label, **typed), again, url_for(".show"))


def _page(form: Form, label_id: UUID | None = None) -> str:
    """`label_id` is the label whose form it is; None for the form of a new one."""
    used = deeds.counted(guard.tenant_session())
    new = _blank() if label_id else form
    return render_template(
        "settings/labels.html", used=used, form=form, new=new, label_id=label_id, colors=deeds.COLORS
    )


def _blank() -> Form:
    return Form({"name": "", "color": "blue"})
