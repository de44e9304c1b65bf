"""Settings → Wording: what is said, key by key, with a live preview."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from groundwork import clock, phones
from groundwork.database import Json
from hallway.channels.numbers import numbers
from hallway.playbooks import KEYS, Key, default_wording, lint, own_wording, preview
from tenants import hours
from tenants.businesses import TRADES
from tenants.models import ROLES

words = Blueprint("words", __name__, url_prefix="/settings/wording")
LONGEST = 4000


@words.get("")
@page()
def show() -> ResponseReturnValue:
    """Every key with what it says now."""
    session = guard.tenant_session()
    named, own = about(), own_wording.own_wordings(session)
    sources = {name: own[name].source if name in own else default_wording(g.tenant.trade, name) for name in KEYS}
    said = {name: preview(source, name, named) for name, source in sources.items()}
    return render_template("settings/words.html", keys=KEYS, own=own, said=said, trades=TRADES)


@words.get("/<key>")
@page()
def edit(key: str) -> ResponseReturnValue:
    kind = _key(key)
    return _page(kind, Form({"source": own_wording.source_for(guard.tenant_session(), g.tenant, key)}))


@words.post("/<key>")
@page(writes=MANAGERS)
def save(key: str) -> ResponseReturnValue:
    """Save unless it would break; a warning is shown and saved."""
    kind, source = _key(key), _sent()
    errors = [problem for problem in lint(source, key) if problem.level == "error"]
    if errors:
        return _page(kind, Form({"source": source}, {"source": "Not saved yet: mend what is marked below."})), 422
    if own_wording.save(guard.tenant_session(), g.tenant, key, source, g.who.name):
        guard.note("Changed the wording", {"wording": kind.label, "now": source})
    flash(f"{kind.label}: saved.", "good")
    return redirect(url_for("words.show", _anchor=key), 303)


@words.post("/<key>/preview")
@page(writes=ROLES)
def show_preview(key: str) -> ResponseReturnValue:
    """The fragment beside the editor, while somebody types."""
    _key(key)
    return render_template("settings/words_preview.html", shown=preview(_sent(), key, about()), kind=KEYS[key])


@words.post("/<key>/reset")
@page(writes=MANAGERS)
def reset(key: str) -> ResponseReturnValue:
    kind = _key(key)
    if own_wording.reset(guard.tenant_session(), key):
        guard.note("Went back to the trade's wording", {"wording": kind.label})
    flash(f"{kind.label}: back to the words of your trade.", "good")
    return redirect(url_for("words.edit", key=key), 303)


def _key(name: str) -> Key:
    if name not in KEYS:
        abort(404)
    return KEYS[name]


def _sent() -> str:
    return request.form.get("source", "").replace("\r\n", "\n").strip()[:LONGEST]


def about() -> Json:
    """What a template may name of this business, with its real values."""
    active = [number.e164 for number in numbers(guard.tenant_session()) if number.active]
    phone = active[0] if active else g.tenant.phone
    reopens = hours.reopens_in_words(g.tenant, clock.now())
    return {"name": g.tenant.name, "phone": phones.pretty(phone) if phone else "(512) 555-0100", "reopens": reopens}


def _page(kind: Key, form: Form) -> str:
    default = default_wording(g.tenant.trade, kind.name)
    return render_template(
        "settings/words_edit.html",
        kind=kind,
        form=form,
        shown=preview(form.values["source"], kind.name, about()),
        default=default,
        is_own=own_wording.source_for(guard.tenant_session(), g.tenant, kind.name) != default,
        trade=TRADES.get(g.tenant.trade, g.tenant.trade),
    )
