"""Tasks: whom a person has to call back, and which replies to judge."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import page, tenant_session
from hallway.insight import home

tasks = Blueprint("tasks", __name__)
SHOWN = 200


@tasks.get("/tasks")
@page()
def show() -> ResponseReturnValue:
    """Open tasks, the oldest first, and what was done lately."""
    session = tenant_session()
    return render_template("tasks/page.html", open_tasks=home.open_tasks(session, SHOWN), done=home.done_tasks(session))
