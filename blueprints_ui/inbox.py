"""The inbox: the list in its views, and the page around a thread."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from werkzeug.exceptions import BadRequest, NotFound

from blueprints_ui import regions
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.reading import open_thread
from groundwork import clock, config
from hallway import contacts
from hallway.conversations import Label, labels
from hallway.conversations import inbox as queries
from hallway.conversations.inbox import BadCursorError
from hallway.insight import home

inbox = Blueprint("inbox", __name__)
VIEW_WORDS = {"all": "All", "waiting": "Waiting", "mine": "Mine", "unassigned": "Unassigned"}
# Lists one looks into now and then; they stand in the menu beside the others.
MORE_WORDS = {"snoozed": "Snoozed", "mentioned": "Notes that mention you", "closed": "Closed"}
STEP_WORDS = {
    "missed": "Missed today",
    "texted": "Texted back today",
    "replied": "Replied today",
    "answered": "Answered by a person today",
    "booked": "Booked today",
}
SOURCE_WORDS = {
    "call": "Call",
    "missed_call": "Missed call",
    "text": "Text",
    "form": "Form",
    "staff": "Your own phone",
    "api": "API",
}
# Minutes of waiting for a person after which the clock turns yellow, then red: answers within five minutes win
# most leads (Oldroyd, "The Short Life of Online Sales Leads", Harvard Business Review, March 2011).
SLOW, LATE = 5, 30


@inbox.get("/inbox")
@page()
def show_list() -> ResponseReturnValue:
    """The list, and nothing open beside it."""
    return render_template("inbox/page.html", reading=None, **_list())


@inbox.get("/inbox/list")
@page()
def lines() -> ResponseReturnValue:
    """The rows alone: the next page (`cursor`), or all rows on a screen again (`rows`)."""
    return render_template("inbox/lines.html", fragment=True, **_list())


@inbox.get("/inbox/<uuid:conversation_id>")
@page()
def show_thread(conversation_id: UUID) -> ResponseReturnValue:
    """The list with one thread open; as a fragment, the thread and what stands beside it."""
    try:
        reading = open_thread(conversation_id, request.args.get("message"))
    except NotFound:
        now = contacts.now_in(tenant_session(), conversation_id)
        if now == conversation_id:
            raise
        return redirect(url_for("inbox.show_thread", conversation_id=now), 303)
    if request.headers.get("HX-Request-Type") == "partial":
        return render_template("thread/opened.html", reading=reading, view=_view(), step=_step())
    return render_template("inbox/page.html", reading=reading, **_list(conversation_id))


def _list(open_id: UUID | None = None) -> dict[str, Any]:
    view, step, label, member_id = _view(), _step(), _label(), g.who.member_id
    rows = request.args.get("rows", queries.PAGE, type=int)
    try:
        found = queries.page(
            tenant_session(),
            view,
            member_id,
            cursor=request.args.get("cursor"),
            limit=max(rows, queries.PAGE),
            among=_among(step, label),
        )
    except BadCursorError as error:
        raise BadRequest(str(error)) from error
    return {
        "found": found,
        "view": view,
        "step": step,
        "label": label,
        "step_words": STEP_WORDS,
        "view_words": VIEW_WORDS,
        "more_words": MORE_WORDS,
        "open_id": str(open_id or request.args.get("open", "")),
        "counts": queries.counts(tenant_session(), member_id),
        "sandbox_url": config.settings().sandbox_url,
    }


def _among(step: str | None, label: Label | None) -> Select[Any] | None:
    if label:
        return labels.carrying(label.id)
    return home.conversations_of(g.tenant, clock.now(), step) if step else None


def _view() -> str:
    view = request.args.get("view", "all")
    if view not in queries.VIEWS:
        raise NotFound("The inbox has no such list.")
    return view


def _step() -> str | None:
    step = request.args.get("today")
    if step is not None and step not in home.STEPS:
        raise NotFound("The inbox has no such list.")
    return step


def _label() -> Label | None:
    """The label the list is narrowed to; asked of the database only where there is one."""
    given = request.args.get("label", "")
    return regions.mine(Label, regions.id_(given)) if given else None


@inbox.app_template_filter("waited")
def waited(since: datetime, now: datetime | None = None) -> str:
    """ "now", "4 min", "3 h", "2 days": how long somebody waits."""
    minutes = int(((now or clock.now()) - since).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min" if minutes > 0 else "now"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


@inbox.app_template_filter("waiting_tone")
def waiting_tone(since: datetime, now: datetime | None = None) -> str:
    minutes = ((now or clock.now()) - since).total_seconds() / 60
    return "good" if minutes < SLOW else "warn" if minutes < LATE else "bad"


@inbox.app_template_filter("source_words")
def source_words(source: str) -> str:
    return SOURCE_WORDS.get(source, source.replace("_", " ").capitalize())


@inbox.app_template_filter("capped")
def capped(number: int) -> str:
    return f"{queries.CAP - 1}+" if number >= queries.CAP else str(number)
