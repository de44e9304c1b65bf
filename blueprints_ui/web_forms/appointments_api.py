"""Visits as JSON, for the program a business plans them with: booked, moved and changed by their ids there."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import public_page, tenant_session
from blueprints_ui.security import limiter
from blueprints_ui.web_forms import door
from blueprints_ui.web_forms.door import Problem
from groundwork.database import Json
from hallway.appointments import importing

appointments_api = Blueprint("appointments_api", __name__, url_prefix="/api/appointments")
door.tell_problems(appointments_api)
BY = "API"


@appointments_api.post("")
@limiter.limit("1200 per hour", key_func=lambda: f"api appointments {request.remote_addr}")
@public_page
def take_in() -> ResponseReturnValue:
    """{"appointments": [{phone or email, date, from, ...}], "tell": false}: good rows are kept, the others told."""
    door.needed_key("appointments:write")
    sent = door.body()
    return door.once(lambda: _take_in(sent))


def _take_in(sent: Json) -> Response:
    listed, tell = sent.get("appointments"), sent.get("tell", False)
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        words = "This has to be a list of objects, each with a phone or e-mail, date and from."
        raise Problem(422, "Send the visits as a list.", {"appointments": words})
    if not isinstance(tell, bool):
        raise Problem(422, "tell is true or false.", {"tell": "Whether people are texted about the visits now."})
    if len(listed) > importing.MOST_ROWS:
        raise Problem(413, f"Send up to {importing.MOST_ROWS:,} at once.")
    rows = importing.check(tenant_session(), listed)
    wrong = {row.number - 2: row.errors for row in rows if row.errors}
    if len(wrong) == len(rows):
        errors = {f"appointments[{place}]": " ".join(said) for place, said in wrong.items()}
        raise Problem(422, "No visit could be taken in.", errors)
    outcome = importing.take_in(tenant_session(), rows, "api", BY, tell=tell)
    counts = {"booked": outcome.booked, "changed": outcome.changed, "known": outcome.known}
    told = [{"row": place, "errors": said} for place, said in wrong.items()]
    return door.answer({**counts, "errors": told}, 201 if outcome.booked else 200)
