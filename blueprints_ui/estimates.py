"""Estimates: the list, a table in and out, and what one tells about them in a thread."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from blueprints_ui import reading, regions
from blueprints_ui.guard import note, page, tenant_session
from hallway import estimates
from hallway.estimates import BadEstimateError, Draft, Estimate, Row

estimate_pages = Blueprint("estimate_pages", __name__)
STATES = {"sent": "Open", "accepted": "Accepted", "declined": "Declined"}
DEEDS = {"accepted": estimates.accepted, "declined": estimates.declined}
TYPED = ("amount", "number", "title", "link", "agreed")
MOST_PAGES = 1000


@estimate_pages.get("/estimates")
@page()
def show() -> ResponseReturnValue:
    return _page()


@estimate_pages.get("/estimates.csv")
@page()
def download() -> ResponseReturnValue:
    answer = Response(estimates.as_table(tenant_session()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="estimates.csv"'
    return answer


@estimate_pages.post("/estimates/import")
@page()
def take_table() -> ResponseReturnValue:
    """A CSV file: every row is taken or told why not."""
    file = request.files.get("table")
    if file is None or not file.filename:
        return _page(refusal="Choose a CSV file first."), 422
    try:
        rows = estimates.take_table(tenant_session(), file.read(), g.who.name)
    except estimates.UnreadableTableError as error:
        return _page(refusal=str(error)), 422
    note("Imported estimates", {"rows": len(rows), "file": file.filename[:80]})
    return _page(rows=rows)


@estimate_pages.post("/inbox/<uuid:conversation_id>/estimates")
@page()
def send(conversation_id: UUID) -> ResponseReturnValue:
    """Somebody sent an estimate: amount, number, link."""
    head = reading.find(conversation_id)
    given = {name: request.form.get(name, "").strip() for name in TYPED}
    try:
        about = (given["number"], given["title"], given["link"])
        draft = Draft(estimates.cents(given["amount"]), *about, agreed=given["agreed"])
        estimates.sent(tenant_session(), head.conversation, draft, g.who.name)
    except ValueError as error:
        return regions.again(conversation_id, str(error))
    return regions.again(conversation_id)


@estimate_pages.post("/estimates/<uuid:estimate_id>/<any(accepted, declined):decision>")
@page()
def decide(estimate_id: UUID, decision: str) -> ResponseReturnValue:
    """They said yes or no."""
    estimate = regions.mine(Estimate, estimate_id)
    try:
        DEEDS[decision](tenant_session(), estimate, g.who.name, request.form.get("note", "").strip())
    except BadEstimateError as error:
        return regions.again(estimate.conversation_id, str(error))
    return regions.again(estimate.conversation_id)


def _page(*, rows: list[Row] | None = None, refusal: str | None = None) -> str:
    session, state, wanted = tenant_session(), request.args.get("state", ""), request.args.get("page", "")
    number = min(int(wanted), MOST_PAGES) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 else 0
    state = state if state in STATES else ""
    found, more = estimates.lines(session, state or None, number)
    return render_template(
        "estimates/page.html",
        lines=found,
        more=number + 1 if more else None,
        state=state,
        states=STATES,
        sums=estimates.sums(session),
        rows=rows,
        refusal=refusal,
    )
