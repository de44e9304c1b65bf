"""Set-up, step 2: the blueprint. Which moments leak, who answers, what software; and the playbook it leads to."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame
from groundwork.database import Json
from hallway.setup import blueprint, steps
from tenants.businesses import TRADES

leaks = Blueprint("setup_leaks", __name__, url_prefix="/setup/leaks")
MOMENTS = [leak.moment for leak in blueprint.LEAKS]
PROPOSED: Json = {
    "leaks": ["missed_call", "form", "estimate", "no_show"],
    "who": "me",
    "software": "none",
    "reminds": False,
    "wording": blueprint.SHORT,
}


class LeaksForm(Schema):
    leaks = fields.List(fields.Str(validate=validate.OneOf(MOMENTS, error="Choose from the list.")))
    who = fields.Str(required=True, validate=validate.OneOf(list(blueprint.WHO), error="Choose who answers."))
    software = fields.Str(required=True, validate=validate.OneOf(list(blueprint.SOFTWARE), error="Choose one."))
    reminds = fields.Bool()
    wording = fields.Str(required=True, validate=validate.OneOf(list(blueprint.COMPLIANCE), error="Choose one."))


@leaks.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    return _page(Form({**PROPOSED, **steps.of(guard.tenant_session()).answers}))


@leaks.post("/proposal")
@page(roles=MANAGERS, writes=MANAGERS)
def proposal() -> ResponseReturnValue:
    """The fragment beside the questions: what these answers would switch on."""
    form = forms.read(LeaksForm())
    return render_template("setup/proposal.html", lines=blueprint.propose(form.values), trade=TRADES[g.tenant.trade])


@leaks.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    form = forms.read(LeaksForm())
    if not form.ok:
        return _page(form), 422
    session, answers = guard.tenant_session(), form.loaded
    steps.of(session).answers = answers
    blueprint.apply(session, g.tenant, answers, g.who.name)
    guard.note("Answered the blueprint", answers)
    return frame.go_on("leaks")


def _page(form: Form) -> str:
    return frame.show(
        "leaks",
        form=form,
        leaks=blueprint.LEAKS,
        who_answers=list(blueprint.WHO.items()),
        software=list(blueprint.SOFTWARE.items()),
        compliance=[(value, words, None) for value, words in blueprint.COMPLIANCE.items()],
        lines=blueprint.propose(form.values),
        trade=TRADES[g.tenant.trade],
    )
