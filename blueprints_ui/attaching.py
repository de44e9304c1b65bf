"""Files for the next message: taken in at once, so that what cannot be sent is told before anything is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from blueprints_ui import reading, regions
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.security import limiter
from hallway.conversations import Attachment, files

attaching = Blueprint("attaching", __name__)


@attaching.post("/inbox/<uuid:conversation_id>/files")
@limiter.limit("120 per minute")
@page()
def add(conversation_id: UUID) -> ResponseReturnValue:
    """Keep what was chosen, dropped or pasted (`file`, several); what each became, to stand in the composer."""
    reading.find(conversation_id)
    kept, refused = [], []
    for one in request.files.getlist("file")[: files.MOST]:
        try:
            kept.append(files.keep(tenant_session(), conversation_id, one.filename or "", one.read(files.LARGEST + 1)))
        except files.FileError as error:
            refused.append(str(error))
    return render_template("thread/files.html", files=kept, refused_files=refused)


@attaching.post("/attachments/<uuid:attachment_id>/remove")
@page()
def remove(attachment_id: UUID) -> ResponseReturnValue:
    """Away with a file that has not gone with any message."""
    row = regions.mine(Attachment, attachment_id)
    if row.message_id or row.call_id:
        raise NotFound("This file is part of a message and stays.")
    tenant_session().delete(row)
    return ""


def chosen(conversation_id: UUID) -> Sequence[Attachment]:
    """The files the composer's form names. Raises FileError when one is gone."""
    ids = [regions.id_(one) for one in request.form.getlist("attachment")]
    return files.chosen(tenant_session(), conversation_id, ids) if ids else ()
