"""What one does about follow-up in a thread: take a person out of a sequence."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from blueprints_ui import reading, regions
from blueprints_ui.guard import page, tenant_session
from hallway import followup

follow_up = Blueprint("follow_up", __name__)


@follow_up.post("/inbox/<uuid:conversation_id>/follow-up/<uuid:enrollment_id>/stop")
@page()
def stop(conversation_id: UUID, enrollment_id: UUID) -> ResponseReturnValue:
    """End one sequence for this person, with what it has queued; a second time changes nothing."""
    reading.find(conversation_id)
    if not followup.stop_one(tenant_session(), conversation_id, enrollment_id, f"{g.who.name} stopped it."):
        abort(404)
    return regions.again(conversation_id)
