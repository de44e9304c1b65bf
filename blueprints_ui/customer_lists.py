"""Customers from a spreadsheet: choose a file, look at it, say how they agreed, and watch it being taken in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from blueprints_ui import guard, regions
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.security import limiter
from groundwork import sheets
from groundwork.sheets import UnreadableError
from hallway.lists import CustomerList, agreeing, columns, looking, receiving, running, undoing

customer_lists = Blueprint("customer_lists", __name__, url_prefix="/lists")
BESIDES_THE_FILE = 100_000  # bytes of the form around it


@customer_lists.before_request
def _take_large_files() -> None:
    if request.endpoint == "customer_lists.upload":
        request.max_content_length = receiving.MOST_BYTES + BESIDES_THE_FILE


@customer_lists.get("")
@page(roles=MANAGERS)
def choose() -> ResponseReturnValue:
    return _choose()


@customer_lists.post("")
@page(roles=MANAGERS, writes=MANAGERS)
@limiter.limit("30 per hour")
def upload() -> ResponseReturnValue:
    """The file is kept and guessed at; nobody is stored yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _choose("Choose a file first."), 422
    try:
        list_ = receiving.receive(guard.tenant_session(), file.stream, file.filename, g.who.name)  # type: ignore[arg-type]
    except UnreadableError as error:
        guard.tenant_session().rollback()
        return _choose(str(error)), 422
    guard.note("Uploaded a customer list", {"file": list_.name, "rows": list_.rows})
    return _to(list_)


@customer_lists.get("/<uuid:list_id>")
@page(roles=MANAGERS)
def show(list_id: UUID) -> ResponseReturnValue:
    list_ = regions.mine(CustomerList, list_id)
    if list_.state == "chosen":
        return _look(list_, Form({"method": "paper"}))
    return render_template("lists/result.html", list=list_, choices=agreeing.CHOICES)


@customer_lists.get("/<uuid:list_id>/progress")
@page(roles=MANAGERS)
def progress(list_id: UUID) -> ResponseReturnValue:
    """The fragment that tells how far it is."""
    return render_template("lists/standing.html", list=regions.mine(CustomerList, list_id))


@customer_lists.post("/<uuid:list_id>/columns")
@page(roles=MANAGERS, writes=MANAGERS)
def save_columns(list_id: UUID) -> ResponseReturnValue:
    """What each column is; the look below is made anew."""
    list_ = _chosen(list_id)
    typed = [field if field in columns.FIELDS else "" for field in request.form.getlist("field")]
    list_.fields = (typed + [""] * len(list_.heads))[: len(list_.heads)]
    guard.note("Said what the columns of a customer list are", {"file": list_.name})
    return _to(list_)


@customer_lists.post("/<uuid:list_id>/start")
@page(roles=MANAGERS, writes=MANAGERS)
def start(list_id: UUID) -> ResponseReturnValue:
    list_ = _chosen(list_id)
    typed = {name: request.form.get(name, "") for name in ("consent", "wording", "method")}
    try:
        looking.check(list_.fields)
        agreeing.check(typed["consent"], typed["wording"], typed["method"])
    except agreeing.ConsentError as error:
        return _look(list_, Form(typed, {error.field: str(error)})), 422
    running.start(guard.tenant_session(), list_, **typed)
    guard.note("Imported a customer list", {"file": list_.name, "rows": list_.rows, "agreed": typed["consent"]})
    return _to(list_)


@customer_lists.post("/<uuid:list_id>/<any(undo, go_on, discard):deed>")
@page(roles=MANAGERS, writes=MANAGERS)
def change(list_id: UUID, deed: str) -> ResponseReturnValue:
    """Take it back, go on after a failure, or forget a file that was never started."""
    session, list_ = guard.tenant_session(), regions.mine(CustomerList, list_id)
    if deed == "undo" and list_.state in ("done", "failed"):
        undoing.undo(session, list_)
        guard.note("Took a customer list back", {"file": list_.name})
    elif deed == "go_on" and list_.state == "failed":
        running.go_on(session, list_)
        guard.note("Went on with a customer list", {"file": list_.name})
    elif deed == "discard" and list_.state == "chosen":
        guard.note("Discarded a customer list", {"file": list_.name})
        session.delete(list_)
        flash("The file is gone. Nobody was stored.", "good")
        return redirect(url_for("customer_lists.choose"), 303)
    return _to(list_)


@customer_lists.get("/<uuid:list_id>/rejected.csv")
@page(roles=MANAGERS)
def rejected(list_id: UUID) -> ResponseReturnValue:
    """The rows that were not taken, as they stood, with the reason before them."""
    list_ = regions.mine(CustomerList, list_id)
    answer = Response(_as_csv(g.tenant.id, list_), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="rejected-rows.csv"'
    return answer


def _as_csv(tenant_id: UUID, list_: CustomerList) -> Iterator[str]:
    yield "\ufeff" + _line(["Row", "Reason", *list_.heads])
    for number, why, cells in looking.rejects(tenant_id, list_.id):
        yield _line([str(number), why, *cells])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([sheets.safe_cell(cell) for cell in cells])
    return out.getvalue()


def _chosen(list_id: UUID) -> CustomerList:
    """A list that waits to be started; one that runs already is shown instead."""
    list_ = regions.mine(CustomerList, list_id)
    if list_.state != "chosen":
        raise Conflict("This list was started already.")
    return list_


def _choose(refused: str | None = None) -> str:
    return render_template("lists/choose.html", lists=looking.latest(guard.tenant_session()), refused=refused)


def _look(list_: CustomerList, form: Form) -> str:
    found = looking.look(guard.tenant_session(), list_)
    more: dict[str, Any] = {"choices": agreeing.CHOICES, "methods": list(agreeing.METHODS.items())}
    return render_template("lists/look.html", list=list_, found=found, form=form, fields=columns.FIELDS, **more)


def _to(list_: CustomerList) -> ResponseReturnValue:
    return redirect(url_for("customer_lists.show", list_id=list_.id), 303)
