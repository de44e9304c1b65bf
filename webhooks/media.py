"""GET /hooks/media/<token>: a file of a text, for the carrier, who has no log-in but a signed link."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response
from sqlalchemy import select

from groundwork import scope
from groundwork.database import open_session
from hallway.channels import media_links
from hallway.conversations import Attachment

door = Blueprint("media", __name__, url_prefix="/media")
GONE = "This link is not good (any more)."


@door.get("/<token>")
def fetch(token: str) -> Response:
    structlog.contextvars.clear_contextvars()
    linked = media_links.read(token)
    row = _file(linked) if linked else None
    if row is None or row[0] is None:
        return Response(GONE, 404, mimetype="text/plain")
    data, kind, name = row
    answer = Response(data, mimetype=kind)
    answer.headers.set("Content-Disposition", "inline", filename=name or "file")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _file(linked: media_links.Linked) -> tuple[bytes | None, str, str | None] | None:
    """Only what goes with a message: a file somebody is still thinking about is nobody's."""
    sent = (Attachment.id == linked.attachment_id, Attachment.message_id.is_not(None))
    columns = (Attachment.data, Attachment.content_type, Attachment.name)
    with open_session(scope.tenant(linked.tenant_id)) as session:
        row = session.execute(select(*columns).where(*sent)).first()
    return (row[0], row[1], row[2]) if row else None
