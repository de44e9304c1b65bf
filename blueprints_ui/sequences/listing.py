"""Follow-up: every sequence by the moment that starts it, with who is inside and what came of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from blueprints_ui import guard, regions
from blueprints_ui.guard import MANAGERS, page, tenant_session
from hallway.followup import MOMENTS, Sequence, sequences, switching
from hallway.insight.sequences import overview
from tenants.businesses import TRADES

sequence_list = Blueprint("sequence_list", __name__, url_prefix="/sequences")
# What starts each, in the words of the list.
STARTS = {
    "missed_call": "Somebody called, nobody picked up, and our text-back went out.",
    "form": "Somebody filled in a form.",
    "estimate": "An estimate was sent.",
    "chat": "Somebody left a chat without an end.",
    "no_show": "Somebody was not there for their appointment.",
    "past_customer": "A customer was not heard of for a long time.",
}
NAMES = {str(kind): words for kind, words in MOMENTS.items()}


@sequence_list.get("")
@page()
def show() -> ResponseReturnValue:
    """The sequences; moments without one say how to begin."""
    found = overview(tenant_session())
    there = {one.sequence.moment for one in found}
    missing = [words for kind, words in MOMENTS.items() if kind not in there]
    words = {"starts": STARTS, "trade": TRADES.get(g.tenant.trade, g.tenant.trade)}
    return render_template("sequences/list.html", found=found, missing=missing, **words)


@sequence_list.post("/install")
@page(writes=MANAGERS)
def install() -> ResponseReturnValue:
    """Start from the trade's playbook; what is there already stays as it is."""
    for kind in MOMENTS:
        sequences.install(tenant_session(), kind)
    guard.note("Took over the sequences of the trade's playbook")
    flash("The sequences of your trade are here. Read them before you leave them on.", "good")
    return redirect(url_for("sequence_list.show"), 303)


@sequence_list.post("/<uuid:sequence_id>/switch")
@page(writes=MANAGERS)
def switch(sequence_id: UUID) -> ResponseReturnValue:
    """On, or off: `to` is on, finish (those inside finish) or stop (they stop now)."""
    sequence, to = regions.mine(Sequence, sequence_id), request.form.get("to")
    if to not in ("on", "finish", "stop"):
        raise BadRequest("Choose what happens to the people inside.")
    stopped = switching.switch(tenant_session(), sequence, on=to == "on", stop_inside=to == "stop")
    guard.note("Switched a sequence on" if to == "on" else "Switched a sequence off", {"sequence": sequence.name})
    flash(_said(sequence, to, stopped), "good")
    if request.form.get("back") == "editor":
        return redirect(url_for("sequence_editor.edit", sequence_id=sequence.id), 303)
    return redirect(url_for("sequence_list.show"), 303)


def _said(sequence: Sequence, to: str, stopped: int) -> str:
    if to == "on":
        return f"{sequence.name} is on."
    if to == "finish":
        return f"{sequence.name} is off: nobody new enters, and who is inside finishes."
    return f"{sequence.name} is off, and {stopped} {'person was' if stopped == 1 else 'people were'} stopped."
