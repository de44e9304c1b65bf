"""The calendar feed: visits for whoever holds its address, which nobody can guess."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from hallway.appointments import ical

calendar_feed = Blueprint("calendar_feed", __name__)


@calendar_feed.get("/calendar/<token>.ics")
@guard.token_page
def feed(token: str) -> ResponseReturnValue:
    """404 for every wrong address, alike for one that was taken back and one that never was."""
    session = guard.tenant_session()
    if not ical.opens(session, token):
        abort(404, "There is no calendar at this address (any more).")
    answer = Response(ical.feed(session), mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
