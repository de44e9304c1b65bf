"""Set-up, step 6: the texts a missed caller gets, as they read on the phone, to change or leave."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.settings.words import about
from blueprints_ui.setup import frame
from hallway.playbooks import KEYS, lint, own_wording, preview

wording = Blueprint("setup_wording", __name__, url_prefix="/setup/wording")
SHOWN = ("text_back.open", "text_back.after_hours", "text_back.busy")
LONGEST = 4000


@wording.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    session = guard.tenant_session()
    return _page(Form({key: own_wording.source_for(session, g.tenant, key) for key in SHOWN}))


@wording.post("/preview/<key>")
@page(roles=MANAGERS, writes=MANAGERS)
def show_preview(key: str) -> ResponseReturnValue:
    """The fragment under a text while it is typed."""
    key = key if key in SHOWN else SHOWN[0]
    return render_template("settings/words_preview.html", shown=preview(_sent(key), key, about()), kind=KEYS[key])


@wording.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    form = Form({key: _sent(key) for key in SHOWN})
    for key, source in form.values.items():
        wrong = [problem.message for problem in lint(source, key) if problem.level == "error"]
        if wrong:
            form.refuse(key, wrong[0])
    if not form.ok:
        return _page(form), 422
    for key, source in form.values.items():
        if own_wording.save(guard.tenant_session(), g.tenant, key, source, g.who.name):
            guard.note("Changed the wording", {"wording": KEYS[key].label, "now": source})
    return frame.go_on("wording")


def _sent(key: str) -> str:
    return request.form.get(key, "").replace("\r\n", "\n").strip()[:LONGEST]


def _page(form: Form) -> str:
    shown = {key: preview(str(form.values[key]), key, about()) for key in SHOWN}
    return frame.show("wording", form=form, kinds={key: KEYS[key] for key in SHOWN}, shown=shown)
