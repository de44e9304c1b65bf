"""Whether texts go out at all: the bar over every page while they do not, and starting again."""

from __future__ import annotations

import json

from flask import Blueprint, flash, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blueprints_ui.guard import MANAGERS, note, page, tenant_session
from hallway import sending
from hallway.conversations import Task, finish_task

standing = Blueprint("standing", __name__)


@standing.get("/standing")
@page()
def show() -> ResponseReturnValue:
    """The bar again, after something happened; empty while texts go out."""
    return render_template("standing.html")


@standing.post("/standing/resume")
@page(writes=MANAGERS)
def resume() -> ResponseReturnValue:
    """What was wrong is mended: texts that were held, and are still good, go now."""
    session, words = tenant_session(), "Texts go out again."
    if g.tenant.sending_stopped_reason:
        note("Resumed sending", {"was stopped because": g.tenant.sending_stopped_reason})
        sending.resume(session)
        for task in session.scalars(select(Task).where(Task.kind == "fix_sending", Task.done_at.is_(None))):
            finish_task(session, task, g.who.name)
    if request.headers.get("HX-Request-Type") != "partial":
        flash(words, "good")
        return redirect("/home", code=303)
    answer = make_response(render_template("standing.html"))
    answer.headers["HX-Trigger"] = json.dumps({"toast": {"words": words, "tone": "good"}})
    return answer
