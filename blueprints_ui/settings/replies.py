"""Settings → Saved replies: what the crew puts into an answer with a slash, with a live preview."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard, regions
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.settings import keeping
from hallway.playbooks import preview
from hallway.playbooks import saved_replies as deeds
from hallway.playbooks.keys import SAVED_REPLY
from hallway.playbooks.models import SavedReply
from tenants.models import ROLES

saved_replies = Blueprint("saved_replies", __name__, url_prefix="/settings/replies")
LONGEST = 4000


@saved_replies.get("")
@page()
def show() -> ResponseReturnValue:
    filled = deeds.filled(guard.tenant_session(), g.tenant, "Dana", g.who.name)
    return render_template("settings/replies.html", replies=deeds.every(guard.tenant_session()), filled=filled)


@saved_replies.get("/new")
@page()
def begin() -> ResponseReturnValue:
    return _page(None, Form({"name": "", "source": ""}))


@saved_replies.post("/new")
@page(writes=MANAGERS)
def add() -> ResponseReturnValue:
    return _keep(None)


@saved_replies.get("/<uuid:reply_id>")
@page()
def edit(reply_id: UUID) -> ResponseReturnValue:
    reply = regions.mine(SavedReply, reply_id)
    return _page(reply, Form({"name": reply.name, "source": reply.source}))


@saved_replies.post("/<uuid:reply_id>")
@page(writes=MANAGERS)
def save(reply_id: UUID) -> ResponseReturnValue:
    return _keep(regions.mine(SavedReply, reply_id))


@saved_replies.post("/<uuid:reply_id>/remove")
@page(writes=MANAGERS)
def remove(reply_id: UUID) -> ResponseReturnValue:
    reply = regions.mine(SavedReply, reply_id)
    return keeping.remove_noted("saved reply", reply, lambda: guard.tenant_session().delete(reply), url_for(".show"))


@saved_replies.post("/preview")
@page(writes=ROLES)
def show_preview() -> ResponseReturnValue:
    """The fragment beside the editor, while somebody types."""
    return render_template("settings/words_preview.html", shown=_shown(_sent("source")), kind=SAVED_REPLY)


def _keep(reply: SavedReply | None) -> ResponseReturnValue:
    typed, session = {"name": _sent("name"), "source": _sent("source")}, guard.tenant_session()
    again = lambda wrong: (_page(reply, Form(typed, dict(wrong))), 422)  # noqa: E731
    deed = lambda: deeds.keep(session, reply, **typed, by=g.who.name)  # noqa: E731
    return keeping.keep_noted("saved reply", reply, deed, again, url_for(".show"))


def _sent(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST]


def _shown(source: str) -> object:
    return preview(source, SAVED_REPLY.name, deeds.about(guard.tenant_session(), g.tenant)["business"])


def _page(reply: SavedReply | None, form: Form) -> str:
    shown = _shown(form.values["source"]) if form.values["source"] or form.errors else None
    return render_template("settings/reply_edit.html", reply=reply, form=form, shown=shown, kind=SAVED_REPLY)
