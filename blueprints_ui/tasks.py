"""Tasks: whom a person has to call back, and which replies to judge."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from blueprints_ui import regions
from blueprints_ui.guard import page, tenant_session
from groundwork import live
from hallway import inbound
from hallway.conversations import Task, finish_task
from hallway.insight import home

tasks = Blueprint("tasks", __name__)
SHOWN = 200


@tasks.get("/tasks")
@page()
def show() -> ResponseReturnValue:
    """Open tasks, the oldest first, and what was done lately."""
    session = tenant_session()
    waiting = home.open_tasks(session, SHOWN)
    said = home.said(session, waiting)
    return render_template("tasks/page.html", open_tasks=waiting, said=said, done=home.done_tasks(session))


@tasks.post("/tasks/<uuid:task_id>/done")
@page()
def finish(task_id: UUID) -> ResponseReturnValue:
    """Done: back to its thread, or to the list of tasks it was ticked off on."""
    task = regions.mine(Task, task_id)
    finish_task(tenant_session(), task, g.who.name)
    return _back(task)


@tasks.post("/tasks/<uuid:task_id>/decide")
@page()
def decide(task_id: UUID) -> ResponseReturnValue:
    """A person has read a doubtful reply: `opted_out` is yes or no."""
    task, answer = regions.mine(Task, task_id), request.form.get("opted_out")
    if task.kind != "review_reply" or answer not in ("yes", "no"):
        raise BadRequest("Choose whether they want us to stop.")
    if task.done_at is None:
        inbound.decide_review(tenant_session(), task, opted_out=answer == "yes", by=g.who.name)
    return _back(task)


@tasks.post("/tasks/<uuid:task_id>/sort")
@page()
def sort(task_id: UUID) -> ResponseReturnValue:
    """A person has looked at a mail that was set aside: `keep` is yes or no."""
    task, answer = regions.mine(Task, task_id), request.form.get("keep")
    if task.kind != "sort_mail" or answer not in ("yes", "no"):
        raise BadRequest("Choose what becomes of this mail.")
    conversation = inbound.sort_mail(tenant_session(), task, keep=answer == "yes", by=g.who.name)
    return redirect(f"/inbox/{conversation.id}" if conversation else "/tasks", code=303)


def _back(task: Task) -> ResponseReturnValue:
    if task.conversation_id:
        live.tell(tenant_session(), "conversation", task.conversation_id)
    if task.conversation_id and request.form.get("from") == "thread":
        return regions.again(task.conversation_id)
    return redirect("/tasks", code=303)


@tasks.app_template_test("to_judge")
def to_judge(task: Task) -> bool:
    """A reply that may be a wish to stop. A wrong number is stopped already; that one is only read."""
    return task.kind == "review_reply" and not task.rule.startswith("wrong_number")
