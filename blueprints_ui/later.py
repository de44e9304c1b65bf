"""A text that waits for its time: send it now or then, change it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from blueprints_ui import regions
from blueprints_ui.guard import page, tenant_session
from groundwork import clock
from hallway.conversations import Attachment, Message, files, snoozing
from hallway.sending import later as deeds

later = Blueprint("later", __name__)


@later.post("/messages/<uuid:message_id>/later/<any(now,keep,edit,cancel):deed>")
@page()
def decide(message_id: UUID, deed: str) -> ResponseReturnValue:
    """`edit` takes it back and puts its words into the composer, so that the gate is asked about the new ones."""
    message = regions.mine(Message, message_id)
    conversation_id, body = message.conversation_id, message.body
    freed: Sequence[Attachment] = ()
    try:
        chosen = "cancel" if deed == "edit" else deed
        deeds.decide(tenant_session(), message, cast("deeds.Deed", chosen), g.who.name)
    except deeds.GoneError as error:
        return regions.again(conversation_id, str(error))
    if deed == "edit" and message.media:
        freed = files.take_back(tenant_session(), conversation_id, message.id)
    return regions.again(conversation_id, typed=body if deed == "edit" else None, files=freed)


def chosen_time() -> datetime | None:
    """When the composer's form asks to send: one of the usual times or a picked one; None for now.

    Raises SnoozeError for a time that makes no sense.
    """
    chosen = request.form.get("later", "")
    if not chosen:
        return None
    return snoozing.moment(g.tenant, clock.now(), chosen, request.form.get("later_at", ""), snoozing.TEXT_MORNING)
