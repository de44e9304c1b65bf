"""Settings → Activity: what administrators and the agency did here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from tenants import audit, members

activity = Blueprint("activity", __name__, url_prefix="/settings/activity")


@activity.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    """A page of entries, newest first; `before` continues after the last one shown."""
    agency_only, session = request.args.get("who") == "agency", guard.tenant_session()
    by, words = request.args.get("by", type=UUID), request.args.get("q", "").strip()[:80]
    entries = audit.latest(session, _before(), agency_only=agency_only, by=by, words=words)
    more = f"{entries[-1].created_at.isoformat()}~{entries[-1].id}" if len(entries) == audit.PAGE else None
    return render_template(
        "settings/activity.html",
        entries=entries,
        more=more,
        agency_only=agency_only,
        form=Form({"by": by, "q": words}),
        people=[("", "Everybody"), *((one.user_id, one.name) for one in members.members(session))],
    )


def _before() -> tuple[datetime, UUID] | None:
    given = request.args.get("before")
    if not given:
        return None
    at, _, entry_id = given.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(entry_id)
    except ValueError:
        abort(400)
