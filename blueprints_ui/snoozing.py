"""Put a conversation aside until a time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from blueprints_ui import reading, regions
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.plain_words import moment as in_words
from groundwork import clock
from hallway.conversations import snoozing as deeds

snoozing = Blueprint("snoozing", __name__)


@snoozing.post("/inbox/<uuid:conversation_id>/snooze")
@page()
def snooze(conversation_id: UUID) -> ResponseReturnValue:
    """Until one of the usual times (`until`), or a picked one (`at`, by the business's clock)."""
    head = reading.find(conversation_id)
    try:
        until = deeds.moment(g.tenant, clock.now(), request.form.get("until", ""), request.form.get("at", ""))
    except deeds.SnoozeError as error:
        return regions.again(conversation_id, str(error))
    deeds.snooze(tenant_session(), head.conversation, until, g.who)
    return regions.again(conversation_id, f"Put aside until {in_words(until)}.", tone="good")
