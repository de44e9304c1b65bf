"""Labels on a conversation: choose them in the thread, filter the inbox by one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints_ui import reading, regions
from blueprints_ui.guard import page, tenant_session
from hallway.conversations import Label, labels

labelling = Blueprint("labelling", __name__)


@labelling.get("/inbox/labels")
@page()
def filters() -> ResponseReturnValue:
    """The labels one can narrow the list to, for its menu."""
    return render_template("inbox/labels.html", labels=labels.every(tenant_session()))


@labelling.get("/inbox/<uuid:conversation_id>/labels")
@page()
def choose(conversation_id: UUID) -> ResponseReturnValue:
    """Every label, those on this conversation ticked."""
    head = reading.find(conversation_id)
    worn = {one.id for one in head.labels}
    every = labels.every(tenant_session())
    return render_template("thread/labels.html", conversation_id=conversation_id, labels=every, worn=worn)


@labelling.post("/inbox/<uuid:conversation_id>/labels/<uuid:label_id>")
@page()
def put(conversation_id: UUID, label_id: UUID) -> ResponseReturnValue:
    """Put it on, or with `off` take it away."""
    reading.find(conversation_id)
    label = regions.mine(Label, label_id)
    deed = labels.take_off if request.form.get("off") else labels.put_on
    deed(tenant_session(), label, [conversation_id])
    return regions.again(conversation_id)
